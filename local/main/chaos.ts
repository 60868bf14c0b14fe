/** `npm run chaos`: random cases on the laboratory, each held against every promise. A case is repeated by its seed and its number. */
import * as z from "zod";
import type { CaseResult } from "../chaos/case.ts";
import { defineCommandLine, runCommand } from "../terminal/command-line.ts";
import { flag, seed, wholeNumber } from "../terminal/option-values.ts";
import { runMain, type ExitCode, type Terminal } from "../terminal/terminal.ts";

const commandLine = defineCommandLine({
  command: "npm run chaos --",
  usage: `Usage: npm run chaos [-- options]

Runs random cases in every kind of switch: calls, readings and writes that fail, outages of EC2 and
DynamoDB, functions that die, interruptions, target groups that flap, capacity that is gone, the kill switch,
and an owner who starts, stops, tags, registers and terminates. One in eight lasts for days, with sweep,
janitor and an operator; one in four meets an EC2 that is slow to show what is new. What needs a person is
decided by one who follows the runbook.
Each is held against every promise of local/lab/promises. The violations are printed with what repeats them.

  --cases N    how many (default 5000; some five a second)
  --seed N     of all that is random (default 1)
  --case K     only case K of that seed (default: all)
  --from K     begin with case K: cases can be shared out (default 1)
  --ways-back  from Spot to On-Demand alone: one in ten otherwise
  --json       print the results as one JSON document
  --help       print this

Example: npm run chaos -- --seed 7 --cases 100

Exit code: 0 no promise was broken, 1 one was, 2 wrong usage.
`,
  schema: z.object({
    cases: wholeNumber({ from: 1, to: 1_000_000 }).default(5000),
    seed: seed.default(1),
    case: wholeNumber({ from: 1, to: 1_000_000 }).optional(),
    from: wholeNumber({ from: 1, to: 1_000_000 }).default(1),
    "ways-back": flag,
    json: flag,
  }),
});

interface Options {
  readonly cases: number;
  readonly seed: number;
  readonly case?: number | undefined;
  readonly from: number;
  readonly "ways-back": boolean;
  readonly json: boolean;
}

const tell = (result: CaseResult, isWayBack: boolean): string =>
  [
    `--seed ${String(result.seed)} --case ${String(result.number)}${isWayBack ? " --ways-back" : ""}: ${result.scenario}, ${result.status}`,
    ...result.disturbances.map((sentence) => `  ${sentence}`),
    ...result.violations.map((violation) => `  BROKEN: ${violation}`),
    "",
  ].join("\n");

const countEndings = (results: readonly CaseResult[]): string => {
  const counts = new Map<string, number>();
  for (const { status } of results) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts].map(([status, count]) => `${String(count)} ${status}`).join(", ");
};

const chaos = async (options: Options, terminal: Terminal): Promise<ExitCode> => {
  // Loaded only where something is run: who asks for help, or mistypes, is answered at once.
  const { runCase } = await import("../chaos/case.ts");
  const first = options.case ?? options.from;
  const last = options.case ?? options.cases;
  const results: CaseResult[] = [];
  for (let number = first; number <= last; number += 1) {
    const result = await runCase({ seed: options.seed, number }, options["ways-back"]);
    results.push(result);
    const isTold = result.violations.length > 0 || options.case !== undefined;
    if (isTold && !options.json) terminal.stdout(tell(result, options["ways-back"]));
  }
  const broken = results.filter(({ violations }) => violations.length > 0);
  terminal.stdout(
    options.json
      ? `${JSON.stringify(results, null, 2)}\n`
      : `Seed ${String(options.seed)}: ${String(results.length)} cases (${countEndings(results)}), ${String(broken.length)} with violations.\n`,
  );
  return broken.length === 0 ? 0 : 1;
};

await runMain(process, (args, terminal) => runCommand(commandLine, { args, terminal }, chaos));
