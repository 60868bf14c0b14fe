/** `npm run property`: random cases of a mode, held against what it promises. A case is repeated by seed and number. */
import * as z from "zod";
import { defineCommandLine, runCommand } from "../terminal/command-line.ts";
import { flag, seed, wholeNumber } from "../terminal/option-values.ts";
import { runMain, type ExitCode, type Terminal } from "../terminal/terminal.ts";

const modes = ["cluster", "kubernetes"] as const;
type Mode = (typeof modes)[number];

const commandLine = defineCommandLine({
  command: "npm run property --",
  usage: `Usage: npm run property -- cluster|kubernetes [options]

cluster     converts random Auto Scaling groups while a customer, EC2 and faults interfere: policies, schedules
and people that change sizes, protection, members that end or fail, refreshes, new template versions, deletion,
empty pools, interruptions; calls that fail, functions that die, the kill switch. Each case runs a second time
without us, with the same seed and the same events, and is held against the capacity invariant at each event:
what we did must cost no capacity. All must be as it was, nothing left over, and no intent open.

kubernetes  replaces nodes of random clusters, under random budgets, while one thing interferes or one call
fails: no budget may be violated by us, no pod lost with its node, what takes over must be Ready before
anything is taken away, and each cordon, label and annotation must be as it was.

  --cases N    how many (default 5000; some five a second)
  --seed N     of all that is random (default 1)
  --case K     only case K of that seed (default: all)
  --from K     begin with case K, up to that of --cases: cases can be shared out (default 1)
  --ways-back  cluster: each group is converted in peace first, and then brought back to On-Demand ({"to": "ON_DEMAND"})
  --json       print the results as one JSON document
  --help       print this

Example: npm run property -- cluster --seed 7 --cases 100

Exit code: 0 nothing was broken, 1 something was, 2 wrong usage.
`,
  schema: z
    .object({
      mode: z.enum(modes, { error: "The mode is cluster or kubernetes." }),
      cases: wholeNumber({ from: 1, to: 1_000_000 }).default(5000),
      seed: seed.default(1),
      case: wholeNumber({ from: 1, to: 1_000_000 }).optional(),
      from: wholeNumber({ from: 1, to: 1_000_000 }).default(1),
      "ways-back": flag,
      json: flag,
    })
    .refine(({ from, cases }) => from <= cases, {
      message: "is beyond the last case, which --cases names: nothing would be run",
      path: ["from"],
    }),
  positional: "mode",
});

interface Options {
  readonly mode: Mode;
  readonly cases: number;
  readonly seed: number;
  readonly case?: number | undefined;
  readonly from: number;
  readonly "ways-back": boolean;
  readonly json: boolean;
}

/** As every mode tells a case. */
interface CaseResult {
  readonly seed: number;
  readonly number: number;
  readonly isWayBack?: boolean;
  /** What was drawn. */
  readonly subject: string;
  readonly disturbances: readonly string[];
  readonly status: string;
  readonly sentence: string;
  readonly violations: readonly string[];
}

const tell = (mode: Mode, result: CaseResult): string =>
  [
    `${mode}${result.isWayBack === true ? " --ways-back" : ""} --seed ${String(result.seed)} --case ${String(result.number)}: ${result.subject}: ${result.status}`,
    ...result.disturbances.map((sentence) => `  ${sentence}`),
    ...(result.sentence === "" ? [] : [`  ${result.sentence}`]),
    ...result.violations.map((violation) => `  BROKEN: ${violation}`),
    "",
  ].join("\n");

const countEndings = (results: readonly CaseResult[]): string =>
  [...Map.groupBy(results, ({ status }) => status)]
    .map(([status, some]) => `${String(some.length)} ${status}`)
    .join(", ");

type RunCase = (seed: number, number: number) => Promise<CaseResult>;

/** Loaded only where something is run: who asks for help, or mistypes, is answered at once. */
const runnerOf = async ({ mode, "ways-back": isWayBack }: Options): Promise<RunCase> => {
  if (mode === "kubernetes") {
    const { runNodeCase } = await import("../property/kubernetes/case.ts");
    return async (seed, number) => {
      const { cluster: subject, ...result } = await runNodeCase({ seed, number });
      return { subject, ...result };
    };
  }
  const { runGroupCase } = await import("../property/cluster/case.ts");
  return async (seed, number) => {
    const { group: subject, ...result } = await runGroupCase({ seed, number, isWayBack });
    return { subject, ...result };
  };
};

const property = async (options: Options, terminal: Terminal): Promise<ExitCode> => {
  const runCase = await runnerOf(options);
  const first = options.case ?? options.from;
  const last = options.case ?? options.cases;
  const results: CaseResult[] = [];
  for (let number = first; number <= last; number += 1) {
    const result = await runCase(options.seed, number);
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
