/** Boosted trees of a file: the sum of one leaf per tree, the calibration, and the logistic link. */
import { readFeature } from "./feature-vector.ts";
import { logistic } from "./logistic.ts";
import type { Tree, TreesFile } from "./model-file.ts";
import type { RiskFeatures } from "./model.ts";

type Split = Exclude<Tree["nodes"][number], { leaf: number }>;

const nextNode = (split: Split, value: number | undefined): number => {
  const side = value === undefined ? split.missing : value <= split.threshold ? "left" : "right";
  return split[side];
};

/** Ends: a node's children come after it in the list, which the file's schema checks. */
const leafOf = (tree: Tree, read: (name: string) => number | undefined): number => {
  let node = tree.nodes[0];
  while (node !== undefined && !("leaf" in node)) {
    node = tree.nodes[nextNode(node, read(node.feature))];
  }
  return node?.leaf ?? 0;
};

/** Probability, 0…1, for the file's own horizon. */
export const treesProbability = (file: TreesFile, features: RiskFeatures): number => {
  const read = (name: string): number | undefined => readFeature(features, name);
  const margin = file.trees.reduce((sum, tree) => sum + leafOf(tree, read), file.intercept);
  const { a, b } = file.calibration ?? { a: 1, b: 0 };
  return logistic(a * margin + b);
};
