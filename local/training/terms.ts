/** The groups of terms that a model may be made of. A group is taken or left as a whole. */
import { memoryHours } from "../../core/risk/pool-history.ts";
import type { LogisticTerm } from "../../core/risk/model-file.ts";

export interface TermGroup {
  readonly name: string;
  /** Not standardised yet: weight 1, mean 0, scale 1. */
  readonly terms: readonly LogisticTerm[];
}

/** The sum counts only where this is known: a pool that was never seen empty has nothing to go by but its band. */
export const whereKnown = "up_streak_hours";

interface Column {
  readonly feature: string;
  /** Stands in for a value that is not known. */
  readonly missing: number;
}

const plain = { weight: 1, mean: 0, scale: 1 };

const identity = (column: Column): LogisticTerm => ({ ...column, ...plain, transform: "identity" });
const log1p = (column: Column): LogisticTerm => ({ ...column, ...plain, transform: "log1p" });
const log = (column: Column, offset: number): LogisticTerm => ({
  ...column,
  ...plain,
  transform: "log",
  offset,
});
const hinges = (column: Column, knots: readonly number[]): readonly LogisticTerm[] =>
  knots.map((knot) => ({ ...column, ...plain, transform: "hinge", knot }));
const steps = (column: Column, knots: readonly number[]): readonly LogisticTerm[] =>
  knots.map((knot) => ({ ...column, ...plain, transform: "indicator", knot }));

/** Not known is: longer ago than is remembered. */
const streak: Column = { feature: whereKnown, missing: memoryHours };
const neighbour: Column = { feature: "hours_since_neighbour_loss", missing: memoryHours };
const recentLosses: Column = { feature: "recent_pool_losses", missing: 0 };
/** What Spot usually costs, as a share of On-Demand. */
const price: Column = { feature: "price_ratio", missing: 0.3 };
/** The middle of the day, and of the week. */
const hour: Column = { feature: "hour_of_day", missing: 12 };
const weekday: Column = { feature: "weekday", missing: 3 };

/** Offsets of a logarithm are hours: how long after its beginning a streak's growth starts to count in full. */
export const termGroups: readonly TermGroup[] = [
  { name: "streak (log, 3 min)", terms: [log(streak, 0.05)] },
  { name: "streak (log, 15 min)", terms: [log(streak, 0.25)] },
  { name: "streak (log, 1 h)", terms: [log(streak, 1)] },
  { name: "recent losses", terms: [log1p(recentLosses)] },
  { name: "neighbours", terms: [log1p(neighbour)] },
  { name: "price", terms: [identity(price), ...hinges(price, [0.5, 0.8])] },
  { name: "hour of day", terms: steps(hour, [4, 8, 12, 16, 20]) },
  { name: "weekend", terms: steps(weekday, [1, 6]) },
];
