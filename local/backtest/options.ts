/** The backtest's command line. */
import * as z from "zod";
import { defineCommandLine } from "../terminal/command-line.ts";
import { flag, pathBelow, textAs } from "../terminal/option-values.ts";
import { hanging } from "../terminal/wrap.ts";
import { contenderNames, frontierNames } from "./contenders.ts";
import {
  marketFileNeeds,
  marketFileOptions,
  marketFilesOf,
  namesMarkets,
  type MarketFiles,
} from "./market-files.ts";

const mostUnits = 1000;

const usage = `Usage: npm run backtest -- --traces FILE… [options]
       npm run backtest -- --prices FILE --on-demand FILE [options]

Replays recorded Spot markets under each policy and sets it against the cheapest schedule that foresight allows.

  --traces FILE…    traces: line 1 "# {json}" with gap_seconds and unit_capacity, line 2 "tick,<zone>,…", a row per tick
  --prices FILE     Spot prices, a row per change: instance_type, az, timestamp_utc, spot_usd_per_h
  --on-demand FILE  the On-Demand prices that go with them: instance_type, ondemand_usd_per_h
  --units N         whole number from 1 to ${String(mostUnits)}, or several such as 1,16 (default 1). Units that all zones together
                    can't hold stay on On-Demand
  --policy NAME     all (the default), frontier (lowest-price, and ours with an interruption said to cost
                    ${frontierNames[0]?.slice("product-cost-".length) ?? ""} to ${frontierNames.at(-1)?.slice("product-cost-".length) ?? ""} On-Demand hours), or some of these with commas between:
${hanging(" ".repeat(20), contenderNames.join(", ")).join("\n")}
  --notice S        seconds of warning before an interruption (default 0): so much of the downtime is not counted
  --report FILE     where the page with pictures goes (default .local/backtest/report.html)
  --json            print one JSON document instead of tables
  --speed           replay each for half a second and print the ticks per second, to stderr
  --help            print this

Files may be gzipped. Figures depend on the files and options alone; progress goes to stderr. The rules are in
docs/backtest.md.

Exit code: 0 done, 2 wrong usage or unreadable files.
`;

export interface BacktestOptions extends MarketFiles {
  readonly units: readonly number[];
  /** Names of contenders. */
  readonly policies: readonly string[];
  readonly noticeSeconds: number;
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

const isUnknown = (name: string): boolean => ![...contenderNames, ...frontierNames].includes(name);

const policiesOf = (text: string): readonly string[] | undefined => {
  if (text === "all") return contenderNames;
  if (text === "frontier") return ["lowest-price", ...frontierNames];
  const names = listOf(text);
  return names.some(isUnknown) ? undefined : names;
};

const policies = textAs(policiesOf, (text) => {
  const unknown = listOf(text).find(isUnknown) ?? "";
  return `there is no policy "${unknown}": use all, frontier, or some of ${contenderNames.join(", ")}`;
});

const notice = textAs(
  (text) => (/^\d{1,6}(\.\d+)?$/.test(text) ? Number(text) : undefined),
  (text) => `"${text}" is not a number of seconds of 0 or more`,
);

export const backtestCommandLine = (folder: string) =>
  defineCommandLine({
    command: "npm run backtest --",
    usage,
    needs: marketFileNeeds,
    schema: z
      .object({
        ...marketFileOptions(folder),
        units: units.default([1]),
        policy: policies.default(contenderNames),
        notice: notice.default(0),
        report: pathBelow(folder).optional(),
        json: flag,
        speed: flag,
      })
      .refine(namesMarkets, {
        error: "Nothing to replay: name files with --traces, or --prices and --on-demand",
      })
      .transform((values): BacktestOptions => ({
        ...marketFilesOf(values),
        units: values.units,
        policies: values.policy,
        noticeSeconds: values.notice,
        isJson: values.json,
        showsSpeed: values.speed,
        ...(values.report === undefined ? {} : { reportPath: values.report }),
      })),
  });
