/** `--watch` of a list: read again, shown where it has changed, until Ctrl-C. */
import { describe, expect, it } from "@jest/globals";
import { exits } from "../../../local/cli/exit-codes.ts";
import { answering, jsonAnswer, spotOn, type Setting } from "./spot-under-test.ts";

const account = (status: string) => ({
  account_id: "444455556666",
  name: "Lab",
  environment: "LAB",
  role_arn: "arn:aws:iam::444455556666:role/SpotOptimizerRole",
  regions: ["us-east-1"],
  status,
  created_at: "2026-03-02T09:00:00.000Z",
  missing_permissions: [],
});

const page = (status: string): Response => jsonAnswer({ items: [account(status)] });

/** Answers these in turn; Ctrl-C comes in the pause after the last one. */
const watched = (
  answers: readonly (() => Response)[],
): Setting & { readonly fetch: (request: Request) => Promise<Response> } => {
  const ctrlC = new AbortController();
  const { asked, fetch } = answering(() => answers[asked.length - 1]?.() ?? page("GONE"));
  return {
    fetch,
    interrupt: ctrlC.signal,
    sleep: () => {
      if (asked.length >= answers.length) ctrlC.abort();
      return Promise.resolve();
    },
  };
};

const list = ["accounts", "list", "--watch"] as const;

describe("--watch of a list", () => {
  it("is one document a line with --json, where something has changed", async () => {
    const setting = watched(
      [page, page, page].map((each, turn) => () => each(turn < 2 ? "PENDING" : "ACTIVE")),
    );
    const { code, stdout, stderr } = await spotOn(setting)(...list, "--json");
    const lines = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as object);
    expect(lines).toEqual([
      { type: "reading", items: [account("PENDING")] },
      { type: "reading", items: [account("ACTIVE")] },
    ]);
    expect({ code, stderr }).toEqual({ code: exits.INTERRUPTED.code, stderr: "" });
  });

  it("is drawn anew at a terminal, and moves no cursor in a pipe", async () => {
    const answers = [() => page("PENDING"), () => page("ACTIVE")];
    const seen = await spotOn({ ...watched(answers), columns: 100 })(...list);
    expect(seen.stdout.split("\u001b[H\u001b[J")).toEqual([
      "",
      expect.stringContaining("PENDING"),
      expect.stringContaining("ACTIVE"),
    ]);
    const piped = await spotOn(watched(answers))(...list);
    expect(piped.stdout).toMatch(/PENDING[^]*ACTIVE/);
    expect(piped.stdout).not.toContain("\u001b");
  });

  it("goes on where the API does not answer for a while, and says so", async () => {
    const down = (): Response => {
      throw new TypeError("fetch failed");
    };
    const { code, stdout, stderr } = await spotOn(
      watched([() => page("PENDING"), down, () => page("ACTIVE")]),
    )(...list);
    expect(stdout).toContain("ACTIVE");
    expect(stderr).toMatch(/Asked again in 10 s\./);
    expect(code).toBe(exits.INTERRUPTED.code);
  });

  it("ends as without it where the first reading fails, or a later one is refused", async () => {
    const down = (): Response => {
      throw new TypeError("fetch failed");
    };
    expect((await spotOn(watched([down]))(...list)).code).toBe(exits.UNREACHABLE.code);
    const denied = (): Response => jsonAnswer({ message: "User is not authorized" }, 403);
    expect((await spotOn(watched([() => page("PENDING"), denied]))(...list)).code).toBe(
      exits.DENIED.code,
    );
  });
});
