/** `--dry-run`, `--as` and the questions of a command that changes something, on the API itself. */
import { beforeAll, describe, expect, it } from "@jest/globals";
import { createLab } from "../../../local/lab/lab.ts";
import type { Lab } from "../../../local/lab/contract.ts";
import { plain } from "../../../local/lab/scenarios.ts";
import { answering, jsonAnswer, spotOn, type Setting } from "./spot-under-test.ts";

const reason = ["--reason", "Incident 4711"];

describe("a command that changes something", () => {
  let lab: Lab;
  let sent: string[];

  beforeAll(async () => {
    lab = await createLab(plain);
  });

  const spot = async (args: readonly string[], setting: Setting = {}) => {
    sent = [];
    const fetch = (request: Request) => {
      sent.push(`${request.method} ${new URL(request.url).pathname}`);
      return lab.platform.gateway(request);
    };
    return spotOn({ fetch, ...setting })(...args);
  };

  it("says with --dry-run what it would do, and sends nothing that changes anything", async () => {
    const { code, stdout, stderr } = await spot(["kill-switch", "on", "--dry-run", ...reason]);
    expect(code).toBe(0);
    expect(stderr).toContain("A dry run: nothing was changed.\n");
    expect(stdout.split("\n")).toEqual([
      "Would\tset kill switch: kill switch global",
      "Answer\t200",
      "",
    ]);
    expect(sent.filter((one) => !one.startsWith("GET"))).toEqual(["POST /api/v1/dry-run"]);
    expect((await spot(["kill-switch"])).stdout).toMatch(/^Kill switch\toff\n/);
  });

  it("asks nothing and needs no reason with --dry-run, and prints one document with --json", async () => {
    const { code, stdout, stderr } = await spot(["--json", "kill-switch", "off", "--dry-run"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({
      is_complete: true,
      answer: { engaged: false, reason: "dry run" },
    });
  });

  it("is refused with --dry-run as it would be refused", async () => {
    const args = ["kill-switch", "on", "--account", "777788889999", "--dry-run"];
    expect(await spot([...args, ...reason])).toMatchObject({
      code: 3,
      stdout: "",
      stderr: expect.stringContaining("Account 777788889999 is not connected."),
    });
    const short = await spot(["kill-switch", "on", "--dry-run", "--reason", "x"]);
    expect(short).toMatchObject({ code: 2, stdout: "" });
  });

  it("needs --yes and --reason where nobody can be asked, and does it with them", async () => {
    const withoutYes = await spot(["kill-switch", "on", ...reason]);
    expect(withoutYes).toMatchObject({ code: 2, stdout: "" });
    expect(withoutYes.stderr).toContain("Next: the same command with --yes");
    expect(await spot(["kill-switch", "on", "--yes"])).toMatchObject({ code: 2 });
    expect(sent).toEqual([]);
    const done = await spot(["kill-switch", "on", "--yes", "--as", "ann", ...reason]);
    expect(done).toMatchObject({ code: 0, stderr: "" });
    expect(done.stdout).toMatch(/^Kill switch\ton: nothing is switched\n/);
    expect(done.stdout).toMatch(/By\tunauthenticated:ann\n/);
    await spot(["kill-switch", "off", "--yes", ...reason]);
  });

  it("asks a person at a terminal, and does nothing unless he says yes", async () => {
    const asked: string[] = [];
    const askWith = (answer: string): Setting => ({
      ask: (question) => {
        asked.push(question);
        return Promise.resolve(answer);
      },
    });
    const kept = await spot(["kill-switch", "on", ...reason], askWith("n"));
    expect(kept).toMatchObject({ code: 2, stdout: "" });
    expect(kept.stderr).toContain("None runs.");
    expect(asked).toEqual([
      "Stop all switching? Interruptions are only recorded. Undone by: spot kill-switch off. [y/N]",
    ]);
    expect((await spot(["kill-switch", "show", "--json"])).stdout).toContain('"engaged": false');
    expect((await spot(["kill-switch", "off", ...reason], askWith("y"))).code).toBe(0);
  });

  it("takes --as for the local API only", async () => {
    const { fetch, asked } = answering(() => jsonAnswer({}));
    const env = { AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "y" };
    const url = "https://abc.execute-api.eu-central-1.amazonaws.com/live";
    const refused = await spotOn({ fetch, env })("kill-switch", "--as", "ann", "--url", url);
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    expect(refused.stderr).toContain("Next: give --profile");
    expect(asked).toEqual([]);
  });

  it("ends with 6 where what answers a dry run is not the API", async () => {
    const { fetch } = answering(() => jsonAnswer({ hello: "world" }));
    const strange = await spotOn({ fetch })("kill-switch", "on", "--dry-run");
    expect(strange).toMatchObject({ code: 6, stdout: "" });
  });
});
