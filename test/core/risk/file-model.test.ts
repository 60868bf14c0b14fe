import { describe, expect, it } from "@jest/globals";
import { fileModel } from "../../../core/risk/file-model.ts";
import { logisticProbability } from "../../../core/risk/logistic.ts";
import { treesProbability } from "../../../core/risk/trees.ts";
import { logisticSample, stressedFeatures, treesSample } from "./model-samples.ts";

describe("fileModel", () => {
  it("answers under the file's version, for the file's horizon as the file says", () => {
    const model = fileModel(logisticSample);
    expect(model.version).toBe("logistic-7");
    const own = logisticProbability(logisticSample, stressedFeatures);
    expect(model.probability(stressedFeatures, 6)).toBe(own);
  });

  it("ages the features over a longer horizon: a loss that fades counts less in each step", () => {
    const once = treesProbability(treesSample, stressedFeatures);
    const later = treesProbability(treesSample, { ...stressedFeatures, hoursSincePoolLoss: 14 });
    // Ages at the three steps: 2, 8 and 14 h.
    expect(fileModel(treesSample).probability(stressedFeatures, 18)).toBeCloseTo(
      1 - (1 - once) ** 2 * (1 - later),
      12,
    );
  });
});
