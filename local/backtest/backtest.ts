/** The backtest as a function: arguments in, lines out, exit code. */
import { everyContender } from "./contenders.ts";
import type { MarketRun, TimedReplay } from "./market-run.ts";
import { meansOf } from "./means.ts";
import { optimumOf } from "./optimum.ts";
import { backtestUsage, readBacktestCommand, type BacktestOptions } from "./options.ts";
import { readPriceFiles } from "./price-files.ts";
import type { Recording } from "./recording.ts";
import { reportOf } from "./report-of-runs.ts";
import type { ReportData } from "./report/report-data.ts";
import { scoreContender, type ScoredReplay } from "./score.ts";
import { speedLines } from "./speed.ts";
import { meanLines, runLines } from "./tables.ts";
import { readTraceFile } from "./trace-file.ts";

export interface BacktestSurroundings {
  /** That relative paths are taken from. */
  readonly folder: string;
  /** Receive text with its line ends. */
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Told what is being worked on. An empty text: all is done. */
  readonly progress?: (text: string) => void;
  /** Writes the report; timelines are kept only for it. Without a path it chooses one. */
  readonly writeReport?: (report: ReportData, path: string | undefined) => void;
}

export type BacktestExitCode = 0 | 2;

/** Traces that share a name are called by their paths. */
const withDistinctNames = (
  traces: readonly Recording[],
  paths: readonly string[],
): readonly Recording[] =>
  traces.map((trace, index) => {
    const isShared = traces.filter(({ name }) => name === trace.name).length > 1;
    return isShared ? { ...trace, name: paths[index] ?? trace.name } : trace;
  });

const readMarkets = ({ tracePaths, priceFiles }: BacktestOptions): readonly Recording[] => [
  ...withDistinctNames(tracePaths.map(readTraceFile), tracePaths),
  ...(priceFiles === undefined ? [] : readPriceFiles(priceFiles)),
];

/** Long enough that the time in which the code is still being compiled does not count for much. */
const speedMs = 500;

/** Done again until the time is up, once at least; the milliseconds are those of one. All give the same. */
const timed = (
  scoreOnce: () => ScoredReplay,
  untilMs: number,
): ScoredReplay & Pick<TimedReplay, "milliseconds"> => {
  const sinceMs = performance.now();
  let scored = scoreOnce();
  let times = 1;
  for (; performance.now() - sinceMs < untilMs; times += 1) scored = scoreOnce();
  return { ...scored, milliseconds: (performance.now() - sinceMs) / times };
};

const runOn = (
  market: Recording,
  {
    units,
    policies,
    noticeSeconds,
    showsSpeed,
  }: Omit<BacktestOptions, "units"> & { units: number },
  { progress, writeReport }: BacktestSurroundings,
): MarketRun => {
  const say = (what: string): void => {
    progress?.(`${market.name}, units ${String(units)}: ${what}`);
  };
  say("optimum");
  const optimum = optimumOf(market, { units });
  const keepsTimeline = writeReport !== undefined;
  const scored = everyContender
    .filter(({ name }) => policies.includes(name))
    .map((contender) => {
      say(contender.name);
      const scoreOnce = (): ScoredReplay =>
        scoreContender(market, contender, { units, noticeSeconds, keepsTimeline, optimum });
      const ticks = market.ticks * contender.policiesFor(market.zones).length;
      return { ...timed(scoreOnce, showsSpeed ? speedMs : 0), ticks };
    });
  return { market, units, optimum, scored };
};

const print = (
  runs: readonly MarketRun[],
  isJson: boolean,
  { stdout }: BacktestSurroundings,
): void => {
  const results = runs.flatMap(({ scored }) => scored.map(({ result }) => result));
  const means = meansOf(results);
  const text = isJson
    ? JSON.stringify({ results, means }, null, 2)
    : [...runs.flatMap(runLines), ...meanLines(means)].join("\n");
  stdout(`${text}\n`);
};

const refuse = ({ stderr }: BacktestSurroundings, sentence: string): BacktestExitCode => {
  stderr(`${sentence}\n`);
  return 2;
};

interface Order {
  readonly options: BacktestOptions;
  /** As it was typed. */
  readonly command: string;
}

const run = ({ options, command }: Order, surroundings: BacktestSurroundings): BacktestExitCode => {
  const { writeReport, progress } = surroundings;
  if (options.reportPath !== undefined && writeReport === undefined) {
    return refuse(surroundings, "--report: this version writes no report.");
  }
  let markets: readonly Recording[];
  try {
    markets = readMarkets(options);
  } catch (error) {
    return refuse(surroundings, error instanceof Error ? error.message : String(error));
  }
  const runs = markets.flatMap((market) =>
    options.units.map((units) => runOn(market, { ...options, units }, surroundings)),
  );
  progress?.("");
  print(runs, options.isJson, surroundings);
  if (options.showsSpeed) surroundings.stderr(`${speedLines(runs).join("\n")}\n`);
  writeReport?.(reportOf(runs, { ...options, command }), options.reportPath);
  return 0;
};

export const backtest = (
  args: readonly string[],
  surroundings: BacktestSurroundings,
): BacktestExitCode => {
  const command = readBacktestCommand(args, surroundings.folder);
  if (command.kind === "RUN") {
    const typed = ["npm run backtest --", ...args].join(" ");
    return run({ options: command.options, command: typed }, surroundings);
  }
  if (command.kind === "USAGE_ERROR") return refuse(surroundings, command.sentence);
  surroundings.stdout(backtestUsage);
  return 0;
};
