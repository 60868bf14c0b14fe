/** The terms of a ledger as a column that sums up: what is taken from the baseline is below zero. */
import type { MonthEnding } from "./month-story.ts";

interface TermRow {
  readonly name: string;
  readonly usd: number;
  readonly source: string;
}

export const termRows = ({
  savings: { total },
}: Pick<MonthEnding, "savings">): readonly TermRow[] =>
  Object.entries(total.terms).map(([name, term]) => ({
    name,
    // Not the zero below zero.
    usd: name === "would" || term.usd === 0 ? term.usd : -term.usd,
    source: term.source,
  }));
