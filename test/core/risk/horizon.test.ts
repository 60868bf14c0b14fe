import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { featuresByStep, probabilityOver } from "../../../core/risk/horizon.ts";
import type { RiskFeatures } from "../../../core/risk/model.ts";
import { calmFeatures, stressedFeatures } from "./model-samples.ts";

const hours = fc.double({ min: 0.25, max: 168, noNaN: true });
const chance = fc.double({ min: 0, max: 1, noNaN: true });

/** Falls with the age of the last loss from `now` to half of it. */
const fading =
  (now: number) =>
  ({ hoursSincePoolLoss = 0 }: RiskFeatures): number =>
    now * (0.5 + 0.5 / (1 + hoursSincePoolLoss));

const over = (now: number, ownHours: number, horizonHours: number): number =>
  probabilityOver({ own: fading(now), ownHours, features: stressedFeatures, horizonHours });

describe("probabilityOver", () => {
  it("is what the model says at the model's own horizon", () => {
    fc.assert(
      fc.property(chance, hours, (now, own) => {
        expect(over(now, own, own)).toBe(fading(now)(stressedFeatures));
      }),
    );
  });

  it("lies within 0 and 1, and never falls with the horizon", () => {
    fc.assert(
      fc.property(chance, hours, hours, hours, (now, own, one, other) => {
        const shorter = over(now, own, Math.min(one, other));
        const longer = over(now, own, Math.max(one, other));
        expect(shorter).toBeGreaterThanOrEqual(0);
        expect(longer).toBeLessThanOrEqual(1);
        expect(longer).toBeGreaterThanOrEqual(shorter - 1e-12);
      }),
    );
  });

  it("multiplies survivals of steps that age, the last by its fraction", () => {
    const own = fading(0.4);
    const aged = { ...stressedFeatures, hoursSincePoolLoss: 8 };
    const survival = (1 - own(stressedFeatures)) * (1 - own(aged)) ** 0.5;
    expect(over(0.4, 6, 9)).toBeCloseTo(1 - survival, 12);
  });

  it("is nothing over no time, and certain where the model is", () => {
    expect(over(0.5, 6, 0)).toBe(0);
    const always = { own: () => 1, ownHours: 24, features: calmFeatures };
    expect(probabilityOver({ ...always, horizonHours: 1 })).toBe(1);
    expect(probabilityOver({ ...always, horizonHours: 100 })).toBe(1);
  });
});

describe("featuresByStep", () => {
  it("begins now, and has one entry per step begun", () => {
    const steps = featuresByStep(stressedFeatures, 6, 13);
    expect(steps.map((step) => step.hoursSincePoolLoss)).toEqual([2, 8, 14]);
    expect(steps[0]).toBe(stressedFeatures);
  });
});
