import { describe, expect, it } from "@jest/globals";
import { logistic } from "../../../core/risk/logistic.ts";
import { treesProbability } from "../../../core/risk/trees.ts";
import { calmFeatures, stressedFeatures, treesSample } from "./model-samples.ts";

describe("treesProbability", () => {
  it("adds a leaf of each tree to the intercept", () => {
    expect(treesProbability(treesSample, stressedFeatures)).toBeCloseTo(
      logistic(-2 + 1.5 + 0.25),
      12,
    );
  });

  it("sends a value that equals the threshold left, a larger one right, an unknown one as said", () => {
    const at = (hoursSincePoolLoss: number): number =>
      treesProbability(treesSample, { ...calmFeatures, hoursSincePoolLoss });
    expect(at(8)).toBe(at(2));
    expect(at(8.001)).toBeLessThan(at(8));
    expect(treesProbability(treesSample, calmFeatures)).toBe(at(8.001));
  });

  it("calibrates the sum before the link", () => {
    const calibrated = { ...treesSample, calibration: { a: 2, b: -1 } };
    expect(treesProbability(calibrated, stressedFeatures)).toBeCloseTo(logistic(2 * -0.25 - 1), 12);
  });
});
