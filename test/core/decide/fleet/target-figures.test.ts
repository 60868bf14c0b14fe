import { describe, expect, it } from "@jest/globals";
import {
  figuresOfTarget,
  type JudgedTarget,
} from "../../../../core/decide/fleet/target-figures.ts";
import type { Offer } from "../../../../core/model/offer.ts";
import type { Verdict } from "../../../../core/model/verdict.ts";
import { plainInstance } from "../linear/eligible-facts.ts";
import { fleetTarget, readAt, readingOf } from "./fleet-samples.ts";

const { zoneId } = plainInstance;
const target = fleetTarget(1);
const pool = { region: "us-east-1", zoneId, instanceType: "m5.large", product: "Linux/UNIX" };
const elsewhere = { ...pool, instanceType: "r5.large" };
const model = { horizonHours: 24, modelVersion: "streak-1" };

const offers: readonly Offer[] = [
  { pool, risk: { ...model, probability: 0.2 }, staying: { ...model, probability: 0.1 } },
  { pool: elsewhere, risk: { ...model, probability: 0.05 } },
];

const stay: Verdict = {
  kind: "STAY",
  reason: "STANDING_UNKNOWN",
  sentence: "No pool saves enough.",
  offers: [],
  modelVersion: "streak-1",
  policyVersion: "pol-1",
  judgedAt: readAt,
};
const savings = { hourlyUsd: 0.05, monthlyUsd: 36.5, percent: 50 };
const go: Verdict = { ...stay, kind: "SWITCH", offers: [elsewhere], savings };

const market = {
  spotPrices: [
    { zoneId, instanceType: "m5.large", hourlyUsd: 0.05, since: "2026-03-01T10:00:00.000Z" },
    { zoneId, instanceType: "m5.large", hourlyUsd: 0.04, since: "2026-03-01T11:00:00.000Z" },
  ],
  onDemand: [
    { instanceType: "m5.large", hourlyUsd: 0.096 },
    { instanceType: "c5.large", hourlyUsd: 0.085 },
  ],
};

const judged = (change: Partial<JudgedTarget> = {}): JudgedTarget => ({
  target,
  reading: readingOf([{ instanceId: target.instanceId }]),
  verdict: stay,
  offers,
  facts: {},
  market,
  ...change,
});
const onSpot = readingOf([{ instanceId: target.instanceId, lifecycle: "spot" }]);

describe("the figures of a target", () => {
  it("on Spot: the latest price of its pool, what it saves of On-Demand's, and how likely its pool does not hold it", () => {
    expect(figuresOfTarget(judged({ reading: onSpot }))).toEqual({
      risk: 0.1,
      paysHourlyUsd: 0.04,
      onDemandHourlyUsd: 0.096,
      saves: { monthlyUsd: 40.88, basis: "ESTIMATED" },
    });
  });

  it("on Spot in another type than its owner's: against what he would pay, not against the list price of where it stands", () => {
    const template = { instanceType: "c5.large" };
    const against = (facts: JudgedTarget["facts"]) => {
      const { onDemandHourlyUsd, saves } = figuresOfTarget(judged({ reading: onSpot, facts }));
      return [onDemandHourlyUsd, saves?.monthlyUsd];
    };

    expect(against({ placedBy: { originalType: "c5.large" } })).toEqual([0.085, 32.85]);
    expect(against({ group: { kind: {}, template } })).toEqual([0.085, 32.85]);
    // Its owner lets the group launch several types: which one this would be nobody knows.
    expect(against({ group: { kind: { mixedInstances: {} }, template } })).toEqual([0.096, 40.88]);
  });

  it("on On-Demand: no risk and no saving where it stays", () => {
    expect(figuresOfTarget(judged())).toEqual({ paysHourlyUsd: 0.096, onDemandHourlyUsd: 0.096 });
  });

  it("that is to be switched: risk of the first pool, and what the verdict says that it saves", () => {
    expect(figuresOfTarget(judged({ verdict: go }))).toEqual({
      risk: 0.05,
      paysHourlyUsd: 0.096,
      onDemandHourlyUsd: 0.096,
      saves: { monthlyUsd: 36.5, basis: "PLANNED" },
    });
  });

  it("in shadow mode: what it would save is said to be of shadow mode", () => {
    const shadowed = judged({ verdict: go, target: { ...target, isShadowMode: true } });
    expect(figuresOfTarget(shadowed).saves).toEqual({ monthlyUsd: 36.5, basis: "SHADOW" });
  });

  it("what a Savings Plan pays is not saved", () => {
    const covered = { ...target, policyOverrides: { coveredHourlyUsd: 0.016 } };
    const { saves } = figuresOfTarget(judged({ reading: onSpot, target: covered }));
    expect(saves).toEqual({ monthlyUsd: 29.2, basis: "ESTIMATED" });
  });

  it("a price that nobody knows leaves the sum out", () => {
    const unknown = readingOf([{ instanceId: target.instanceId, instanceType: "x9.large" }]);
    expect(figuresOfTarget(judged({ reading: unknown }))).toEqual({});
    expect(figuresOfTarget(judged({ market: undefined }))).toEqual({});
  });

  it("what stands still or has ended has none", () => {
    for (const state of ["stopped", "stopping", "terminated", "shutting-down"] as const) {
      const still = readingOf([{ instanceId: target.instanceId, state }]);
      expect(figuresOfTarget(judged({ reading: still }))).toEqual({});
    }
  });
});
