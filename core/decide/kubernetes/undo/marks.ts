/** Takes off nodes what we have written there, by what stood there before. What somebody has written over it since is his. */
import type { NodeFacts } from "../../../model/kubernetes/node.ts";
import {
  claimAnnotation,
  exclusionLabel,
  exclusionValue,
  judgeCordon,
  keepAnnotation,
  keepValue,
  priorAnnotation,
} from "../claims.ts";
import { act, mayShow, noted, openOf, wait, type Next, type Open } from "./step.ts";
import type { KubernetesUndoInput, NodeMarks } from "./world.ts";

const findNode = (
  { nodes }: Pick<KubernetesUndoInput, "nodes">,
  { nodeName, nodeUid }: { readonly nodeName: string; readonly nodeUid: string },
): NodeFacts | undefined => nodes.find(({ name, uid }) => name === nodeName && uid === nodeUid);

type Before = Open<"CORDON_NODE" | "HOLD_NODE" | "KEEP_NODE">["before"];

const textBefore = (before: Before, key: string): string | null => {
  const value = before?.[key];
  return typeof value === "string" ? value : null;
};

/** Whether it takes pods is its owner's where he has decided that since. */
const marksToTakeOff = ({ isUnschedulable, labels }: NodeFacts, before: Before): NodeMarks => ({
  ...(isUnschedulable ? { isUnschedulable: before?.["unschedulable"] === true } : {}),
  annotations: { [claimAnnotation]: null, [priorAnnotation]: null },
  ...(labels[exclusionLabel] === exclusionValue
    ? { labels: { [exclusionLabel]: textBefore(before, exclusionLabel) } }
    : {}),
});

/** An undo that died before it could say so has been here, or the call never was. */
const standsAsBefore = (
  { isUnschedulable, annotations, labels }: NodeFacts,
  before: Before,
): boolean =>
  annotations[claimAnnotation] === undefined &&
  isUnschedulable === (before?.["unschedulable"] === true) &&
  (labels[exclusionLabel] ?? null) === textBefore(before, exclusionLabel);

export const planUncordon = (
  input: Pick<KubernetesUndoInput, "nodes" | "now">,
  open: Open<"CORDON_NODE" | "HOLD_NODE">,
): Next => {
  const { nodeName, nodeUid, claim } = open.change;
  const node = findNode(input, open.change);
  if (node === undefined) return noted(open, `Node ${nodeName} is no longer in the cluster.`);
  const isClaimed = node.annotations[claimAnnotation] === claim;
  if (!isClaimed && mayShow(open, input.now)) {
    return wait(`Whether node ${nodeName} was cordoned is not known yet.`, ["nodes"]);
  }
  if (standsAsBefore(node, open.before)) return noted(open, `Node ${nodeName} is as it was.`);
  const labelBefore = textBefore(open.before, exclusionLabel) ?? undefined;
  const cordon = judgeCordon(node, {
    claim,
    ...(labelBefore === undefined ? {} : { labelBefore }),
  });
  if (cordon.kind === "LOST" && cordon.isWhole) {
    return noted(open, cordon.sentence, { isTheirs: true });
  }
  const marks = marksToTakeOff(node, open.before);
  const id = `UNCORDON ${nodeName}`;
  return act({ kind: "UNCORDON", id, nodeName, nodeUid, marks, undoes: open.id });
};

const planOneKeep = (
  input: Pick<KubernetesUndoInput, "nodes" | "now">,
  open: Open<"KEEP_NODE">,
): Next => {
  const { nodeName, nodeUid } = open.change;
  const node = findNode(input, open.change);
  if (node === undefined) return noted(open, `Node ${nodeName} is no longer in the cluster.`);
  const found = node.annotations[keepAnnotation];
  if (found !== keepValue) {
    return mayShow(open, input.now)
      ? wait(`Whether node ${nodeName} is kept from the autoscaler is not known yet.`, ["nodes"])
      : noted(open, `Annotation ${keepAnnotation} of node ${nodeName} is not ours any longer.`, {
          isTheirs: true,
        });
  }
  const marks = { annotations: { [keepAnnotation]: textBefore(open.before, keepAnnotation) } };
  const id = `RESTORE_KEEP ${nodeName}`;
  return act({ kind: "RESTORE_KEEP", id, nodeName, nodeUid, marks, undoes: open.id });
};

/** @param swapId absent: of all swaps */
export const planKeep = (
  input: Pick<KubernetesUndoInput, "nodes" | "now" | "intents">,
  swapId?: string,
): Next => {
  const [open] = openOf(input.intents, "KEEP_NODE").filter(
    (intent) => swapId === undefined || intent.swapId === swapId,
  );
  return open === undefined ? undefined : planOneKeep(input, open);
};

/** Of our deployment, whichever of its leases it was written under. */
const isOurs = (found: string | undefined, claim: string): boolean =>
  found?.split("#")[0] === claim.split("#")[0];

/** Nobody else's cordon: it has our claim. */
export const planUncordonOwn = (
  { claim }: Pick<KubernetesUndoInput, "claim">,
  node: NodeFacts,
): Next => {
  const { name: nodeName, uid: nodeUid, isUnschedulable, annotations } = node;
  if (!isUnschedulable || !isOurs(annotations[claimAnnotation], claim)) return undefined;
  const marks = { isUnschedulable: false, annotations: { [claimAnnotation]: null } };
  const id = `UNCORDON_REPLACEMENT ${nodeName}`;
  return act({ kind: "UNCORDON_REPLACEMENT", id, nodeName, nodeUid, marks });
};

/** The swap stands: what was written on the new node is taken off before it is the group's. */
export const stands = (
  input: KubernetesUndoInput,
  pair: {
    readonly swapId: string;
    readonly fresh: NodeFacts | undefined;
    /** Its original stays as well. */
    readonly isAbsorbed?: true;
  },
  sentence: string,
): Next => {
  const { swapId, fresh, isAbsorbed } = pair;
  return (
    (fresh === undefined ? undefined : planUncordonOwn(input, fresh)) ??
    planKeep(input, swapId) ??
    act({
      kind: "KEEP_PAIR",
      id: `KEEP_PAIR ${swapId}`,
      swapId,
      sentence,
      ...(isAbsorbed === undefined ? {} : { isAbsorbed }),
    })
  );
};
