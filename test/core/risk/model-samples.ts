/** Model files and features for the tests of custom models. */
import type { LogisticFile, OnnxFile, TreesFile } from "../../../core/risk/model-file.ts";
import type { RiskFeatures } from "../../../core/risk/model.ts";

export const calmFeatures: RiskFeatures = {
  bandMinPercent: 0,
  bandMaxPercent: 5,
  isBandKnown: true,
  priceRatio: 0.4,
};

export const stressedFeatures: RiskFeatures = {
  ...calmFeatures,
  hoursSincePoolLoss: 2,
  hoursSinceNeighbourLoss: 1,
};

const common: Pick<LogisticFile, "format" | "feature_version" | "trained_on" | "metrics"> = {
  format: "spot-optimizer-risk-model/1",
  feature_version: "features-1",
  trained_on: {
    from: "2022-10-26T00:00:00Z",
    to: "2023-02-01T00:00:00Z",
    traces: ["p3-east"],
    examples: 1000,
  },
  metrics: { brier: 0.08, log_loss: 0.3, auc: 0.8, base_rate: 0.1, reliability: [] },
};

export const logisticSample: LogisticFile = {
  ...common,
  version: "logistic-7",
  kind: "logistic",
  horizon_hours: 6,
  intercept: -2,
  terms: [
    {
      feature: "hours_since_pool_loss",
      weight: -0.5,
      transform: "log1p",
      mean: 1,
      scale: 2,
      missing: 168,
    },
  ],
};

export const treesSample: TreesFile = {
  ...common,
  version: "trees-4",
  kind: "trees",
  horizon_hours: 6,
  intercept: -2,
  trees: [
    {
      nodes: [
        { feature: "hours_since_pool_loss", threshold: 8, left: 1, right: 2, missing: "right" },
        { leaf: 1.5 },
        { leaf: -0.5 },
      ],
    },
    { nodes: [{ leaf: 0.25 }] },
  ],
};

export const onnxSample: OnnxFile = {
  ...common,
  version: "onnx-1",
  kind: "onnx",
  horizon_hours: 6,
  features: ["hours_since_pool_loss", "price_ratio"],
  onnx_base64: "AAAA",
};
