/** What holds for every command of the tree, whoever has added it. */
import { isDryRun, isMutating } from "../../../local/cloud/journal.ts";
import type { Lab } from "../../../local/lab/contract.ts";
import type { MemoryTable } from "../../../local/platform/memory-table.ts";
import { changesSomething } from "../../../local/cli/leaf.ts";
import { beforeAll, describe, expect, it } from "@jest/globals";
import type { Command } from "commander";
import { createProgram } from "../../../local/cli/program.ts";
import { createLab } from "../../../local/lab/lab.ts";
import { plain } from "../../../local/lab/scenarios.ts";
import { everyCommand, isOffline, otherCodes, type Known } from "./every-command.ts";
import { answering, jsonAnswer, spotOn, type Spot } from "./spot-under-test.ts";

const program = createProgram(() => () => Promise.resolve());

const pathsOf = (command: Command, path: string): readonly string[] =>
  command.commands.length === 0
    ? [path]
    : command.commands.flatMap((inner) => pathsOf(inner, `${path} ${inner.name()}`));

const commandAt = (path: string): Command =>
  path
    .split(" ")
    .slice(1)
    .reduce(
      (command, name) => command.commands.find((inner) => inner.name() === name) ?? command,
      program,
    );

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

/** All but the one that serves until it is ended: console.test.ts is its test. */
const ending = Object.keys(everyCommand).filter((path) => path !== "spot console");

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
    if (isOffline(path)) {
      expect(forPeople).toMatchObject({ code: 0, stderr: "" });
      return;
    }
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

  it.each(ending)("%s --json prints one document", async (path) => {
    const { code, stdout, stderr } = await spot(...typed(path, known), "--json");
    const expected = otherCodes[path] ?? 0;
    expect([code, stderr]).toEqual([expected, expect.any(String)]);
    expect(isDocument(stdout === "" ? stderr : stdout)).toBe(true);
    if (expected === 0) expect(stderr).toBe("");
    // What a command has begun ends before the next one.
    await pass(60_000);
  });
});

describe("with --dry-run", () => {
  let lab: Lab;
  let known: Known;

  beforeAll(async () => {
    lab = await createLab(plain);
    const { targetId } = lab;
    const { evaluationId } = await lab.run();
    const instanceId = lab.replacement()?.instanceId ?? nowhere.instanceId;
    known = { ...nowhere, targetId, instanceId, evaluationId };
  });

  const stored = (): readonly unknown[] => (lab.table as MemoryTable).items();

  /** Calls of AWS that changed something. */
  const harm = (): readonly string[] =>
    lab.platform.cloud.journal
      .filter(({ service, operation, input }) => isMutating(operation) && !isDryRun(service, input))
      .map(({ operation }) => operation);

  it.each(ending)("%s changes nothing", async (path) => {
    const before = { stored: stored(), harm: harm() };
    const sent: string[] = [];
    const spot = spotOn({
      fetch: (request) => {
        sent.push(new URL(request.url).pathname);
        return lab.platform.gateway(request);
      },
    });
    const { code } = await spot(...typed(path, known), "--dry-run");
    // What a command before it would have made is not there.
    expect([0, 3, otherCodes[path]]).toContain(code);
    expect({ stored: stored(), harm: harm() }).toEqual(before);
    // A doctor asks by a dry run anyway.
    const tells = path !== "spot doctor" && sent.some((pathname) => pathname.endsWith("/dry-run"));
    if (tells) expect([path, changesSomething(commandAt(path))]).toEqual([path, true]);
  });
});
