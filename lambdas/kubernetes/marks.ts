/** What we write on nodes, and what of it is ours: the claim with the cordon on the one that goes, and what keeps the autoscaler from the new one. */
import type { NodeChange } from "../../adapters/kubernetes/nodes.ts";
import {
  claimAnnotation,
  exclusionLabel,
  exclusionValue,
  priorAnnotation,
} from "../../core/decide/kubernetes/claims.ts";
import { canonicalJson } from "../../core/canonical.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { IntentBase } from "../../core/model/intents/base.ts";
import type { NodeFacts } from "../../core/model/kubernetes/node.ts";

/** Throws StaleOriginal for another node of the name. */
export const requireNode = (node: NodeFacts, { uid }: { readonly uid: string }): void => {
  if (node.uid === uid) return;
  throw new SpotOptimizerError(
    "StaleOriginal",
    `Node ${node.name} is another one than before: it was deleted, and has joined anew.`,
    {
      resource: node.name,
      nextStep: "Nothing: the next evaluation judges the node as it is by then.",
    },
  );
};

const isSo = (
  found: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string | null>> = {},
): boolean => Object.entries(wanted).every(([key, value]) => (found[key] ?? null) === value);

/** Undefined where the node stands so already. */
export const nodeChangeFor = (node: NodeFacts, wanted: NodeChange): NodeChange | undefined => {
  const { isUnschedulable = node.isUnschedulable, annotations, labels } = wanted;
  return isUnschedulable === node.isUnschedulable &&
    isSo(node.annotations, annotations) &&
    isSo(node.labels, labels)
    ? undefined
    : wanted;
};

/** The before-image of a cordon. */
export const beforeCordon = (node: NodeFacts): NonNullable<IntentBase["before"]> => ({
  unschedulable: node.isUnschedulable,
  [exclusionLabel]: node.labels[exclusionLabel] ?? null,
});

export const standsAsBefore = (node: NodeFacts, before: IntentBase["before"]): boolean =>
  canonicalJson(beforeCordon(node)) === canonicalJson(before);

/** That it takes no more pods, and by whom. */
export const holdOf = (node: NodeFacts, claim: string): NodeChange => ({
  isUnschedulable: true,
  annotations: { [claimAnnotation]: claim, [priorAnnotation]: String(node.isUnschedulable) },
});

/** By one patch. A label of its owner's stays. */
export const cordonOf = (node: NodeFacts, claim: string): NodeChange => ({
  ...holdOf(node, claim),
  ...(node.labels[exclusionLabel] === undefined
    ? { labels: { [exclusionLabel]: exclusionValue } }
    : {}),
});
