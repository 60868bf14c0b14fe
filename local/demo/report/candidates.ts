/** The pools that an evaluation looked at: the best ones as a table, the others counted by the reason. */
import type { EvaluationJson } from "../../../lambdas/api/schemas/evaluations.ts";
import {
  candidateColumns,
  rejectionCounts,
  topCandidates,
  type Candidate,
} from "../../cli/report/candidates.ts";
import { table } from "../../terminal/table.ts";
import { hanging, oneLine, pageWidth } from "../../terminal/wrap.ts";

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
  const top = topCandidates(candidates, original);
  const rest = candidates.filter((candidate) => !top.includes(candidate));
  const acceptable = rest.filter(({ rejection }) => rejection === undefined).length;
  return [
    ...table(top, candidateColumns(evaluation), indent),
    ...(acceptable === 0
      ? []
      : [`${indent}and ${String(acceptable)} more that are acceptable, at a higher expected cost`]),
    ...rejectionLines(rest, layout),
    ...(isExplained ? ["", ...hanging(indent, legendOf(evaluation))] : []),
  ];
};
