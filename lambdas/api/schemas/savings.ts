/** What was saved, by target and month, in US dollars with six digits. */
import { monthPattern } from "../../../core/ledger/sum-month.ts";
import { usdOf } from "../../../core/ledger/money.ts";
import { addAllTerms, grossOf, netOf } from "../../../core/ledger/terms.ts";
import {
  termNames,
  termSources,
  type LedgerMonth,
  type Term,
  type TermName,
  type Terms,
} from "../../../core/model/ledger/day.ts";
import { snakeName } from "../../../core/snake-name.ts";
import * as z from "../zod.ts";
import { shadowSchema } from "./savings-shadow.ts";
import { accountIdField, pageQuery, targetIdField, timeField } from "./common.ts";

const monthField = z
  .string()
  .regex(monthPattern, "must be a month such as 2026-11")
  .meta({ description: "A month by UTC.", example: "2026-11" });

export const savingsQuery = z.strictObject({
  account_id: accountIdField.exactOptional(),
  target_id: targetIdField.exactOptional(),
  month: monthField.exactOptional(),
  shadow: z
    .enum(["true", "false"])
    .exactOptional()
    .meta({ description: "true: also what targets in shadow mode would have saved." }),
  ...pageQuery,
});

const usdField = (description: string) =>
  z.number().meta({ description: `${description} US dollars, six digits.`, example: 12.345678 });

const termField = (description: string) =>
  z
    .strictObject({
      usd: usdField("What is known of it."),
      source: z.enum(termSources).meta({
        description:
          "The least certain of what is in it. billed: from a bill. priced: from recorded prices. estimated: an upper bound, or declared. unknown: a part of it has no price, or nobody knows how long it ran.",
      }),
      unknown_usd: usdField("By so much more it may be, at the most."),
      unbounded_seconds: z
        .number()
        .meta({ description: "Seconds of it for which not even a most is known." }),
    })
    .meta({ description });

const meanings: Readonly<Record<TermName, string>> = {
  would: "What the owner would have paid: his own type, On-Demand, for as long as he wanted it.",
  ran: "What served, Spot and On-Demand.",
  covered: "Of `would`, what a Savings Plan would have paid anyway (`covered_hourly_usd`).",
  doubleRunning: "What ran beside what served, failed launches included.",
  reservations: "On-Demand capacity that was held for the way back.",
  kept: "Volumes of what does not serve; images, at most.",
  extras: "Public IPv4 addresses of what does not serve.",
  crossZone: "Bytes between zones, once it stands in another zone than its original.",
  tool: "What this product costs by itself.",
};

/** `double_running`: as the API names it. */
const fieldOf = (name: TermName): string => snakeName(name);

const termsSchema = z
  .strictObject(
    Object.fromEntries(termNames.map((name) => [fieldOf(name), termField(meanings[name])])),
  )
  .meta({ id: "SavingsTerms", description: "All that is reckoned, each with its source." });

const sums = {
  net_usd: z
    .strictObject({
      low: usdField("No less, where it is bounded."),
      high: usdField("No more."),
      is_range: z.boolean().meta({
        description: "More than one per cent of `would` is unknown: both ends are to be told.",
      }),
      is_bounded: z.boolean().meta({
        description:
          "false: of something not even a most is known (`unbounded_seconds`), and `low` may be too high.",
      }),
    })
    .meta({ description: "What was saved: `would`, less all other terms. The figure to be told." }),
  gross_usd: usdField("`would` less `ran`: without what it cost to get there."),
  terms: termsSchema,
  wanted_hours: z
    .number()
    .meta({ description: "Hours for which it was wanted; of a group of all its instances." }),
  downtime_seconds: z
    .number()
    .meta({ description: "For which evaluations had it down. Not netted." }),
  spot_drift_usd: usdField(
    "What Spot comes to at the price of each instant, less what `ran` and `double_running` have of it: there each hour of an instance has the price at its beginning.",
  ),
  is_final: z.boolean().meta({
    description: "false: days are missing, or a reading later than their end is.",
  }),
};

const monthSchema = z
  .strictObject({
    account_id: accountIdField,
    target_id: targetIdField,
    month: monthField,
    days: z.int().meta({ description: "Of which something is known." }),
    stated_at: timeField("When its last day was stated."),
    ...sums,
    shadow: shadowSchema.exactOptional(),
  })
  .meta({ id: "TargetSavings", description: "A target's month in the ledger." });

export const savingsSchema = z
  .strictObject({
    month: monthField,
    items: z.array(monthSchema).meta({ description: "By account and target." }),
    cursor: z
      .string()
      .exactOptional()
      .meta({ description: "To be passed for the next page; absent on the last one." }),
    total: z
      .strictObject({
        targets: z.int().meta({ description: "With the month in the ledger." }),
        ...sums,
        shadow: shadowSchema.exactOptional(),
      })
      .meta({ description: "Of all that the filter leaves, not of the page alone." }),
  })
  .meta({ id: "SavingsOfMonth", description: "What was saved in a month." });

const dollars = (nanoUsd: bigint): number => Number(usdOf(nanoUsd));

const termJson = ({ nanoUsd, source, unknownNanoUsd, unboundedSeconds }: Term) => ({
  usd: dollars(nanoUsd),
  source,
  unknown_usd: dollars(unknownNanoUsd),
  unbounded_seconds: unboundedSeconds,
});

const secondsPerHour = 3600;

type Sums = Pick<
  LedgerMonth,
  "terms" | "wantedSeconds" | "downtimeSeconds" | "spotDriftNanoUsd" | "isFinal"
>;

const termsJson = (terms: Terms): z.infer<typeof termsSchema> =>
  Object.fromEntries(termNames.map((name) => [fieldOf(name), termJson(terms[name])]));

const sumsJson = ({ terms, wantedSeconds, downtimeSeconds, spotDriftNanoUsd, isFinal }: Sums) => {
  const { lowNanoUsd, highNanoUsd, isRange, isBounded } = netOf(terms);
  return {
    net_usd: {
      low: dollars(lowNanoUsd),
      high: dollars(highNanoUsd),
      is_range: isRange,
      is_bounded: isBounded,
    },
    gross_usd: dollars(grossOf(terms)),
    terms: termsJson(terms),
    wanted_hours: Number((wantedSeconds / secondsPerHour).toFixed(6)),
    downtime_seconds: downtimeSeconds,
    spot_drift_usd: dollars(spotDriftNanoUsd),
    is_final: isFinal,
  };
};

export type TargetSavingsJson = z.infer<typeof monthSchema>;

export const targetSavingsJson = (month: LedgerMonth): TargetSavingsJson => ({
  account_id: month.accountId,
  target_id: month.targetId,
  month: month.month,
  days: month.days,
  stated_at: month.statedAt,
  ...sumsJson(month),
});

const sumOf = (months: readonly LedgerMonth[], name: "wantedSeconds" | "downtimeSeconds"): number =>
  months.reduce((sum, month) => sum + month[name], 0);

export const totalSavingsJson = (
  months: readonly LedgerMonth[],
): z.infer<typeof savingsSchema>["total"] => ({
  targets: months.length,
  ...sumsJson({
    terms: addAllTerms(months.map(({ terms }) => terms)),
    wantedSeconds: sumOf(months, "wantedSeconds"),
    downtimeSeconds: sumOf(months, "downtimeSeconds"),
    spotDriftNanoUsd: months.reduce((sum, month) => sum + month.spotDriftNanoUsd, 0n),
    isFinal: months.every(({ isFinal }) => isFinal),
  }),
});
