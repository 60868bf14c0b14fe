/** Findings as a table for spreadsheets. */
import type { WasteFindingJson } from "./schemas/waste.ts";
import { csvOf, type Cell } from "./csv.ts";

/** Documented in docs/waste.md. */
const wasteColumns: Readonly<Record<string, (row: WasteFindingJson) => Cell>> = {
  finding_id: ({ finding_id: id }) => id,
  account_id: ({ account_id: id }) => id,
  region: ({ region }) => region,
  kind: ({ kind }) => kind,
  resource_id: ({ resource_id: id }) => id,
  label: ({ label }) => label,
  owner: ({ owner }) => owner,
  status: ({ status }) => status,
  days: ({ days }) => days,
  first_seen_at: ({ first_seen_at: at }) => at,
  last_seen_at: ({ last_seen_at: at }) => at,
  monthly_usd: ({ monthly_usd: usd }) => usd,
  counted_with: ({ counted_with: id }) => id,
  priced_at: ({ priced_at: at }) => at,
  why: ({ why }) => why,
  effect: ({ effect }) => effect,
  undo: ({ undo }) => undo,
  unchecked: ({ unchecked }) => unchecked.join("; "),
};

export const wasteCsv = (rows: readonly WasteFindingJson[]): string => csvOf(wasteColumns, rows);
