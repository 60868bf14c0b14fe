/**
 * The risk model streak-1. Never edited: written by
 *
 *     npm run train --
 *       --traces
 *         aws-v100-2023-02-A.csv.gz
 *         aws-r5x16-2023-05.csv.gz
 *         aws-v100-16node-2023-08.csv.gz
 *         aws-k80x1-2022-10.csv.gz
 *         aws-v100x1-2022-10.csv.gz
 *       --prices price-2016-us-east-1.csv.gz
 *       --on-demand ondemand-2016-us-east-1.csv.gz
 *       --hold-out
 *         aws-v100-16node-2023-08
 *         aws-k80x1-2022-10
 *         aws-v100x1-2022-10
 *       --version streak-1 --out streak-1.ts
 */
import type { LogisticFile } from "../model-file.ts";

export const streak1: LogisticFile = {
  format: "spot-optimizer-risk-model/1",
  version: "streak-1",
  feature_version: "features-1",
  horizon_hours: 0.5,
  trained_on: {
    from: "2016-02-25T13:00:00.000Z",
    to: "2023-05-05T10:22:22.000Z",
    traces: ["aws-v100-2023-02-A", "aws-r5x16-2023-05", "price-2016-us-east-1"],
    examples: 26775,
  },
  metrics: {
    brier: 0.0752825,
    log_loss: 0.24646,
    auc: 0.84537,
    base_rate: 0.0975023,
    reliability: [
      { from: 0, to: 0.01, examples: 45246, predicted: 0.00515573, observed: 0.00122843 },
      { from: 0.01, to: 0.02, examples: 3844, predicted: 0.0140605, observed: 0.0135034 },
      { from: 0.02, to: 0.03, examples: 1309, predicted: 0.0251097, observed: 0.0297783 },
      { from: 0.03, to: 0.05, examples: 1547, predicted: 0.0388329, observed: 0.0402842 },
      { from: 0.05, to: 0.075, examples: 1000, predicted: 0.0630114, observed: 0.0758353 },
      { from: 0.075, to: 0.1, examples: 587, predicted: 0.0863318, observed: 0.100879 },
      { from: 0.1, to: 0.15, examples: 705, predicted: 0.123523, observed: 0.146016 },
      { from: 0.15, to: 0.2, examples: 349, predicted: 0.171605, observed: 0.164497 },
      { from: 0.2, to: 0.3, examples: 417, predicted: 0.244119, observed: 0.203822 },
      { from: 0.3, to: 0.4, examples: 263, predicted: 0.350577, observed: 0.277245 },
      { from: 0.4, to: 0.5, examples: 189, predicted: 0.446414, observed: 0.444532 },
      { from: 0.5, to: 1, examples: 202, predicted: 0.578027, observed: 0.41524 },
    ],
  },
  kind: "logistic",
  intercept: -2.86441,
  beside_band: { where_known: "up_streak_hours" },
  terms: [
    {
      feature: "up_streak_hours",
      weight: -2.7854,
      mean: 1.98474,
      scale: 1.65508,
      missing: 168,
      transform: "log",
      offset: 0.25,
    },
    {
      feature: "recent_pool_losses",
      weight: 0.276679,
      mean: 1.58379,
      scale: 0.923749,
      missing: 0,
      transform: "log1p",
    },
    {
      feature: "hours_since_neighbour_loss",
      weight: -0.342225,
      mean: 2.09065,
      scale: 1.59875,
      missing: 168,
      transform: "log1p",
    },
    {
      feature: "up_streak_hours",
      weight: 1.77886,
      mean: 2.22032,
      scale: 1.39687,
      missing: 168,
      transform: "log",
      offset: 1,
    },
  ],
};
