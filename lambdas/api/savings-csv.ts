/** Savings as a table for spreadsheets. */
import { termNames } from "../../core/model/ledger/day.ts";
import { snakeName } from "../../core/snake-name.ts";
import { csvOf, type Cell } from "./csv.ts";
import type { TargetSavingsJson } from "./schemas/savings.ts";

type Column = (row: TargetSavingsJson) => Cell;

/** Each with its source and what is unknown of it. */
const termColumns: Readonly<Record<string, Column>> = Object.fromEntries(
  termNames.map(snakeName).flatMap((name): readonly (readonly [string, Column])[] => [
    [`${name}_usd`, ({ terms }) => terms[name]?.usd],
    [`${name}_source`, ({ terms }) => terms[name]?.source],
    [`${name}_unknown_usd`, ({ terms }) => terms[name]?.unknown_usd],
    [`${name}_unbounded_seconds`, ({ terms }) => terms[name]?.unbounded_seconds],
  ]),
);

/** Documented in docs/ledger.md. */
const savingsColumns: Readonly<Record<string, Column>> = {
  account_id: ({ account_id: id }) => id,
  target_id: ({ target_id: id }) => id,
  month: ({ month }) => month,
  days: ({ days }) => days,
  is_final: ({ is_final: isFinal }) => String(isFinal),
  net_low_usd: ({ net_usd: { low } }) => low,
  net_high_usd: ({ net_usd: { high } }) => high,
  is_range: ({ net_usd: { is_range: isRange } }) => String(isRange),
  is_bounded: ({ net_usd: { is_bounded: isBounded } }) => String(isBounded),
  gross_usd: ({ gross_usd: gross }) => gross,
  wanted_hours: ({ wanted_hours: hours }) => hours,
  downtime_seconds: ({ downtime_seconds: seconds }) => seconds,
  ...termColumns,
  spot_drift_usd: ({ spot_drift_usd: drift }) => drift,
  stated_at: ({ stated_at: at }) => at,
};

export const savingsCsv = (rows: readonly TargetSavingsJson[]): string =>
  csvOf(savingsColumns, rows);
