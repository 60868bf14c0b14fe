import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";

const main = join(import.meta.dirname, "../../../local/main/check.ts");

/** Stands for npm: the linter ends once the formatter has begun beside it, and the types do not hold. */
const npm = `#!${process.execPath}
const { appendFileSync, readFileSync } = require("node:fs");
const part = process.argv.slice(2).filter((word) => !word.startsWith("-")).join(" ");
appendFileSync("begun", part + "\\n");
const endsWhen = (isDone) => (isDone() ? undefined : setTimeout(endsWhen, 20, isDone));
if (part === "run lint:product") endsWhen(() => readFileSync("begun", "utf8").includes("run format:check"));
console.log("said by " + part);
process.exitCode = part === "run types" ? 2 : 0;
`;

const patienceMs = 60_000;

describe("npm run check", () => {
  let folder: string;
  let begun: readonly string[];
  let ended: { readonly code: number | null; readonly stdout: string };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "spot-optimizer-check-"));
    mkdirSync(join(folder, "bin"));
    writeFileSync(join(folder, "bin/npm"), npm, { mode: 0o755 });
    const { status, stdout } = spawnSync(process.execPath, [main], {
      cwd: folder,
      encoding: "utf8",
      timeout: patienceMs,
      env: { ...process.env, PATH: [join(folder, "bin"), process.env["PATH"]].join(delimiter) },
    });
    ended = { code: status, stdout };
    begun = readFileSync(join(folder, "begun"), "utf8").trimEnd().split("\n");
  }, patienceMs);
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("runs each part once, the linter beside the others, and by themselves the tests and the synthesis", () => {
    const beside = [
      ...["run lint:product", "run lint:laptop", "run lint:tests", "run lint:boundaries"],
      ...["run format:check", "run types", "run golden"],
    ];
    expect(begun.slice(0, -2).toSorted()).toEqual(beside.toSorted());
    expect(begun.slice(-2)).toEqual(["test", "run synth"]);
  });

  it("goes on after a failure, tells what each part said under its name, and fails", () => {
    const { code, stdout } = ended;
    expect(code).toBe(1);
    for (const [name, part] of [
      ["lint of the product", "run lint:product"],
      ["types", "run types"],
      ["synth with cdk-nag", "run synth"],
      ["tests", "test"],
    ]) {
      expect(stdout).toContain(`--- ${String(name)}\nsaid by ${String(part)}\n`);
    }
    expect(stdout).toMatch(/^FAILED {2}types /m);
    expect(stdout).toMatch(/^ok {6}tests /m);
    expect(stdout).toMatch(/\nFailed: types \([^)]+\)\.\n$/);
  });
});
