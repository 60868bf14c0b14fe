/**
 * `npm run check`: everything that must hold before a change is taken. Goes on after a failure, so that one run
 * tells all, and fails if anything did. The tests' figures are left in .local/test-results.json.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";

const resultsFolder = ".local";
const testResults = `${resultsFolder}/test-results.json`;

interface Part {
  readonly name: string;
  /** Arguments of npm. */
  readonly command: readonly string[];
}

const parts: readonly Part[] = [
  { name: "format", command: ["run", "--silent", "format:check"] },
  { name: "types", command: ["run", "--silent", "types"] },
  { name: "lint, boundaries, unused", command: ["run", "--silent", "lint"] },
  { name: "golden workflows", command: ["run", "--silent", "golden", "--", "--check"] },
  {
    name: "tests",
    command: ["test", "--silent", "--", "--json", `--outputFile=${testResults}`],
  },
  { name: "synth with cdk-nag", command: ["run", "--silent", "synth"] },
];

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(0)} s`;

const run = ({ name, command }: Part): { name: string; isPassed: boolean; took: string } => {
  say(`\n--- ${name}`);
  const since = performance.now();
  const { status, error } = spawnSync("npm", command, { stdio: "inherit" });
  if (error !== undefined) say(`npm could not be started: ${error.message}`);
  return { name, isPassed: status === 0, took: seconds(since) };
};

mkdirSync(resultsFolder, { recursive: true });
rmSync(testResults, { force: true });
const since = performance.now();
const results = parts.map(run);
const failed = results.filter((result) => !result.isPassed);

say("\n--- summary");
for (const { name, isPassed, took } of results) {
  say(`${isPassed ? "ok    " : "FAILED"}  ${name.padEnd(24)} ${took.padStart(6)}`);
}
say(
  failed.length === 0
    ? `All hold (${seconds(since)}).`
    : `Failed: ${failed.map(({ name }) => name).join("; ")} (${seconds(since)}).`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
