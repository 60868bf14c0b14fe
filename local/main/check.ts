/**
 * `npm run check`: everything that must hold before a change is taken. Goes on after a failure, so that one run
 * tells all, and fails if anything did. The tests' figures are left in .local/test-results.json.
 */
import { spawn, type StdioOptions } from "node:child_process";
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

Example: npm run check

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

/** Side by side, each on one core, in lanes that take about as long. ESLint keeps what it has learnt of all types: of everything at once, six gigabytes. */
const lanes: readonly (readonly Part[])[] = [
  [
    { name: "lint of the product", command: ["run", "--silent", "lint:product"] },
    { name: "lint of the laptop", command: ["run", "--silent", "lint:laptop"] },
  ],
  [
    { name: "format", command: ["run", "--silent", "format:check"] },
    { name: "types", command: ["run", "--silent", "types"] },
    { name: "golden workflows", command: ["run", "--silent", "golden", "--", "--check"] },
    { name: "boundaries", command: ["run", "--silent", "lint:boundaries"] },
    { name: "lint of the tests", command: ["run", "--silent", "lint:tests"] },
  ],
];

/** By themselves: they take every core, and the bundles that are synthesised some gigabytes of memory. */
const alone: readonly Part[] = [
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
  /** Nothing where it wrote to the terminal itself. */
  readonly said: string;
}

const run = ({ name, command }: Part, stdio: StdioOptions): Promise<Result> =>
  new Promise((resolve) => {
    const since = performance.now();
    const child = spawn("npm", command, { stdio });
    const said: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => said.push(chunk));
    }
    const end = (isPassed: boolean): void => {
      resolve({ name, isPassed, took: secondsSince(since), said: Buffer.concat(said).toString() });
    };
    child.once("error", ({ message }) => {
      said.push(Buffer.from(`npm could not be started: ${message}\n`));
      end(false);
    });
    child.once("close", (code) => {
      end(code === 0);
    });
  });

const title = ({ name }: Pick<Part, "name">): string => `\n--- ${name}\n`;

/** What a part says is told when it ends: another runs beside it. */
const runLane = async (lane: readonly Part[], { stdout }: Terminal): Promise<readonly Result[]> => {
  const results: Result[] = [];
  for (const part of lane) {
    const result = await run(part, ["ignore", "pipe", "pipe"]);
    stdout(`${title(result)}${result.said}`);
    results.push(result);
  }
  return results;
};

/** What they say is told while they run. */
const runAlone = async ({ stdout }: Terminal): Promise<readonly Result[]> => {
  const results: Result[] = [];
  for (const part of alone) {
    stdout(title(part));
    const result = await run(part, "inherit");
    stdout(result.said);
    results.push(result);
  }
  return results;
};

const check = async (terminal: Terminal): Promise<ExitCode> => {
  mkdirSync(resultsFolder, { recursive: true });
  rmSync(testResults, { force: true });
  const since = performance.now();
  const beside = await Promise.all(lanes.map((lane) => runLane(lane, terminal)));
  const results = [...beside.flat(), ...(await runAlone(terminal))];
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
