/** The backtest's command line. */
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { contenderNames, frontierNames } from "./contenders.ts";
import type { PriceFiles } from "./price-files.ts";

const mostUnits = 1000;

export const backtestUsage = `Usage: npm run backtest -- --traces FILE… [options]
       npm run backtest -- --prices FILE --on-demand FILE [options]

Replays recorded Spot markets under each policy and sets it against the cheapest schedule that foresight allows.

  --traces FILE…    traces: line 1 "# {json}" with gap_seconds and unit_capacity, line 2 "tick,<zone>,…", a row per tick
  --prices FILE     Spot prices, a row per change: instance_type, az, timestamp_utc, spot_usd_per_h
  --on-demand FILE  the On-Demand prices that go with them: instance_type, ondemand_usd_per_h
  --units N         whole number from 1 to ${String(mostUnits)}, or several such as 1,16 (default 1). Units that all zones together can't
                    hold stay on On-Demand
  --policy NAME     all (the default), frontier (lowest-price, and ours with an interruption said to cost
                    ${frontierNames[0]?.slice("product-cost-".length) ?? ""} to ${frontierNames.at(-1)?.slice("product-cost-".length) ?? ""} On-Demand hours), or some of: ${contenderNames.join(", ")}
  --notice S        seconds of warning before an interruption (default 0): so much of the downtime is not counted
  --report FILE     where the page with pictures goes (default .local/backtest/report.html)
  --json            print one JSON document instead of tables
  --speed           replay each for half a second and print the ticks per second, to stderr
  --help            print this

Files may be gzipped. Figures depend on the files and options alone; progress goes to stderr. docs/backtest.md has the rules.
Exit code: 0 done, 2 wrong usage or unreadable files.
`;

export interface BacktestOptions {
  readonly tracePaths: readonly string[];
  readonly priceFiles?: PriceFiles;
  readonly units: readonly number[];
  /** Names of contenders. */
  readonly policies: readonly string[];
  readonly noticeSeconds: number;
  readonly isJson: boolean;
  readonly showsSpeed: boolean;
  readonly reportPath?: string;
}

export type BacktestCommand =
  | { readonly kind: "RUN"; readonly options: BacktestOptions }
  | { readonly kind: "HELP" }
  | { readonly kind: "USAGE_ERROR"; readonly sentence: string };

/** Its message is the sentence for the user. */
class WrongUsage extends Error {}

const parse = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    allowPositionals: true,
    tokens: true,
    options: {
      traces: { type: "string", multiple: true, default: [] },
      prices: { type: "string" },
      "on-demand": { type: "string" },
      units: { type: "string", default: "1" },
      policy: { type: "string", default: "all" },
      notice: { type: "string", default: "0" },
      json: { type: "boolean", default: false },
      report: { type: "string" },
      speed: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });

type Parsed = ReturnType<typeof parse>;

/** What follows `--traces FILE` without an option before it is one more trace. */
const tracesOf = ({ tokens }: Parsed): readonly string[] => {
  let option = "";
  return tokens.flatMap((token) => {
    if (token.kind === "option") option = token.name;
    if (token.kind === "option-terminator" || option !== "traces") {
      if (token.kind !== "positional") return [];
      throw new WrongUsage(`"${token.value}" belongs to no option: files are named by --traces.`);
    }
    return [token.value ?? ""];
  });
};

const existing = (option: string, folder: string, path: string): string => {
  const full = resolve(folder, path);
  if (path === "") throw new WrongUsage(`--${option} needs a file.`);
  const found = statSync(full, { throwIfNoEntry: false });
  if (found === undefined) throw new WrongUsage(`--${option}: there is no file ${path}.`);
  if (!found.isFile()) throw new WrongUsage(`--${option}: ${path} is no file.`);
  return full;
};

const priceFilesOf = ({ values }: Parsed, folder: string): PriceFiles | undefined => {
  const { prices, "on-demand": onDemand } = values;
  if (prices === undefined && onDemand === undefined) return undefined;
  if (prices === undefined || onDemand === undefined) {
    throw new WrongUsage("--prices and --on-demand need each other.");
  }
  return {
    pricesPath: existing("prices", folder, prices),
    onDemandPath: existing("on-demand", folder, onDemand),
  };
};

const unitsOf = (text: string): readonly number[] => {
  const numbers = text
    .split(",")
    .map((part) => (/^\d{1,4}$/.test(part.trim()) ? Number(part) : NaN));
  if (numbers.every((units) => units >= 1 && units <= mostUnits)) return [...new Set(numbers)];
  throw new WrongUsage(
    `--units: "${text}" is not a whole number from 1 to ${String(mostUnits)}, or several with commas between.`,
  );
};

const policiesOf = (text: string): readonly string[] => {
  if (text === "all") return contenderNames;
  if (text === "frontier") return ["lowest-price", ...frontierNames];
  const names = text.split(",").map((name) => name.trim());
  const unknown = names.find((name) => ![...contenderNames, ...frontierNames].includes(name));
  if (unknown === undefined) return names;
  throw new WrongUsage(
    `--policy: there is no policy "${unknown}": use all, frontier, or some of ${contenderNames.join(", ")}.`,
  );
};

const noticeOf = (text: string): number => {
  if (/^\d{1,6}(\.\d+)?$/.test(text)) return Number(text);
  throw new WrongUsage(`--notice: "${text}" is not a number of seconds of 0 or more.`);
};

const judge = (parsed: Parsed, folder: string): BacktestOptions => {
  const { values } = parsed;
  const tracePaths = tracesOf(parsed).map((path) => existing("traces", folder, path));
  const priceFiles = priceFilesOf(parsed, folder);
  if (tracePaths.length === 0 && priceFiles === undefined) {
    throw new WrongUsage(
      "Nothing to replay: name files with --traces, or --prices and --on-demand.",
    );
  }
  return {
    tracePaths,
    units: unitsOf(values.units),
    policies: policiesOf(values.policy),
    noticeSeconds: noticeOf(values.notice),
    isJson: values.json,
    showsSpeed: values.speed,
    ...(priceFiles === undefined ? {} : { priceFiles }),
    ...(values.report === undefined ? {} : { reportPath: resolve(folder, values.report) }),
  };
};

/**
 * Never throws: what is wrong is said in a sentence that names the option.
 *
 * @param folder that relative paths are taken from
 */
export const readBacktestCommand = (args: readonly string[], folder: string): BacktestCommand => {
  try {
    const parsed = parse(args);
    return parsed.values.help ? { kind: "HELP" } : { kind: "RUN", options: judge(parsed, folder) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof WrongUsage) return { kind: "USAGE_ERROR", sentence: message };
    // parseArgs names the option in its message; what follows the first sentence is advice on its own syntax.
    const [sentence = message] = message.split(/\.? ?\n|\. /);
    const hint = "npm run backtest -- --help shows what there is.";
    return { kind: "USAGE_ERROR", sentence: `${sentence}: ${hint}` };
  }
};
