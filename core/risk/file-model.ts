/** Makes a risk model of a file that core can compute by itself. */
import { chainedProbability, probabilityOver } from "./horizon.ts";
import { logisticModel } from "./logistic.ts";
import type { LogisticFile, TreesFile } from "./model-file.ts";
import type { RiskFeatures, RiskModel } from "./model.ts";
import { treesProbability } from "./trees.ts";

const fromLogistic = (file: LogisticFile): RiskModel => {
  const ownAt = logisticModel(file);
  return {
    version: file.version,
    probability: (features, horizonHours) =>
      chainedProbability((later) => ownAt(features, later), file.horizon_hours, horizonHours),
  };
};

const fromTrees = (file: TreesFile): RiskModel => {
  const own = (features: RiskFeatures): number => treesProbability(file, features);
  return {
    version: file.version,
    probability: (features, horizonHours) =>
      probabilityOver({ own, ownHours: file.horizon_hours, features, horizonHours }),
  };
};

export const fileModel = (file: LogisticFile | TreesFile): RiskModel =>
  file.kind === "logistic" ? fromLogistic(file) : fromTrees(file);
