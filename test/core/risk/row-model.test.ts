import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { rowModel, rowsToAsk } from "../../../core/risk/row-model.ts";
import { calmFeatures, onnxSample, stressedFeatures } from "./model-samples.ts";

const questions = {
  features: [stressedFeatures, calmFeatures, { ...stressedFeatures, placementScore: 7 }],
  horizonHours: 9,
};

describe("rowsToAsk", () => {
  it("holds each row of each step once, in the file's order, absent values as such", () => {
    expect(rowsToAsk(onnxSample, questions)).toEqual([
      [2, 0.4],
      [8, 0.4],
      [undefined, 0.4],
    ]);
  });

  it("is empty when nothing is asked", () => {
    expect(rowsToAsk(onnxSample, { features: [], horizonHours: 24 })).toEqual([]);
  });
});

describe("rowModel", () => {
  const rows = rowsToAsk(onnxSample, questions);
  const model = rowModel(onnxSample, { rows, answers: [0.2, 0.1, 0.05] });

  it("answers what was computed, over the horizon", () => {
    expect(model.version).toBe("onnx-1");
    expect(model.probability(stressedFeatures, 6)).toBe(0.2);
    expect(model.probability(stressedFeatures, 12)).toBeCloseTo(1 - 0.8 * 0.9, 12);
    expect(model.probability(calmFeatures, 6)).toBe(0.05);
  });

  it("is asked for nothing that was not computed, whatever the horizons", () => {
    const hours = fc.double({ min: 0.25, max: 168, noNaN: true });
    fc.assert(
      fc.property(hours, fc.integer({ min: 1, max: 50 }), fc.boolean(), (own, steps, isWhole) => {
        const file = { ...onnxSample, horizon_hours: own };
        const horizonHours = isWhole ? own * steps : own * steps * 0.9;
        const asked = rowsToAsk(file, { features: [stressedFeatures], horizonHours });
        const answering = rowModel(file, { rows: asked, answers: asked.map(() => 0.01) });
        expect(answering.probability(stressedFeatures, horizonHours)).toBeLessThan(1);
      }),
    );
  });

  it("throws for what it was not asked, rather than guess", () => {
    expect(() => model.probability({ ...calmFeatures, priceRatio: 0.9 }, 6)).toThrow(
      expect.objectContaining({ name: "BrokenModel", message: expect.stringContaining("0.9") }),
    );
  });
});
