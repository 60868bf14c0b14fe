import { describe, expect, it } from "@jest/globals";
import { logistic, logisticProbability } from "../../../core/risk/logistic.ts";
import type { LogisticTerm } from "../../../core/risk/model-file.ts";
import { calmFeatures, logisticSample, stressedFeatures } from "./model-samples.ts";

const withTerm = (term: LogisticTerm) => ({ ...logisticSample, intercept: 0, terms: [term] });
const term = {
  feature: "hours_since_pool_loss",
  weight: 1,
  mean: 0,
  scale: 1,
  missing: 40,
} as const;

describe("logistic", () => {
  it.each([
    [0, 0.5],
    [1e9, 1],
    [-1e9, 0],
    [Math.log(3), 0.75],
  ])("of %d is %d", (margin, expected) => {
    expect(logistic(margin)).toBeCloseTo(expected, 12);
  });
});

describe("logisticProbability", () => {
  it("sums up the standardised terms", () => {
    const margin = -2 + (-0.5 * (Math.log1p(2) - 1)) / 2;
    expect(logisticProbability(logisticSample, stressedFeatures)).toBeCloseTo(logistic(margin), 12);
  });

  it.each([
    ["identity", {}, 2, 40],
    ["log1p", {}, Math.log1p(2), Math.log1p(40)],
    ["hinge", { knot: 1.5 }, 0.5, 38.5],
    ["hinge", { knot: 3 }, 0, 37],
    ["indicator", { knot: 2 }, 1, 1],
    ["indicator", { knot: 3 }, 0, 1],
  ])("transforms by %s %j, also what stands in for an unknown value", (...row) => {
    const [transform, extra, known, missing] = row;
    const file = withTerm({ ...term, transform, ...extra } as LogisticTerm);
    expect(logisticProbability(file, stressedFeatures)).toBeCloseTo(logistic(known), 12);
    expect(logisticProbability(file, calmFeatures)).toBeCloseTo(logistic(missing), 12);
  });

  it("takes the logarithm of nothing below zero", () => {
    const file = withTerm({ ...term, transform: "log1p", missing: -5 });
    expect(logisticProbability(file, calmFeatures)).toBe(0.5);
  });
});

describe("a sum beside the band", () => {
  const known = { ...stressedFeatures, upStreakHours: 2 };
  const file = {
    ...withTerm({ ...term, transform: "identity", weight: 0 }),
    horizon_hours: 1,
    beside_band: { where_known: "up_streak_hours" },
  };
  const byBand = 1 - Math.exp(Math.log(1 - 0.025) / 730);

  it("joins the band as a second cause where the pool's history is known", () => {
    expect(logisticProbability(file, known)).toBeCloseTo(1 - (1 - byBand) * 0.5, 12);
  });

  it("leaves a known band alone where the history is not", () => {
    expect(logisticProbability(file, calmFeatures)).toBeCloseTo(byBand, 12);
  });

  it("speaks for a pool of which neither is known", () => {
    const unknown = { ...calmFeatures, isBandKnown: false };
    expect(logisticProbability(file, unknown)).toBeCloseTo(1 - (1 - byBand) * 0.5, 12);
  });
});

describe("the logarithm with an offset", () => {
  it("flattens near zero, and takes nothing below zero", () => {
    const file = withTerm({ ...term, transform: "log", offset: 0.25, missing: -3 });
    expect(logisticProbability(file, stressedFeatures)).toBeCloseTo(logistic(Math.log(2.25)), 12);
    expect(logisticProbability(file, calmFeatures)).toBeCloseTo(logistic(Math.log(0.25)), 12);
  });
});
