import { beforeEach, describe, expect, it } from "@jest/globals";
import { logistic, logisticProbability } from "../../../core/risk/logistic.ts";
import { findModel } from "../../../core/risk/registry.ts";
import { treesProbability } from "../../../core/risk/trees.ts";
import { loadRiskModel } from "../../../lambdas/judge/risk-models.ts";
import { logisticOnnx } from "../../adapters/onnx/onnx-bytes.ts";
import {
  calmFeatures,
  logisticSample,
  onnxSample,
  stressedFeatures,
  treesSample,
} from "../../core/risk/model-samples.ts";
import { apiUnderTest, type ApiUnderTest } from "../api/api-under-test.ts";

const questions = { features: [stressedFeatures, calmFeatures], horizonHours: 6 };
const onnxFile = {
  ...onnxSample,
  onnx_base64: Buffer.from(logisticOnnx([[-0.5], [1]], [-1])).toString("base64"),
};

describe("loadRiskModel", () => {
  let api: ApiUnderTest;
  beforeEach(async () => {
    api = apiUnderTest();
    for (const file of [logisticSample, treesSample, onnxFile]) {
      expect((await api.send("POST", "/models", file)).status).toBe(201);
    }
  });

  const load = (version: string) => loadRiskModel(api.table, version, questions);

  it("gives what comes with the product, whatever the table holds", async () => {
    expect(await load("hazard-1")).toBe(findModel("hazard-1"));
  });

  it.each([
    ["logistic-7", logisticProbability(logisticSample, stressedFeatures)],
    ["trees-4", treesProbability(treesSample, stressedFeatures)],
    ["onnx-1", logistic(-0.5 * 2 + 0.4 - 1)],
  ])("gives the registered model %s", async (version, expected) => {
    const model = await load(version);
    expect(model.version).toBe(version);
    expect(model.probability(stressedFeatures, 6)).toBeCloseTo(expected, 6);
  });

  it("gives an archived one too: a replay asks it", async () => {
    await api.send("POST", "/models/trees-4/reject", { reason: "no good" });
    expect((await load("trees-4")).version).toBe("trees-4");
  });

  it("refuses an unknown one by name", async () => {
    await expect(load("streak-9")).rejects.toMatchObject({
      name: "BrokenModel",
      resource: "streak-9",
    });
  });
});
