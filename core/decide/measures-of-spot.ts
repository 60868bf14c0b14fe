/** What is measured of Spot: how often it takes back, how widely what stands there is spread, what goes back to On-Demand, and which quotas stop launches. */
import type { Evaluation } from "../model/evaluation.ts";
import type { Measure } from "../model/measure.ts";
import type { SpotInstance } from "../model/spot-instance.ts";
import type { FailedOffer } from "../model/swap.ts";
import { quotaClass } from "./offers/launch-order.ts";

type InPool = Pick<SpotInstance, "instanceType" | "product" | "zoneId">;

export interface SpotFacts {
  /** Of all connected accounts. */
  readonly standing: readonly (InPool & Pick<SpotInstance, "targetId">)[];
  /** What pools have taken back within the last day, whoever's. */
  readonly losses: readonly InPool[];
  /** What pools have answered to launches of the evaluations that ended since the last measurement. */
  readonly refused: readonly FailedOffer[];
  /** That ended within the last day. */
  readonly ended: readonly Pick<Evaluation, "status">[];
}

const hoursPerDay = 24;

const poolOf = ({ zoneId, instanceType, product }: InPool): string =>
  [zoneId, instanceType, product].join("#");

const countedBy = <One>(all: readonly One[], keyOf: (one: One) => string): readonly number[] =>
  [...Map.groupBy(all, keyOf).values()].map(({ length }) => length);

/** Of the last day. A pool counts for all of it, whether something stood there all the time or was lost there. */
const interruptionRate = ({ standing, losses }: SpotFacts): number => {
  const pools = new Set([...standing, ...losses].map(poolOf));
  return pools.size === 0 ? 0 : losses.length / (pools.size * hoursPerDay);
};

/** Of the target that has most of its Spot Instances in one pool, among those that have several. */
const largestShare = ({ standing }: SpotFacts): number => {
  const owned = standing.filter(({ targetId }) => targetId !== undefined);
  const fleets = [...Map.groupBy(owned, ({ targetId = "" }) => targetId).values()];
  const shares = fleets
    .filter(({ length }) => length > 1)
    .map((fleet) => Math.max(...countedBy(fleet, poolOf)) / fleet.length);
  return Math.max(0, ...shares);
};

/** Of those that ended on Spot or back on On-Demand. */
const fallbackShare = ({ ended }: SpotFacts): number => {
  const back = ended.filter(({ status }) => status === "FELL_BACK").length;
  const onSpot = ended.filter(
    ({ status }) => status === "SWITCHED" || status === "PARTLY_SWITCHED",
  ).length;
  return back === 0 ? 0 : back / (back + onSpot);
};

const ofQuotas = ({ refused }: SpotFacts): readonly Measure[] => {
  const classes = refused
    .filter(({ kind }) => kind === "QUOTA")
    .map(({ pool }) => quotaClass(pool.instanceType));
  const byClass = [...Map.groupBy(classes, (each) => each)].map(([value, { length }]): Measure => ({
    name: "QuotaRefusals",
    value: length,
    by: { name: "QuotaClass", value },
  }));
  return [{ name: "QuotaRefusals", value: classes.length }, ...byClass];
};

export const measuresOfSpot = (facts: SpotFacts): readonly Measure[] => [
  ...ofQuotas(facts),
  { name: "InterruptionsPerPoolHour", value: interruptionRate(facts) },
  { name: "LargestPoolSharePercent", value: largestShare(facts) * 100 },
  { name: "FallbackSharePercent", value: fallbackShare(facts) * 100 },
];
