/**
 * The first risk model: a hazard (losses per hour) made of what is published and what was measured, and of
 * nothing else. Hazard at an age t after the pool's last loss = (band + excess(t)) × neighbour factor.
 *
 * - Band: the Spot Advisor's range is the share of instances interrupted within a month. Its midpoint p, taken
 *   as a constant hazard over 730 h, is -ln(1 - p) / 730. Midpoint of `<5%`: 2.5 %, 0.0000347 per hour, 0.08 %
 *   within 24 h.
 * - Excess: how much more than usual a pool is lost while its last loss is fresh, from the table below.
 * - Price: since Spot prices stopped being bids (end of 2017) they say little about capacity, and no measured
 *   effect is at hand: the price has no part in the hazard. One guard: a price at or above On-Demand marks a
 *   pool at its limit, and counts as a loss this moment. The placement score has no measured effect either.
 *
 * Known weakness: the band saturates. Scarce pools of the last range (20 % and more) without a recorded loss are
 * riskier than its midpoint says: those behind the table lost 3 % an hour. The default policy rejects that range.
 */
import { hoursPerMonth } from "../hours.ts";
import type { RiskFeatures, RiskModel } from "./model.ts";

export interface HazardModelData {
  readonly version: string;
  /** What the figures were measured on. */
  readonly source: string;
  /**
   * Chance to lose an available pool within the next hour, by hours since the last loss there: one row per
   * measured range, set at the range's middle; ages ascend and chances descend. The last row is the usual rate
   * of the measured pools, to which the memory of a loss has faded.
   */
  readonly lossTable: readonly { readonly ageHours: number; readonly chancePerHour: number }[];
  /** By this the hazard is multiplied while a neighbour's loss is younger than the last row's age. */
  readonly neighbourFactor: number;
}

export const hazard1: HazardModelData = {
  version: "hazard-1",
  source:
    "Availability traces of GPU pools (p3, p2) in AWS, October 2022 to August 2023. Such pools are scarce: " +
    "for others the figures are an upper bound.",
  lossTable: [
    { ageHours: 0.125, chancePerHour: 0.59 }, // first 15 minutes
    { ageHours: 1.5, chancePerHour: 0.35 }, // 1 to 2 hours
    { ageHours: 8, chancePerHour: 0.16 }, // 4 to 12 hours
    { ageHours: 18, chancePerHour: 0.11 }, // 12 to 24 hours
    { ageHours: 24, chancePerHour: 0.03 }, // after a day
  ],
  neighbourFactor: 1.45, // same region
};

interface Knot {
  readonly ageHours: number;
  /** Losses per hour above the usual rate. */
  readonly excess: number;
}

/** Constant hazard per hour that gives the chance `probability` within `hours`. */
const hazardOf = (probability: number, hours: number): number => -Math.log(1 - probability) / hours;

/**
 * The table as hazard above its last row. A chance is that of a whole hour, so its hazard is set at the hour's
 * middle; before the first row it is as in the first row, and from the last row's age on it is nothing.
 */
const excessKnots = (data: HazardModelData): readonly Knot[] => {
  const last = data.lossTable.at(-1) ?? { ageHours: 0, chancePerHour: 0 };
  const usual = hazardOf(last.chancePerHour, 1);
  const knots = data.lossTable.slice(0, -1).map((row) => ({
    ageHours: row.ageHours + 0.5,
    excess: hazardOf(row.chancePerHour, 1) - usual,
  }));
  return [
    { ageHours: 0, excess: knots[0]?.excess ?? 0 },
    ...knots,
    { ageHours: last.ageHours, excess: 0 },
  ];
};

/** Straight line from knot to knot, cut to [from, to]: the trapezoid's area is exact. */
const areaBetween = (
  left: Knot,
  right: Knot,
  span: { readonly from: number; readonly to: number },
): number => {
  const from = Math.max(left.ageHours, span.from);
  const to = Math.min(right.ageHours, span.to);
  if (to <= from) return 0;
  const slope = (right.excess - left.excess) / (right.ageHours - left.ageHours);
  const middle = (from + to) / 2;
  return (left.excess + slope * (middle - left.ageHours)) * (to - from);
};

/** Expected losses above the usual rate while the age goes from `from` to `to`; none after the last knot. */
const excessArea = (knots: readonly Knot[], from: number, to: number): number =>
  knots.reduce((sum, right, index) => {
    const left = knots[index - 1];
    return left === undefined ? sum : sum + areaBetween(left, right, { from, to });
  }, 0);

/** Losses per hour by the Spot Advisor's band alone: the midpoint of its range, as a constant hazard over a month. */
export const bandHazard = (
  features: Pick<RiskFeatures, "bandMinPercent" | "bandMaxPercent">,
): number => {
  const midpoint = (features.bandMinPercent + features.bandMaxPercent) / 2 / 100;
  return hazardOf(Math.min(1, Math.max(0, midpoint)), hoursPerMonth);
};

/** Hours since the pool's last loss, with the price guard; undefined when none is on record. */
const ageOfLoss = (features: RiskFeatures): number | undefined =>
  features.priceRatio !== undefined && features.priceRatio >= 1 ? 0 : features.hoursSincePoolLoss;

/** Builds a model from its data. `probability` rises with the band, and with the freshness of each loss. */
export const hazardModel = (data: HazardModelData): RiskModel => {
  const knots = excessKnots(data);
  const memoryHours = knots.at(-1)?.ageHours ?? 0;
  const expectedLosses = (features: RiskFeatures, fromHour: number, toHour: number): number => {
    const age = ageOfLoss(features);
    const excess = age === undefined ? 0 : excessArea(knots, age + fromHour, age + toHour);
    return bandHazard(features) * (toHour - fromHour) + excess;
  };
  return {
    version: data.version,
    probability: (features, horizonHours) => {
      if (horizonHours <= 0) return 0;
      const neighbourAge = features.hoursSinceNeighbourLoss ?? memoryHours;
      const stressedHours = Math.min(horizonHours, Math.max(0, memoryHours - neighbourAge));
      const stressed =
        stressedHours === 0 ? 0 : expectedLosses(features, 0, stressedHours) * data.neighbourFactor;
      const calm =
        stressedHours === horizonHours ? 0 : expectedLosses(features, stressedHours, horizonHours);
      return 1 - Math.exp(-(stressed + calm));
    },
  };
};
