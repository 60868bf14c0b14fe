/** `npm run property`: random cases of a mode, each beside its twin without us, held against the capacity invariant. A case is repeated by seed and number. */
import * as z from "zod";
import type { GroupCaseResult } from "../property/cluster/case.ts";
import { defineCommandLine, runCommand } from "../terminal/command-line.ts";
import { flag, seed, wholeNumber } from "../terminal/option-values.ts";
import { runMain, type ExitCode, type Terminal } from "../terminal/terminal.ts";

const commandLine = defineCommandLine({
  command: "npm run property --",
  usage: `Usage: npm run property -- cluster [options]

Converts random Auto Scaling groups while a customer, EC2 and faults interfere: policies, schedules and people
that change sizes, protection, members that end or fail, refreshes, new template versions, deletion, empty
pools, interruptions; calls that fail, functions that die, the kill switch. Each case runs a second time
without us, with the same seed and the same events, and is held against the capacity invariant at each event:
what we did must cost no capacity. All must be as it was, nothing left over, and no intent open.

  --cases N  how many, 5000 unless told (some five a second)
  --seed N   of all that is random, 1 unless told
  --case K   only case K of that seed
  --from K   begin with case K: cases can be shared out
  --ways-back
             each group is converted in peace first, and then brought back to On-Demand ({"to": "ON_DEMAND"})
  --json     print the results as one JSON document
  --help     print this

Exit code: 0 nothing was broken, 1 something was, 2 wrong usage.
`,
  schema: z.object({
    mode: z.enum(["cluster"], { error: "The mode is cluster." }),
    cases: wholeNumber({ from: 1, to: 1_000_000 }).default(5000),
    seed: seed.default(1),
    case: wholeNumber({ from: 1, to: 1_000_000 }).optional(),
    from: wholeNumber({ from: 1, to: 1_000_000 }).default(1),
    "ways-back": flag,
    json: flag,
  }),
  positional: "mode",
});

interface Options {
  readonly mode: "cluster";
  readonly cases: number;
  readonly seed: number;
  readonly case?: number | undefined;
  readonly from: number;
  readonly "ways-back": boolean;
  readonly json: boolean;
}

const tell = (mode: string, result: GroupCaseResult): string =>
  [
    `${mode}${result.isWayBack === true ? " --ways-back" : ""} --seed ${String(result.seed)} --case ${String(result.number)}: ${result.group}: ${result.status}`,
    ...result.disturbances.map((sentence) => `  ${sentence}`),
    ...(result.sentence === "" ? [] : [`  ${result.sentence}`]),
    ...result.violations.map((violation) => `  BROKEN: ${violation}`),
    "",
  ].join("\n");

const countEndings = (results: readonly GroupCaseResult[]): string =>
  [...Map.groupBy(results, ({ status }) => status)]
    .map(([status, some]) => `${String(some.length)} ${status}`)
    .join(", ");

const property = async (options: Options, terminal: Terminal): Promise<ExitCode> => {
  // Loaded only where something is run: who asks for help, or mistypes, is answered at once.
  const { runGroupCase } = await import("../property/cluster/case.ts");
  const first = options.case ?? options.from;
  const last = options.case ?? options.cases;
  const results: GroupCaseResult[] = [];
  for (let number = first; number <= last; number += 1) {
    const isWayBack = options["ways-back"];
    const result = await runGroupCase({ seed: options.seed, number, isWayBack });
    results.push(result);
    const isTold = result.violations.length > 0 || options.case !== undefined;
    if (isTold && !options.json) terminal.stdout(tell(options.mode, result));
  }
  const broken = results.filter(({ violations }) => violations.length > 0);
  terminal.stdout(
    options.json
      ? `${JSON.stringify(results, null, 2)}\n`
      : `Seed ${String(options.seed)}: ${String(results.length)} cases (${countEndings(results)}), ${String(broken.length)} with violations.\n`,
  );
  return broken.length === 0 ? 0 : 1;
};

await runMain(process, (args, terminal) => runCommand(commandLine, { args, terminal }, property));
