import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { chooseOffers } from "../../../../core/decide/offers/choice.ts";
import {
  interruptionsPerHour,
  runningHourlyCost,
} from "../../../../core/decide/offers/offer-cost.ts";
import { probabilityOver } from "../../../../core/risk/horizon.ts";
import { policyWith, sampleMarket, sampleNeed, sampleOffer, samplePool } from "./choice-samples.ts";

/** Of a pool that is lost `perHour` times an hour, whatever its age. */
const riskOver = (perHour: number, horizonHours: number) => ({
  probability: -Math.expm1(-perHour * horizonHours),
  horizonHours,
  modelVersion: "even",
});

/** One unit in such a pool, launched again at once whenever it is lost: interruptions counted over `hours`. */
const counted = (perHour: number, hours: number): number => {
  let interruptions = 0;
  // Stratified: the quantiles of the exponential distribution in a fixed, scattered order.
  const draws = 1000;
  for (let at = 0, draw = 0; ; draw += 1, interruptions += 1) {
    const quantile = (((draw * 377) % draws) + 0.5) / draws;
    at += -Math.log1p(-quantile) / perHour;
    if (at > hours) return interruptions;
  }
};

describe("what an hour in a pool is expected to cost", () => {
  const perHour = fc.double({ min: 1e-4, max: 0.15, noNaN: true });
  const horizon = fc.double({ min: 0.25, max: 168, noNaN: true });

  it("does not depend on the horizon over which the risk is stated", () => {
    fc.assert(
      fc.property(perHour, horizon, horizon, (rate, one, other) => {
        const [first, second] = [one, other].map((hours) =>
          interruptionsPerHour(riskOver(rate, hours), 2),
        );
        expect(first).toBeCloseTo(second ?? 0, 6);
      }),
    );
  });

  it("is what the interruptions of a long time come to", () => {
    const hours = 200_000;
    for (const rate of [0.01, 0.1, 1]) {
      const truth = counted(rate, hours) / hours;
      expect(
        interruptionsPerHour(riskOver(rate, 168 * Math.min(1, 0.1 / rate)), 2) / truth,
      ).toBeCloseTo(1, 1);
    }
  });

  it("is the mean of a hazard that changes with the pool's age", () => {
    const features = { bandMinPercent: 0, bandMaxPercent: 5, isBandKnown: true, upStreakHours: 0 };
    // 20 % in the first hour after a loss, 2 % in each later one.
    const own = ({ upStreakHours = 0 }: { readonly upStreakHours?: number }): number =>
      upStreakHours < 1 ? 0.2 : 0.02;
    const probability = probabilityOver({ own, ownHours: 1, features, horizonHours: 24 });
    const mean = -(Math.log(0.8) + 23 * Math.log(0.98)) / 24;
    expect(interruptionsPerHour({ probability, horizonHours: 24 }, 2)).toBeCloseTo(mean, 9);
  });

  it("rises with the probability, and is finite where a loss is certain", () => {
    const probability = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(probability, probability, horizon, (one, other, horizonHours) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)].map((chance) =>
          interruptionsPerHour({ probability: chance, horizonHours }, 2),
        );
        expect(less).toBeLessThanOrEqual(more ?? 0);
        expect(Number.isFinite(more)).toBe(true);
      }),
    );
    expect(interruptionsPerHour({ probability: 0, horizonHours: 24 }, 2)).toBe(0);
  });

  it("is never less than the first version said, and much more over a long horizon", () => {
    const policy = policyWith({ interruptionCostHours: 10 });
    const costOf = (judgementVersion: 1 | 2, horizonHours: number): number =>
      runningHourlyCost(0.3, riskOver(0.08, horizonHours), {
        policy,
        onDemandHourlyUsd: 1,
        judgementVersion,
      });
    expect(costOf(2, 24)).toBeCloseTo(1.1, 9);
    expect(costOf(2, 168)).toBeCloseTo(1.1, 9);
    expect(costOf(1, 168)).toBeCloseTo(0.3595, 4);
  });

  it("does not flip a verdict with the horizon", () => {
    const policy = policyWith({ maxRisk: 1, interruptionCostHours: 10 });
    const verdictOver = (horizonHours: number, judgementVersion: 1 | 2) =>
      chooseOffers({
        need: sampleNeed,
        market: sampleMarket,
        policy,
        policyVersion: "pol-0123456789ab",
        modelVersion: "even",
        judgementVersion,
        offers: [sampleOffer(samplePool("m5.large"), 0.03, { risk: riskOver(0.08, horizonHours) })],
      }).verdict.kind;
    expect([1, 24, 168].map((hours) => verdictOver(hours, 2))).toEqual(["STAY", "STAY", "STAY"]);
    expect([1, 24, 168].map((hours) => verdictOver(hours, 1))).toEqual([
      "STAY",
      "SWITCH",
      "SWITCH",
    ]);
  });
});
