/**
 * `npm run check`: everything that must hold before a change is taken. Goes on after a failure, so that one run
 * tells all, and fails if anything did. The tests' figures are left in .local/test-results.json.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import * as z from "zod";
import { defineCommandLine, runCommand } from "../terminal/command-line.ts";
import { seconds } from "../terminal/figures.ts";
import { runMain, type ExitCode, type Terminal } from "../terminal/terminal.ts";

const commandLine = defineCommandLine({
  command: "npm run check --",
  usage: `Usage: npm run check

Format, types, lint with import boundaries, golden workflows, tests, synth with cdk-nag. Goes on after a failure.

  --help  print this

Exit code: 0 all hold, 1 one does not, 2 wrong usage.
`,
  schema: z.object({}),
});

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

const secondsSince = (since: number): string => seconds((performance.now() - since) / 1000);

interface Result {
  readonly name: string;
  readonly isPassed: boolean;
  readonly took: string;
}

const run = ({ name, command }: Part, { stdout }: Terminal): Result => {
  stdout(`\n--- ${name}\n`);
  const since = performance.now();
  const { status, error } = spawnSync("npm", command, { stdio: "inherit" });
  if (error !== undefined) stdout(`npm could not be started: ${error.message}\n`);
  return { name, isPassed: status === 0, took: secondsSince(since) };
};

const check = (terminal: Terminal): ExitCode => {
  mkdirSync(resultsFolder, { recursive: true });
  rmSync(testResults, { force: true });
  const since = performance.now();
  const results = parts.map((part) => run(part, terminal));
  const failed = results.filter((result) => !result.isPassed);
  const outcome =
    failed.length === 0 ? "All hold" : `Failed: ${failed.map(({ name }) => name).join("; ")}`;
  const lines = [
    "",
    "--- summary",
    ...results.map(
      ({ name, isPassed, took }) =>
        `${isPassed ? "ok    " : "FAILED"}  ${name.padEnd(24)} ${took.padStart(6)}`,
    ),
    `${outcome} (${secondsSince(since)}).`,
  ];
  terminal.stdout(`${lines.join("\n")}\n`);
  return failed.length === 0 ? 0 : 1;
};

await runMain(process, (args, terminal) =>
  runCommand(commandLine, { args, terminal }, () => check(terminal)),
);
