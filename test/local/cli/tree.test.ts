/** What holds for every command of the tree, whoever has added it. */
import { beforeAll, describe, expect, it } from "@jest/globals";
import type { Command } from "commander";
import { createProgram } from "../../../local/cli/program.ts";
import { createLab } from "../../../local/lab/lab.ts";
import { plain } from "../../../local/lab/scenarios.ts";
import { everyCommand, type Known } from "./every-command.ts";
import { answering, jsonAnswer, spotOn, type Spot } from "./spot-under-test.ts";

const program = createProgram(() => () => Promise.resolve());

const pathsOf = (command: Command, path: string): readonly string[] =>
  command.commands.length === 0
    ? [path]
    : command.commands.flatMap((inner) => pathsOf(inner, `${path} ${inner.name()}`));

/** Those that a person types; completion asks others. */
const paths = pathsOf(program, "spot");

const nowhere: Known = {
  targetId: "tgt-00000000000000000000",
  instanceId: "i-00000000000000000",
  evaluationId: "evl-00000000000000000000",
  accountId: "444455556666",
};

const typed = (path: string, known: Known): readonly string[] => [
  ...path.split(" ").slice(1),
  ...(everyCommand[path]?.(known) ?? []),
];

const isDocument = (text: string): boolean => {
  const value: unknown = JSON.parse(text);
  return typeof value === "object" && value !== null;
};

describe("the tree of commands", () => {
  it("has a row for each command in every-command.ts, and no other", () => {
    expect(Object.keys(everyCommand).toSorted()).toEqual([...paths].toSorted());
  });
});

describe.each(paths)("%s", (path) => {
  it("explains itself within 120 columns", async () => {
    const { fetch, asked } = answering(() => jsonAnswer({}));
    const spot = spotOn({ fetch, columns: 200 });
    const { code, stdout, stderr } = await spot(...path.split(" ").slice(1), "--help");
    expect({ code, stderr, asked }).toEqual({ code: 0, stderr: "", asked: [] });
    expect(stdout).toMatch(
      new RegExp(`^Usage: ${path} [^]+\n\n[^]+Options:[^]+\nExamples?:\n  spot `),
    );
    expect(stdout.split("\n").filter((line) => line.length > 120)).toEqual([]);
  });

  it.each([
    ["nothing that answers", 6, () => Promise.reject(new TypeError("fetch failed"))],
    [
      "a page of a proxy",
      6,
      () => new Response("<html></html>", { headers: { "content-type": "text/html" } }),
    ],
    ["a caller without permission", 5, () => jsonAnswer({ message: "not authorized" }, 403)],
  ])("ends at %s with %d, one sentence and a problem document", async (_what, code, answer) => {
    const spot = spotOn({ fetch: answering(answer).fetch });
    const args = typed(path, nowhere);
    const forPeople = await spot(...args);
    expect(forPeople).toMatchObject({ code, stdout: "" });
    expect(forPeople.stderr).toMatch(/(?:^|\n)spot: [^\n]+\. Next: [^\n]+\n$/);
    const forMachines = await spot(...args, "--json");
    expect(forMachines).toMatchObject({ code, stdout: "" });
    expect(JSON.parse(forMachines.stderr)).toMatchObject({ next: expect.any(String) });
  });
});

describe("on the simulated cloud", () => {
  let spot: Spot;
  let known: Known;
  let pass: (ms: number) => Promise<void>;

  beforeAll(async () => {
    const lab = await createLab(plain);
    const { platform, clock, targetId } = lab;
    const { evaluationId } = await lab.run();
    const instanceId = lab.replacement()?.instanceId ?? nowhere.instanceId;
    known = { ...nowhere, targetId, instanceId, evaluationId };
    pass = (ms) => clock.run({ atMostMs: clock.now() + ms });
    spot = spotOn({
      fetch: platform.gateway,
      sleep: pass,
    });
  });

  it.each(Object.keys(everyCommand))("%s --json prints one document", async (path) => {
    const { code, stdout, stderr } = await spot(...typed(path, known), "--json");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(isDocument(stdout)).toBe(true);
    // What a command has begun ends before the next one.
    await pass(60_000);
  });
});
