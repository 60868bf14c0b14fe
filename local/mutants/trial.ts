/** Runs the tests on a copy of the sources in which one rule is missing, and says which test noticed it. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mutate, type Mutant } from "./mutant.ts";

type Told =
  | { readonly kind: "KILLED"; readonly by: string }
  /** The tests ran and passed. */
  | { readonly kind: "SURVIVED"; readonly tests: number };

export type Trial = Told & { readonly seconds: number };

/** What the tests need, and the sources: without what is made from them. */
const copied = [
  "adapters",
  "cdk.json",
  "core",
  "docs",
  "eslint.config.js",
  "infra",
  "jest.config.js",
  "lambdas",
  "local",
  "package.json",
  "README.md",
  "statemachines",
  "test",
  "tsconfig.json",
] as const;

/** A copy that is written to as one likes; the packages are those of the original. */
const copySources = (root: string): string => {
  const folder = mkdtempSync(join(tmpdir(), "spot-optimizer-mutant-"));
  for (const name of copied) cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  return folder;
};

/** What the first failure is headed with, in the form in which Jest tells it. */
const failedFile = /^FAIL (\S+)/m;
const failedTest = /^ {2}● (.+)$/m;
const passed = /^Tests: .*?(\d+) passed/m;

/** Jest writes no file of results where it stops at the first failure: what it tells is read. */
const readOutput = (output: string, status: number | null): Told | undefined => {
  const [, file] = failedFile.exec(output) ?? [];
  const [, test] = failedTest.exec(output) ?? [];
  // A suite that does not even load has noticed nothing: the mutant is not a program.
  if (test === "Test suite failed to run") return undefined;
  if (file !== undefined && test !== undefined) return { kind: "KILLED", by: `${file}: ${test}` };
  const tests = Number(passed.exec(output)?.[1] ?? 0);
  return status === 0 && tests > 0 ? { kind: "SURVIVED", tests } : undefined;
};

/** @throws Error if the mutant can't be made, or its tests can't be run or are none */
export const tryMutant = (root: string, mutant: Mutant): Trial => {
  const folder = copySources(root);
  const since = performance.now();
  try {
    const path = join(folder, mutant.file);
    writeFileSync(path, mutate(readFileSync(path, "utf8"), mutant));
    const { stderr, status } = spawnSync("npm", ["test", "--", "--bail", ...mutant.tests], {
      cwd: folder,
      encoding: "utf8",
      maxBuffer: 256 * 1024 * 1024,
    });
    const seconds = (performance.now() - since) / 1000;
    const trial = readOutput(stderr, status);
    if (trial === undefined) {
      throw new Error(`Mutant "${mutant.name}": its tests cannot be run. ${stderr.slice(-2000)}`);
    }
    return { ...trial, seconds };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
