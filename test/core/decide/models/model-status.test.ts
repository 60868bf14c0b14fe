import { describe, expect, it } from "@jest/globals";
import { judgeGraduation, judgeRejection } from "../../../../core/decide/models/model-status.ts";
import type { ModelStatus, StoredModel } from "../../../../core/model/risk-model.ts";
import { logisticSample } from "../../risk/model-samples.ts";

const metrics = { brier: 0.08, log_loss: 0.3, auc: 0.8, base_rate: 0.1, reliability: [] };

const modelWith = (change: Partial<StoredModel>): StoredModel => ({
  version: "streak-3",
  kind: "logistic",
  featureVersion: "features-1",
  horizonHours: 6,
  trainedOn: logisticSample.trained_on,
  metrics,
  status: "candidate",
  history: [{ status: "candidate", at: "2026-03-01T12:00:00.000Z", by: "local" }],
  digest: "0".repeat(64),
  createdAt: "2026-03-01T12:00:00.000Z",
  ...change,
});

describe("judgeGraduation", () => {
  it("lets a candidate pass that beats the base rate", () => {
    expect(judgeGraduation(modelWith({}), false)).toEqual({ kind: "CHANGE" });
  });

  it("refuses one that does not, with the figures", () => {
    const verdict = judgeGraduation(modelWith({ metrics: { ...metrics, brier: 0.1 } }), false);
    expect(verdict).toMatchObject({
      kind: "REFUSED",
      sentence: expect.stringMatching(/0\.1000.*0\.1000.*0\.0900/),
    });
  });

  it("lets it pass by force", () => {
    const weak = modelWith({ metrics: { ...metrics, brier: 0.2 } });
    expect(judgeGraduation(weak, true)).toEqual({ kind: "CHANGE" });
  });

  it("refuses one without metrics, also by force", () => {
    const { metrics: _left, ...bare } = modelWith({});
    expect(judgeGraduation(bare, true)).toMatchObject({ kind: "REFUSED" });
  });

  it("refuses an archived one, and changes nothing about a graduated one", () => {
    expect(judgeGraduation(modelWith({ status: "archived" }), true).kind).toBe("REFUSED");
    expect(judgeGraduation(modelWith({ status: "graduated" }), false).kind).toBe("UNCHANGED");
  });
});

describe("judgeRejection", () => {
  it.each([
    ["candidate", "CHANGE"],
    ["graduated", "CHANGE"],
    ["archived", "UNCHANGED"],
  ] as readonly (readonly [ModelStatus, string])[])("of a model that is %s: %s", (status, kind) => {
    expect(judgeRejection(modelWith({ status })).kind).toBe(kind);
  });
});
