/** The row of a target that an evaluation has judged since a sweep has: it says what that has judged, and what came of it. */
import type { Evaluation } from "../../model/evaluation.ts";
import { kindOf } from "../../model/evaluation-kind.ts";
import type { FleetRow, RegisteredRow } from "../../model/fleet-row.ts";
import type { Savings } from "../../model/verdict.ts";
import type { Swap } from "../../model/swap.ts";

export interface EvaluationWithSwaps {
  readonly evaluation: Evaluation;
  readonly swaps: readonly Swap[];
}

type Judged = Partial<
  Pick<
    FleetRow,
    "verdict" | "saves" | "pool" | "pools" | "paysHourlyUsd" | "onDemandHourlyUsd" | "risk"
  >
>;

const settled = (hourlyUsd: number): number => Number(hourlyUsd.toFixed(4));

/** Of a switch from On-Demand: its verdict says how much of what is paid there it saves. */
const pricesOf = (
  { hourlyUsd, percent }: Savings,
  hasMoved: boolean,
): Pick<Judged, "paysHourlyUsd" | "onDemandHourlyUsd"> => {
  if (percent <= 0) return {};
  const onDemand = settled((hourlyUsd / percent) * 100);
  return {
    paysHourlyUsd: hasMoved ? settled(onDemand - hourlyUsd) : onDemand,
    onDemandHourlyUsd: onDemand,
  };
};

const savedBy = (
  { evaluation }: EvaluationWithSwaps,
  hasMoved: boolean,
): Pick<Judged, "saves" | "paysHourlyUsd" | "onDemandHourlyUsd"> => {
  const { verdict, estimatedSavings, isShadowMode } = evaluation;
  const savings = estimatedSavings ?? verdict?.savings;
  const isOfSwitch = verdict?.kind === "SWITCH" && kindOf(evaluation) === "SWITCH";
  // Of a group it is of those alone that were to go.
  if (savings === undefined || !isOfSwitch || evaluation.mode !== "LINEAR") return {};
  const { monthlyUsd } = savings;
  const planned = isShadowMode ? ("SHADOW" as const) : ("PLANNED" as const);
  return {
    saves: { monthlyUsd, basis: hasMoved ? "ESTIMATED" : planned },
    ...pricesOf(savings, hasMoved),
  };
};

const poolOf = ({ evaluation, swaps }: EvaluationWithSwaps, hasMoved: boolean): Judged => {
  const taken = swaps.length === 1 ? swaps[0]?.replacement?.pool : undefined;
  if (evaluation.mode !== "LINEAR" || !hasMoved || taken === undefined) return {};
  const { instanceType, zoneId } = taken;
  return { pools: 1, pool: { instanceType, zoneId } };
};

type Known = RegisteredRow & Partial<FleetRow>;

/** It was brought back: what was said of its Spot pool is no longer so. */
const broughtBack = ({
  saves: _saved,
  pool: _left,
  pools: _one,
  risk: _there,
  ...row
}: Known): Known => ({
  ...row,
  ...(row.onDemandHourlyUsd !== undefined && { paysHourlyUsd: row.onDemandHourlyUsd }),
});

/** What is registered stays as it is: the evaluation may be of before a change. */
export const judgedBy = (row: Known, judged: EvaluationWithSwaps): Known => {
  const { verdict, outcome } = judged.evaluation;
  if (verdict === undefined) return row;
  const { kind, reason, sentence, judgedAt: at } = verdict;
  const hasMoved = outcome?.status === "SWITCHED";
  return {
    ...(outcome?.status === "FELL_BACK" ? broughtBack(row) : row),
    verdict: { kind, reason, sentence, at },
    ...poolOf(judged, hasMoved),
    ...savedBy(judged, hasMoved),
  };
};
