/**
 * Chooses the nodes that take no pods while another one is drained: those that go later in the same run. A pod that moved there would have to move again. Cordoned
 * and not tainted: a DaemonSet whose pods are made anew meanwhile tolerates a cordon.
 */
import type { NodeFacts } from "../../model/kubernetes/node.ts";
import type { NodeName } from "../../model/kubernetes/progress.ts";
import { nodeNamed } from "./capacity.ts";
import { claimAnnotation, isTakenByAutoscaler } from "./claims.ts";
import { whyNoRoom } from "./room-now.ts";
import { judgeNode, type JudgeNodeInput } from "./judge-node.ts";

interface HoldInput extends JudgeNodeInput {
  /** That go after the node which is judged, in their order. */
  readonly later: readonly NodeName[];
  readonly joined: NodeName;
  /** What is written on those that are held. */
  readonly claim: string;
}

/** With how it stands now. */
export interface NodeToHold extends NodeName {
  readonly node: NodeFacts;
}

/** One that somebody else has cordoned, claimed or taken is his. */
const isFree = (node: NodeFacts): boolean =>
  !node.isUnschedulable &&
  node.annotations[claimAnnotation] === undefined &&
  !isTakenByAutoscaler(node);

/** For all pods of the node that goes. */
const hasPlace = (input: JudgeNodeInput & Pick<HoldInput, "joined">): boolean => {
  const { view, nodeName, joined } = input;
  const old = view.nodes.find(({ name }) => name === nodeName);
  const node = nodeNamed(view.nodes, joined);
  return (
    old !== undefined &&
    node !== undefined &&
    judgeNode(input).blockers.length === 0 &&
    whyNoRoom({ view, old, node }) === undefined
  );
};

/** None where the pods of the node that goes need the place: a pod that moves twice is better off than one that finds no node. */
export const nodesToHold = ({ later, claim, ...input }: HoldInput): readonly NodeToHold[] => {
  const { view } = input;
  const free = later.flatMap((name) => {
    const node = nodeNamed(view.nodes, name);
    return node !== undefined && isFree(node) ? [{ ...name, node }] : [];
  });
  const taken = new Set(free.map(({ node }) => node));
  const held = (node: NodeFacts): NodeFacts => ({
    ...node,
    isUnschedulable: true,
    annotations: { ...node.annotations, [claimAnnotation]: claim },
  });
  const nodes = view.nodes.map((node) => (taken.has(node) ? held(node) : node));
  return hasPlace({ ...input, view: { ...view, nodes } }) ? free : [];
};
