/** The pools that an evaluation looked at: the best ones as a table, the others counted by the reason. */
import type { EvaluationJson } from "../../../lambdas/api/schemas/evaluations.ts";
import { hourlyUsd, riskPercent, savingPercent } from "../../terminal/figures.ts";
import { figureColumn, table, type Column } from "../../terminal/table.ts";
import { hanging, oneLine, pageWidth } from "../../terminal/wrap.ts";

type Candidate = EvaluationJson["candidates"][number];
type Pool = Candidate["pool"];

/** Offers that the launch tries at most, and one that was not good enough. */
const shownCandidates = 6;

const isSamePool = (one: Pool, other: Pool | undefined): boolean =>
  other !== undefined && one.zone_id === other.zone_id && one.instance_type === other.instance_type;

/** Best first, as the record has them. Where too few passed the filter, pools of the original's own type fill up. */
export const topCandidates = (
  evaluation: EvaluationJson,
  original: string,
): readonly Candidate[] => {
  const { candidates } = evaluation;
  const passed = candidates.filter((candidate) => candidate.expected_hourly_usd !== undefined);
  const own = candidates
    .filter((candidate) => candidate.expected_hourly_usd === undefined)
    .filter(({ pool }) => pool.instance_type === original);
  return [...passed, ...own].slice(0, shownCandidates);
};

/** What became of the pool in this evaluation. */
const remark = (evaluation: EvaluationJson, { pool, rejection }: Candidate): string => {
  if (rejection !== undefined) return rejection.code;
  const { verdict } = evaluation;
  const [swap] = evaluation.swaps;
  const rank = (verdict?.offers ?? []).findIndex((offer) => isSamePool(offer, pool));
  if (rank === -1) return "acceptable";
  const offer = `offer ${String(rank + 1)}`;
  if (isSamePool(pool, swap?.replacement?.pool)) return `${offer}, taken`;
  const failed = swap?.failed.find((each) => isSamePool(each.pool, pool));
  return failed === undefined ? offer : `${offer}: no capacity`;
};

const columnsOf = (evaluation: EvaluationJson): readonly Column<Candidate>[] => [
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

export const rejectionCounts = (
  candidates: readonly Candidate[],
): readonly (readonly [code: string, count: number])[] => {
  const counts = new Map<string, number>();
  for (const { rejection } of candidates) {
    if (rejection !== undefined) counts.set(rejection.code, (counts.get(rejection.code) ?? 0) + 1);
  }
  return [...counts].sort(
    ([code, count], [otherCode, otherCount]) => otherCount - count || (code < otherCode ? -1 : 1),
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

interface Layout {
  /** Type of the original. */
  readonly original: string;
  readonly indent: string;
  /** With the meaning of the columns and an example of each reason. */
  readonly isExplained: boolean;
}

const rejectionLines = (
  rest: readonly Candidate[],
  { original, indent, isExplained }: Layout,
): readonly string[] => {
  const counts = rejectionCounts(rest);
  if (counts.length === 0) return [];
  const codeWidth = Math.max(...counts.map(([code]) => code.length));
  const total = String(counts.reduce((sum, [, count]) => sum + count, 0));
  if (!isExplained) {
    // Held together while lines are broken.
    const list = counts.map(([code, count]) => `${String(count)}\u00a0${code}`).join(", ");
    return hanging(indent, `and ${total} more that were rejected: ${list}`).map((line) =>
      line.replaceAll("\u00a0", " "),
    );
  }
  return [
    `${indent}and ${total} more that were rejected, by reason and with an example each:`,
    ...counts.map(([code, count]) => {
      const label = `${indent}${String(count).padStart(5)}  ${code.padEnd(codeWidth)}  `;
      return label + oneLine(exampleOf(rest, code, original), pageWidth - label.length);
    }),
  ];
};

const legendOf = ({ policy }: EvaluationJson): string => {
  const hours = String(policy.horizon_hours);
  return (
    "Prices in USD per hour. Band: share of such instances that are interrupted within a month, by AWS's Spot " +
    `Advisor. Risk: predicted probability to lose the instance within ${hours} h. Expected: Spot price plus what an ` +
    "interruption and the switch itself cost, spread over the hours. Saves: of the original's On-Demand price."
  );
};

export const candidateLines = (evaluation: EvaluationJson, layout: Layout): readonly string[] => {
  const { candidates } = evaluation;
  const { original, indent, isExplained } = layout;
  if (candidates.length === 0) return [];
  const top = topCandidates(evaluation, original);
  const rest = candidates.filter((candidate) => !top.includes(candidate));
  const acceptable = rest.filter(({ rejection }) => rejection === undefined).length;
  return [
    ...table(top, columnsOf(evaluation), indent),
    ...(acceptable === 0
      ? []
      : [`${indent}and ${String(acceptable)} more that are acceptable, at a higher expected cost`]),
    ...rejectionLines(rest, layout),
    ...(isExplained ? ["", ...hanging(indent, legendOf(evaluation))] : []),
  ];
};
