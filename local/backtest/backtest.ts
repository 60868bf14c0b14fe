/** The backtest as a function: arguments in, lines out, exit code. */
import { runCommand } from "../terminal/command-line.ts";
import { messageOf, refuse, type ExitCode, type Terminal } from "../terminal/terminal.ts";
import { everyContender } from "./contenders.ts";
import type { MarketRun, TimedReplay } from "./market-run.ts";
import { meansOf } from "./means.ts";
import { optimumOf } from "./optimum.ts";
import { backtestCommandLine, type BacktestOptions } from "./options.ts";
import { readPriceFiles } from "./price-files.ts";
import type { Recording } from "./recording.ts";
import { reportOf } from "./report-of-runs.ts";
import type { ReportData } from "./report/report-data.ts";
import { replaysOf, scoreContender, type ScoredReplay } from "./score.ts";
import { speedLines } from "./speed.ts";
import { meanLines, runLines } from "./tables.ts";
import { readTraceFile } from "./trace-file.ts";

/** Writes the report. Without a path it chooses one. */
export type WriteReport = (report: ReportData, path: string | undefined) => void;

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
    signals,
    showsSpeed,
  }: Omit<BacktestOptions, "units"> & { units: number },
  { progress }: Terminal,
): MarketRun => {
  const say = (what: string): void => {
    progress(`${market.name}, units ${String(units)}: ${what}`);
  };
  say("optimum");
  const optimum = optimumOf(market, { units });
  const scored = everyContender
    .filter(({ name }) => policies.includes(name))
    .map((contender) => {
      say(contender.name);
      const scoreOnce = (): ScoredReplay =>
        scoreContender(market, contender, {
          units,
          noticeSeconds,
          keepsTimeline: true,
          optimum,
          signals,
        });
      const ticks = market.ticks * replaysOf(contender, market, signals);
      return { ...timed(scoreOnce, showsSpeed ? speedMs : 0), ticks };
    });
  return { market, units, optimum, scored };
};

const print = (runs: readonly MarketRun[], isJson: boolean, { stdout }: Terminal): void => {
  const results = runs.flatMap(({ scored }) => scored.map(({ result }) => result));
  const means = meansOf(results);
  const text = isJson
    ? JSON.stringify({ results, means }, null, 2)
    : [...runs.flatMap(runLines), ...meanLines(means)].join("\n");
  stdout(`${text}\n`);
};

/** A command that can be run, and what is needed of the process to run it. */
interface Order {
  readonly options: BacktestOptions;
  /** As it was typed. */
  readonly command: string;
  readonly writeReport: WriteReport;
}

const run = ({ options, command, writeReport }: Order, terminal: Terminal): ExitCode => {
  let markets: readonly Recording[];
  try {
    markets = readMarkets(options);
  } catch (error) {
    // The files' errors name file and line.
    return refuse(terminal, messageOf(error));
  }
  const runs = markets.flatMap((market) =>
    options.units.map((units) => runOn(market, { ...options, units }, terminal)),
  );
  terminal.progress("");
  print(runs, options.isJson, terminal);
  if (options.showsSpeed) terminal.stderr(`${speedLines(runs).join("\n")}\n`);
  writeReport(reportOf(runs, { ...options, command }), options.reportPath);
  return 0;
};

export const backtest = (
  args: readonly string[],
  terminal: Terminal,
  writeReport: WriteReport,
): ExitCode => {
  const line = backtestCommandLine(terminal.folder);
  const command = [line.command, ...args].join(" ");
  return runCommand(line, { args, terminal }, (options) =>
    run({ options, command, writeReport }, terminal),
  );
};
