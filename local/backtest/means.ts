/** The figure of a policy over all traces: the geometric mean of J ÷ optimum. */
import type { BacktestResult } from "./score.ts";

export interface BacktestMean {
  readonly policy: string;
  readonly units: number;
  readonly probing: boolean;
  readonly j_over_optimum: number;
}

const geometricMean = (values: readonly number[]): number =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);

/** One per policy, number of units and variant, in the order in which these first appear. */
export const meansOf = (results: readonly BacktestResult[]): readonly BacktestMean[] =>
  [
    ...Map.groupBy(results, ({ policy, units, probing }) =>
      JSON.stringify([policy, units, probing]),
    ).values(),
  ].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { policy, units, probing } = first;
    const ratios = group.map((result) => result.j_over_optimum);
    return [{ policy, units, probing, j_over_optimum: geometricMean(ratios) }];
  });
