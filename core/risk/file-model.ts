/** Makes a risk model of a file that core can compute by itself. */
import { probabilityOver } from "./horizon.ts";
import { logisticProbability } from "./logistic.ts";
import type { LogisticFile, TreesFile } from "./model-file.ts";
import type { RiskFeatures, RiskModel } from "./model.ts";
import { treesProbability } from "./trees.ts";

export const fileModel = (file: LogisticFile | TreesFile): RiskModel => {
  const own = (features: RiskFeatures): number =>
    file.kind === "logistic"
      ? logisticProbability(file, features)
      : treesProbability(file, features);
  return {
    version: file.version,
    probability: (features, horizonHours) =>
      probabilityOver({ own, ownHours: file.horizon_hours, features, horizonHours }),
  };
};
