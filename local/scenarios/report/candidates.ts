/** The pools that an evaluation looked at: the best ones as a table, the others counted by the reason. */
import type { EvaluationJson } from "../../../lambdas/api/schemas/evaluations.ts";
import { hourlyUsd, percent, shareAsPercent } from "./figures.ts";
import { table, type Column } from "./table.ts";
import { oneLine, pageWidth } from "./wrap.ts";

type Candidate = EvaluationJson["candidates"][number];
type Pool = Candidate["pool"];

/** Offers that the launch tries at most, and one that was not good enough. */
const shownCandidates = 6;

const isSamePool = (one: Pool, other: Pool | undefined): boolean =>
  other !== undefined && one.zone_id === other.zone_id && one.instance_type === other.instance_type;

/**
 * Best first, as the record has them. Where too few are good enough, those with a known price fill up: first of the
 * original's own type, then the cheapest.
 */
export const topCandidates = (evaluation: EvaluationJson, original: string): readonly Candidate[] => {
  const { candidates } = evaluation;
  const priced = candidates.filter((candidate) => candidate.expected_hourly_usd !== undefined);
  const isOfOriginal = ({ pool }: Candidate): number => Number(pool.instance_type === original);
  const others = candidates
    .filter((candidate) => candidate.expected_hourly_usd === undefined)
    .filter((candidate) => candidate.spot_hourly_usd !== undefined)
    .sort(
      (one, other) =>
        isOfOriginal(other) - isOfOriginal(one) ||
        (one.spot_hourly_usd ?? 0) - (other.spot_hourly_usd ?? 0),
    );
  return [...priced, ...others].slice(0, shownCandidates);
};

/** What became of the pool in this evaluation. */
const remark = (evaluation: EvaluationJson, { pool, rejection }: Candidate): string => {
  if (rejection !== undefined) return rejection.code;
  const { verdict, progress } = evaluation;
  const rank = (verdict?.offers ?? []).findIndex((offer) => isSamePool(offer, pool));
  if (rank === -1) return "acceptable";
  const offer = `offer ${String(rank + 1)}`;
  if (isSamePool(pool, progress.replacement_pool)) return `${offer}, taken`;
  const failed = progress.failed_offers?.find((each) => isSamePool(each.pool, pool));
  return failed === undefined ? offer : `${offer}: no capacity`;
};

const columnsOf = (evaluation: EvaluationJson): readonly Column<Candidate>[] => [
  { heading: "Type", cell: ({ pool }) => pool.instance_type },
  { heading: "Zone", cell: ({ pool }) => pool.zone_id },
  { heading: "Spot/h", align: "right", cell: (row) => hourlyUsd(row.spot_hourly_usd) },
  { heading: "On-Dem./h", align: "right", cell: (row) => hourlyUsd(row.on_demand_hourly_usd) },
  { heading: "Band", align: "right", cell: (row) => row.band_label ?? "" },
  {
    heading: `Risk ${String(evaluation.policy.horizon_hours)} h`,
    align: "right",
    cell: (row) => shareAsPercent(row.risk?.probability),
  },
  { heading: "Expected/h", align: "right", cell: (row) => hourlyUsd(row.expected_hourly_usd) },
  { heading: "Saves", align: "right", cell: (row) => percent(row.savings_percent) },
  { heading: "Remark", cell: (row) => remark(evaluation, row) },
];

export const rejectionCounts = (
  candidates: readonly Candidate[],
): readonly (readonly [code: string, count: number])[] => {
  const counts = new Map<string, number>();
  for (const { rejection } of candidates) {
    if (rejection !== undefined) counts.set(rejection.code, (counts.get(rejection.code) ?? 0) + 1);
  }
  return [...counts].sort(
    ([code, count], [otherCode, otherCount]) =>
      otherCount - count || (code < otherCode ? -1 : 1),
  );
};

/** Nearest to the original: the reason says most there. */
const exampleOf = (candidates: readonly Candidate[], code: string, original: string): string => {
  const ofCode = candidates.filter(({ rejection }) => rejection?.code === code);
  const example = ofCode.find(({ pool }) => pool.instance_type === original) ?? ofCode[0];
  if (example === undefined) return "";
  const { pool, rejection } = example;
  return `${pool.instance_type} in ${pool.zone_id} ${rejection?.sentence ?? ""}`;
};

const rejectionLines = (
  rest: readonly Candidate[],
  original: string,
  indent: string,
): readonly string[] => {
  const counts = rejectionCounts(rest);
  if (counts.length === 0) return [];
  const codeWidth = Math.max(...counts.map(([code]) => code.length));
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  return [
    `${indent}and ${String(total)} more that were rejected, by reason and with an example each:`,
    ...counts.map(([code, count]) => {
      const label = `${indent}${String(count).padStart(5)}  ${code.padEnd(codeWidth)}  `;
      return label + oneLine(exampleOf(rest, code, original), pageWidth - label.length);
    }),
  ];
};

export const candidateLines = (
  evaluation: EvaluationJson,
  original: string,
  indent: string,
): readonly string[] => {
  const { candidates } = evaluation;
  if (candidates.length === 0) return [];
  const top = topCandidates(evaluation, original);
  const rest = candidates.filter((candidate) => !top.includes(candidate));
  const acceptable = rest.filter(({ rejection }) => rejection === undefined).length;
  return [
    ...table(top, columnsOf(evaluation), indent),
    ...(acceptable === 0
      ? []
      : [`${indent}and ${String(acceptable)} more that are acceptable, at a higher expected cost`]),
    ...rejectionLines(rest, original, indent),
  ];
};
