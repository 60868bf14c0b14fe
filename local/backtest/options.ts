/** The backtest's command line. */
import * as z from "zod";
import { defineCommandLine } from "../terminal/command-line.ts";
import { decimalNumber, flag, pathBelow, textAs, wholeNumber } from "../terminal/option-values.ts";
import { hanging } from "../terminal/wrap.ts";
import { contenderNames, frontierNames, responseNames } from "./contenders.ts";
import {
  marketFileNeeds,
  marketFileOptions,
  marketFilesOf,
  type MarketFiles,
} from "./market-files.ts";
import type { SignalsBySeed } from "./score.ts";

const mostUnits = 1000;

const usage = `Usage: npm run backtest [-- options]
       npm run backtest -- --traces FILE… [options]
       npm run backtest -- --prices FILE --on-demand FILE [options]

Replays recorded Spot markets under each policy and sets it against the cheapest schedule that foresight allows.
Without a file it takes the made-up traces of markets/made-1, which ship with the product.

  --traces FILE…    traces: line 1 "# {json}" with gap_seconds and unit_capacity, line 2 "tick,<zone>,…", a row per tick
                    (default, where no --prices are given: those of markets/made-1)
  --prices FILE     Spot prices in USD, a row per change: instance_type, az, timestamp_utc, spot_usd_per_h
                    (default: none)
  --on-demand FILE  the On-Demand prices that go with them: instance_type, ondemand_usd_per_h (needed by --prices)
  --units N         whole number from 1 to ${String(mostUnits)}, or several such as 1,16 (default 1). Units that all zones together
                    can't hold stay on On-Demand
  --policy NAME     all (the default), frontier (lowest-price, and ours with an interruption said to cost
                    ${frontierNames[0]?.slice("product-cost-".length) ?? ""} to ${frontierNames.at(-1)?.slice("product-cost-".length) ?? ""} On-Demand hours),
                    response (ours where a loss is answered at once, by the next sweep, or never), or some of these
                    with commas between:
${hanging(" ".repeat(20), contenderNames.join(", ")).join("\n")}
  --notice S        seconds of warning before an interruption (default 0): so much of the downtime is not counted
  --announced Q     share of the losses that are announced ahead, 0 to 1 (default: none), with --lead S: our policies
                    act on it. Of each figure of theirs the mean over the seeds is printed
  --lead S          seconds between an announcement and its loss (needed by --announced)
  --false-alarms-per-day F
                    announcements in each pool that nothing need follow (default 0)
  --rest-hours H    a unit that has moved at an announcement heeds no other for so long (default 0)
  --young-minutes M announcements of instances that were launched later than this are not heeded (default 0)
  --seeds N         how often it is drawn which losses are announced, with the seeds 1 to N (default 20)
  --report FILE     where the page with pictures goes (default .local/backtest/report.html)
  --json            print one JSON document instead of tables
  --speed           replay each for half a second and print the ticks per second, to stderr
  --help            print this

Files may be gzipped. Figures depend on the files and options alone; progress goes to stderr. The rules are in
docs/backtest.md.

Example: npm run backtest -- --units 16 --policy product,lowest-price,on-demand

Exit code: 0 done, 2 wrong usage or unreadable files.
`;

export interface BacktestOptions extends MarketFiles {
  readonly units: readonly number[];
  /** Names of contenders. */
  readonly policies: readonly string[];
  readonly noticeSeconds: number;
  readonly signals: SignalsBySeed;
  readonly isJson: boolean;
  readonly showsSpeed: boolean;
  readonly reportPath?: string;
}

const unitsOf = (text: string): readonly number[] | undefined => {
  const numbers = text
    .split(",")
    .map((part) => (/^\d{1,4}$/.test(part.trim()) ? Number(part) : NaN));
  const areAllowed = numbers.every((units) => units >= 1 && units <= mostUnits);
  return areAllowed ? [...new Set(numbers)] : undefined;
};

const units = textAs(
  unitsOf,
  (text) =>
    `"${text}" is not a whole number from 1 to ${String(mostUnits)}, or several with commas between`,
);

const listOf = (text: string): readonly string[] => text.split(",").map((name) => name.trim());

const known: ReadonlySet<string> = new Set([...contenderNames, ...frontierNames, ...responseNames]);

const isUnknown = (name: string): boolean => !known.has(name);

const policiesOf = (text: string): readonly string[] | undefined => {
  if (text === "all") return contenderNames;
  if (text === "frontier") return ["lowest-price", ...frontierNames];
  if (text === "response") return ["on-demand", "lowest-price", "product", ...responseNames];
  const names = listOf(text);
  return names.some(isUnknown) ? undefined : names;
};

const policies = textAs(policiesOf, (text) => {
  const unknown = listOf(text).find(isUnknown) ?? "";
  return `there is no policy "${unknown}": use all, frontier, response, or some of ${contenderNames.join(", ")}`;
});

const notice = textAs(
  (text) => (/^\d{1,6}(\.\d+)?$/.test(text) ? Number(text) : undefined),
  (text) => `"${text}" is not a number of seconds of 0 or more`,
);

interface SignalValues {
  readonly announced?: number | undefined;
  readonly lead?: number | undefined;
  readonly "false-alarms-per-day": number;
  readonly "rest-hours": number;
  readonly "young-minutes": number;
  readonly seeds: number;
}

const signalsOf = (values: SignalValues): SignalsBySeed => {
  const { announced: announcedShare, lead: leadSeconds, seeds } = values;
  if (announcedShare === undefined || leadSeconds === undefined) return [];
  return Array.from({ length: seeds }, (_, index) => ({
    announcedShare,
    leadSeconds,
    falseAlarmsPerDay: values["false-alarms-per-day"],
    restHours: values["rest-hours"],
    youngMinutes: values["young-minutes"],
    seed: index + 1,
  }));
};

export const backtestCommandLine = (folder: string) =>
  defineCommandLine({
    command: "npm run backtest --",
    usage,
    needs: {
      ...marketFileNeeds,
      announced: "lead",
      lead: "announced",
      "false-alarms-per-day": "announced",
      "rest-hours": "announced",
      "young-minutes": "announced",
      seeds: "announced",
    },
    schema: z
      .object({
        ...marketFileOptions(folder),
        units: units.default([1]),
        policy: policies.default(contenderNames),
        notice: notice.default(0),
        announced: decimalNumber({ from: 0, to: 1 }).optional(),
        lead: decimalNumber({ from: 0, to: 1_000_000 }).optional(),
        "false-alarms-per-day": decimalNumber({ from: 0, to: 1000 }).default(0),
        "rest-hours": decimalNumber({ from: 0, to: 1000 }).default(0),
        "young-minutes": decimalNumber({ from: 0, to: 100_000 }).default(0),
        seeds: wholeNumber({ from: 1, to: 1000 }).default(20),
        report: pathBelow(folder).optional(),
        json: flag,
        speed: flag,
      })
      .transform((values): BacktestOptions => ({
        ...marketFilesOf(values),
        units: values.units,
        policies: values.policy,
        noticeSeconds: values.notice,
        signals: signalsOf(values),
        isJson: values.json,
        showsSpeed: values.speed,
        ...(values.report === undefined ? {} : { reportPath: values.report }),
      })),
  });
