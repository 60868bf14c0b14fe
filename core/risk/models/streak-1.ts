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
    brier: 0.0743729,
    log_loss: 0.244206,
    auc: 0.847703,
    base_rate: 0.0975023,
    reliability: [
      { from: 0, to: 0.01, examples: 45594, predicted: 0.00500989, observed: 0.00118141 },
      { from: 0.01, to: 0.02, examples: 3683, predicted: 0.014116, observed: 0.0142006 },
      { from: 0.02, to: 0.03, examples: 1217, predicted: 0.0250113, observed: 0.0275952 },
      { from: 0.03, to: 0.05, examples: 1501, predicted: 0.0386031, observed: 0.0218075 },
      { from: 0.05, to: 0.075, examples: 988, predicted: 0.063156, observed: 0.107984 },
      { from: 0.075, to: 0.1, examples: 600, predicted: 0.0870674, observed: 0.0890943 },
      { from: 0.1, to: 0.15, examples: 703, predicted: 0.123647, observed: 0.137267 },
      { from: 0.15, to: 0.2, examples: 339, predicted: 0.173519, observed: 0.172472 },
      { from: 0.2, to: 0.3, examples: 394, predicted: 0.241979, observed: 0.207729 },
      { from: 0.3, to: 0.4, examples: 251, predicted: 0.345775, observed: 0.307447 },
      { from: 0.4, to: 0.5, examples: 192, predicted: 0.445764, observed: 0.418788 },
      { from: 0.5, to: 0.6, examples: 134, predicted: 0.547282, observed: 0.428597 },
      { from: 0.6, to: 1, examples: 62, predicted: 0.646987, observed: 0.438363 },
    ],
  },
  kind: "logistic",
  intercept: -2.88695,
  beside_band: { where_known: "up_streak_hours" },
  terms: [
    {
      feature: "up_streak_hours",
      weight: -3.06617,
      mean: 1.98474,
      scale: 1.65508,
      missing: 168,
      transform: "log",
      offset: 0.25,
    },
    {
      feature: "recent_pool_losses",
      weight: 0.390277,
      mean: 1.58379,
      scale: 0.923749,
      missing: 0,
      transform: "log1p",
    },
    {
      feature: "hours_since_pool_loss",
      weight: 0.444262,
      mean: 2.22917,
      scale: 1.49178,
      missing: 168,
      transform: "log",
      offset: 0.25,
    },
    {
      feature: "hours_since_neighbour_loss",
      weight: -0.376652,
      mean: 2.09065,
      scale: 1.59875,
      missing: 168,
      transform: "log1p",
    },
    {
      feature: "up_streak_hours",
      weight: 1.72585,
      mean: 2.22032,
      scale: 1.39687,
      missing: 168,
      transform: "log",
      offset: 1,
    },
  ],
};
