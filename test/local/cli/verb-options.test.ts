/** Options of the commands by which a person decides: tables for spreadsheets, hashes, times, and where they refuse by themselves. */
import { describe, expect, it } from "@jest/globals";
import { cannedAnswer, ids } from "./canned.ts";
import { answering, jsonAnswer, spotOn } from "./spot-under-test.ts";

const run = async (
  args: readonly string[],
  answer: (request: Request) => Response = cannedAnswer,
) => {
  const { fetch, asked } = answering(answer);
  return { ...(await spotOn({ fetch })(...args)), asked };
};

const csv = (text: string, next?: string): Response =>
  new Response(text, {
    headers: {
      "content-type": "text/csv; charset=utf-8; header=present",
      ...(next !== undefined && { link: `</api/v1/waste?cursor=${next}>; rel="next"` }),
    },
  });

describe("--csv", () => {
  it.each(["waste", "savings"])("prints all pages of %s under one header", async (noun) => {
    const pages = (request: Request): Response =>
      new URL(request.url).searchParams.has("cursor")
        ? csv("id,usd\r\nthree,3\r\n")
        : csv('id,usd\r\none,1\r\n"two, or so",2\r\n', "abc");
    const args = noun === "waste" ? ["waste", "list", "--csv"] : ["savings", "--csv"];
    const { code, stdout, stderr, asked } = await run(args, pages);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.split("\n")).toEqual(["id,usd", "one,1", '"two, or so",2', "three,3", ""]);
    expect(asked.map(({ headers }) => headers.get("accept"))).toEqual(["text/csv", "text/csv"]);
    expect(asked.map(({ url }) => new URL(url).searchParams.get("cursor"))).toEqual([null, "abc"]);
  });

  it("does not go together with --json", async () => {
    const { code, stdout, asked } = await run(["waste", "list", "--csv", "--json"]);
    expect({ code, stdout, asked }).toEqual({ code: 2, stdout: "", asked: [] });
  });
});

describe("--hash", () => {
  it.each([
    ["approvals", ids.approval],
    ["waste", ids.finding],
  ])("agrees to nothing else than what was read: %s", async (noun, id) => {
    const args = [noun, "approve", id, "--yes", "--hash", "another"];
    const { code, stdout, stderr, asked } = await run(args);
    expect({ code, stdout }).toEqual({ code: 4, stdout: "" });
    expect(stderr).toContain("its hash is 9f2c0123456789abcdef");
    expect(asked.map(({ method }) => method)).toEqual(["GET"]);
  });

  it("is there of what is offered alone", async () => {
    const answer = (): Response => jsonAnswer({ finding_id: ids.finding, status: "KEPT" });
    const { code, stderr } = await run(["waste", "approve", ids.finding, "--yes"], answer);
    expect(code).toBe(4);
    expect(stderr).toBe(
      `spot: ${ids.finding} is KEPT: it is not offered for deletion. Next: spot waste list --status OFFERED\n`,
    );
  });
});

describe("--until, of which a span begins at the API's own time,", () => {
  const exempt = async (until: string) => {
    const args = ["governance", "exempt", ids.unowned, "--until", until, "--reason", "Bastion"];
    const { code, asked } = await run([...args, "--yes"]);
    const body: unknown = await asked.find(({ method }) => method === "POST")?.json();
    return { code, body };
  };

  it.each([
    ["2026-03-09", "2026-03-09T00:00:00.000Z"],
    ["2026-03-09T06:00Z", "2026-03-09T06:00:00.000Z"],
    ["12h", "2026-03-01T20:00:00.000Z"],
    ["30d", "2026-03-31T08:00:00.000Z"],
  ])("takes %s", async (given, until) => {
    expect(await exempt(given)).toEqual({ code: 0, body: { reason: "Bastion", until } });
  });

  it.each(["tomorrow", "2026-13-40", "2026-03-09T06:00", "7", "d"])("refuses %s", async (given) => {
    expect(await exempt(given)).toEqual({ code: 2, body: undefined });
  });

  it("is needed", async () => {
    const { code, stderr } = await run(["governance", "exempt", ids.unowned]);
    expect(code).toBe(2);
    expect(stderr).toContain("--until");
  });
});

describe("other options", () => {
  it("lists the pools of the API's own region unless one is named", async () => {
    const regions = async (...named: readonly string[]) => {
      const { asked } = await run(["risk", "list", ...named]);
      return asked.map(({ url }) => new URL(url).searchParams.get("region")).at(-1);
    };
    expect(await regions()).toBe("us-east-1");
    expect(await regions("eu-central-1")).toBe("eu-central-1");
  });

  it("leads from an evaluation that has left nothing open to what it was", async () => {
    const problem = { type: "urn:spot-optimizer:problem:conflict", detail: "It is SWITCHED." };
    const args = ["evaluations", "resume", ids.evaluation, "--reason", "Incident 4711", "--yes"];
    const { code, stderr } = await run(args, () =>
      jsonAnswer(problem, 409, "application/problem+json"),
    );
    expect(code).toBe(4);
    expect(stderr).toBe(`spot: It is SWITCHED. Next: spot show ${ids.evaluation}\n`);
  });

  it("asks for hours of one account", async () => {
    const { code, stderr } = await run(["savings", "--hours", "2026-03-01"]);
    expect(code).toBe(2);
    expect(stderr).toContain("Next: give --account");
  });

  it("refuses a status that there is not, and names those that there are", async () => {
    const { code, stderr } = await run(["approvals", "list", "--status", "OPEN"]);
    expect(code).toBe(2);
    expect(stderr).toContain("PENDING, APPROVED");
  });
});

describe("what to do next", () => {
  const nothing = (): Response => jsonAnswer({ items: [] });

  it("of an empty list is not what was asked", async () => {
    const { stdout, stderr } = await run(["waste", "list"], nothing);
    expect(stdout + stderr).toContain("spot waste list --status SEEN");
    for (const args of [
      ["waste", "list", "--status", "SEEN"],
      ["governance", "list", "--status", "EXEMPT"],
    ]) {
      const empty = await run(args, nothing);
      expect(empty.stdout + empty.stderr).not.toContain(args.join(" "));
      expect(empty.stdout + empty.stderr).not.toContain("Nothing runs without an owner");
    }
  });

  it("after a registration that was refused is not an evaluation", async () => {
    const refused = { registered: 0, already_registered: 0, refused: 1 };
    const item = { instance_id: "i-0a1b2c3d4e5f60718", outcome: "REFUSED", detail: "Not there." };
    const args = [
      "targets",
      "add",
      item.instance_id,
      "--account",
      "444455556666",
      "--in",
      "us-east-1",
    ];
    const answer = (): Response => jsonAnswer({ ...refused, items: [item] });
    const { code, stderr } = await run([...args, "--yes"], answer);
    expect(code).toBe(4);
    expect(stderr).toContain("Next: spot preflight ACCOUNT");
  });

  it("is where an instance is found that a switch has replaced, and an account that is connected", async () => {
    const refused = (status: number) => (): Response =>
      jsonAnswer({ title: "No", status }, status, "application/problem+json");
    const gone = await run(["targets", "show", "i-0a1b2c3d4e5f60718"], refused(404));
    expect(gone.stderr).toContain(
      "spot evaluations list: a switch gives a target another instance",
    );
    const add = ["accounts", "add", "444455556666", "--name", "Lab", "--regions", "us-east-1"];
    const twice = await run(add, refused(409));
    expect(twice.stderr).toBe("spot: No. Next: spot accounts list\n");
  });
});
