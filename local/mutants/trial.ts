/** Runs the tests on a copy of the sources in which one rule is missing, and says which test noticed it. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { mutate, type Mutant } from "./mutant.ts";

export type Trial =
  | { readonly kind: "KILLED"; readonly by: string; readonly seconds: number }
  /** The tests ran and passed. */
  | { readonly kind: "SURVIVED"; readonly tests: number; readonly seconds: number };

const resultsSchema = z.object({
  numTotalTests: z.int(),
  testResults: z.array(
    z.object({
      name: z.string(),
      message: z.string(),
      assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })),
    }),
  ),
});

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

const readResults = (file: string, folder: string): Trial | undefined => {
  const { numTotalTests, testResults } = resultsSchema.parse(
    JSON.parse(readFileSync(file, "utf8")),
  );
  for (const { name, message, assertionResults } of testResults) {
    const failed = assertionResults.find(({ status }) => status === "failed");
    const path = name.replace(`${folder}/`, "");
    if (failed !== undefined)
      return { kind: "KILLED", by: `${path}: ${failed.fullName}`, seconds: 0 };
    // A suite that does not even load has noticed nothing: the mutant is not a program.
    if (message !== "" && assertionResults.length === 0) throw new Error(`${path}: ${message}`);
  }
  return numTotalTests === 0 ? undefined : { kind: "SURVIVED", tests: numTotalTests, seconds: 0 };
};

/** @throws Error if the mutant can't be made, or its tests can't be run or are none */
export const tryMutant = (root: string, mutant: Mutant): Trial => {
  const folder = copySources(root);
  const since = performance.now();
  try {
    const path = join(folder, mutant.file);
    writeFileSync(path, mutate(readFileSync(path, "utf8"), mutant));
    const results = join(folder, "results.json");
    const args = ["test", "--silent", "--", "--bail", "--json", `--outputFile=${results}`];
    const { stderr } = spawnSync("npm", [...args, ...mutant.tests], {
      cwd: folder,
      encoding: "utf8",
      maxBuffer: 256 * 1024 * 1024,
    });
    const trial = readResults(results, folder);
    if (trial === undefined) {
      throw new Error(`Mutant "${mutant.name}": no test was run. ${stderr.slice(-500)}`);
    }
    return { ...trial, seconds: (performance.now() - since) / 1000 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
