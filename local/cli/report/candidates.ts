/** Reads the pools that an evaluation looked at, for tables: the best ones, what became of each, and the others by their reason. */
import { hourlyUsd, riskPercent, savingPercent } from "../../terminal/figures.ts";
import { figureColumn, type Column } from "../../terminal/table.ts";
import type { Schemas } from "../api/client.ts";

type Evaluation = Pick<Schemas["Evaluation"], "verdict" | "swaps" | "candidates">;
export type Candidate = Schemas["Candidate"];
type Pool = Schemas["Pool"];

/** Offers that the launch tries at most, and one that was not good enough. */
const shownCandidates = 6;

const isSamePool = (one: Pool, other: Pool | undefined): boolean =>
  other !== undefined && one.zone_id === other.zone_id && one.instance_type === other.instance_type;

/**
 * Best first, as the record has them. Where too few passed the filter, pools of the original's own type fill up.
 *
 * @param original type of the original
 */
export const topCandidates = <Each extends Candidate>(
  candidates: readonly Each[],
  original: string,
): readonly Each[] => {
  const passed = candidates.filter((candidate) => candidate.expected_hourly_usd !== undefined);
  const own = candidates
    .filter((candidate) => candidate.expected_hourly_usd === undefined)
    .filter(({ pool }) => pool.instance_type === original);
  return [...passed, ...own].slice(0, shownCandidates);
};

/** What became of the pool in this evaluation. */
const remark = ({ verdict, swaps: [swap] }: Evaluation, { pool, rejection }: Candidate): string => {
  if (rejection !== undefined) return rejection.code;
  const rank = (verdict?.offers ?? []).findIndex((offer) => isSamePool(offer, pool));
  if (rank === -1) return "acceptable";
  const offer = `offer ${String(rank + 1)}`;
  if (isSamePool(pool, swap?.replacement?.pool)) return `${offer}, taken`;
  const failed = swap?.failed.find((each) => isSamePool(each.pool, pool));
  return failed === undefined ? offer : `${offer}: no capacity`;
};

export const candidateColumns = (evaluation: Evaluation): readonly Column<Candidate>[] => [
  { heading: "Type", cell: ({ pool }) => pool.instance_type },
  { heading: "Zone", cell: ({ pool }) => pool.zone_id },
  figureColumn("Spot", (row) => hourlyUsd(row.spot_hourly_usd)),
  figureColumn("On-Dem.", (row) => hourlyUsd(row.on_demand_hourly_usd)),
  figureColumn("Band", (row) => row.band_label ?? ""),
  figureColumn("Risk", (row) => riskPercent(row.risk?.probability)),
  figureColumn("Expected", (row) => hourlyUsd(row.expected_hourly_usd)),
  figureColumn("Saves", (row) => savingPercent(row.savings_percent)),
  { heading: "Remark", cell: (row) => remark(evaluation, row) },
];

/** Most frequent first. */
export const rejectionCounts = (
  candidates: readonly Pick<Candidate, "rejection">[],
): readonly (readonly [code: string, count: number])[] => {
  const counts = new Map<string, number>();
  for (const { rejection } of candidates) {
    if (rejection !== undefined) counts.set(rejection.code, (counts.get(rejection.code) ?? 0) + 1);
  }
  return [...counts].sort(
    ([code, count], [otherCode, otherCount]) => otherCount - count || (code < otherCode ? -1 : 1),
  );
};
