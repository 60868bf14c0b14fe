import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { expectedHourlyCost } from "../../../../core/decide/offers/offer-cost.ts";
import {
  choosePlacement,
  moveCeiling,
  type Standing,
} from "../../../../core/decide/offers/placement.ts";
import { currentJudgementVersion } from "../../../../core/model/judgement-version.ts";
import { policyWith } from "./choice-samples.ts";

const policy = policyWith({
  hysteresisPercent: 5,
  fallbackPercent: 10,
  interruptionCostHours: 0.5,
  switchCostHours: 0.02,
  dwellHours: 0,
  horizonHours: 1,
  maxOffers: 2,
});
const terms = { policy, onDemandHourlyUsd: 1, judgementVersion: currentJudgementVersion };

/** Of so many interruptions per hour. */
const risk = (perHour: number) => ({
  probability: 1 - Math.exp(-perHour),
  horizonHours: 1,
  modelVersion: "m",
});
const onSpot = (spotHourlyUsd: number, perHour: number): Standing => ({
  kind: "SPOT",
  spotHourlyUsd,
  risk: risk(perHour),
});
const offer = (expectedHourlyUsd: number) => ({ expectedHourlyUsd });

describe("what runs on On-Demand", () => {
  const standing: Standing = { kind: "ON_DEMAND" };

  it("moves to pools that beat On-Demand by the margin, at most maxOffers, in the order given", () => {
    const offers = [offer(0.4), offer(0.5), offer(0.6)];
    expect(choosePlacement(standing, offers, terms)).toEqual({
      kind: "MOVE",
      offers: [offer(0.4), offer(0.5)],
    });
  });

  it("stays where no pool beats it by the margin, and needs no fallback", () => {
    expect(choosePlacement(standing, [offer(0.96)], terms)).toEqual({ kind: "STAY" });
    expect(choosePlacement(standing, [], terms)).toEqual({ kind: "STAY" });
  });

  it("counts what a Savings Plan covers as paid", () => {
    const covered = { ...terms, policy: { ...policy, coveredHourlyUsd: 0.4 } };
    expect(moveCeiling(standing, covered)).toBeCloseTo(0.55, 12);
  });
});

describe("what runs on Spot", () => {
  it("moves only to a pool that beats its own price and risk by the margin", () => {
    // Staying costs 0.3 + 0.4 × 0.5 = 0.5.
    expect(choosePlacement(onSpot(0.3, 0.4), [offer(0.44)], terms).kind).toBe("MOVE");
    expect(choosePlacement(onSpot(0.3, 0.4), [offer(0.46)], terms).kind).toBe("STAY");
  });

  it("does not pay for a switch by staying", () => {
    expect(moveCeiling(onSpot(0.3, 0.4), terms)).toBeCloseTo(0.45, 12);
    expect(expectedHourlyCost(0.3, risk(0.4), terms)).toBeCloseTo(0.52, 12);
  });

  it("never moves to a pool dearer than On-Demand", () => {
    expect(choosePlacement(onSpot(2, 0.5), [offer(1.1)], terms)).toEqual({ kind: "FALL_BACK" });
  });

  it("falls back when price and risk cost more than On-Demand and the margin", () => {
    expect(choosePlacement(onSpot(0.9, 0.39), [], terms).kind).toBe("STAY");
    expect(choosePlacement(onSpot(0.9, 0.41), [], terms).kind).toBe("FALL_BACK");
  });
});

describe("what was interrupted", () => {
  const standing: Standing = { kind: "INTERRUPTED" };

  it("goes to any pool that costs no more than On-Demand: both have to be launched", () => {
    expect(choosePlacement(standing, [offer(1.01)], terms).kind).toBe("MOVE");
    expect(moveCeiling(standing, terms)).toBeCloseTo(1.02, 12);
  });

  it("goes to On-Demand where there is none, and never stays", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 3, noNaN: true })), (costs) => {
        const { kind } = choosePlacement(standing, costs.map(offer), terms);
        expect(kind).toBe(costs.some((cost) => cost <= 1.02) ? "MOVE" : "FALL_BACK");
      }),
    );
  });
});
