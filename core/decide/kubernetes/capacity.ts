/**
 * May anything be taken from the old node now? Asked before each disruptive call: only while the new one stands where the old one stands, and can
 * take its pods.
 */
import { hasEnded, type InstanceState } from "../../model/instance.ts";
import { conditionOf } from "../../model/kubernetes/object.ts";
import type { NodeFacts } from "../../model/kubernetes/node.ts";
import type { NodeName } from "../../model/kubernetes/progress.ts";
import { isTakenByAutoscaler } from "./claims.ts";

export type CapacityJudgement =
  | { readonly kind: "HOLDS" }
  /** It may pass by itself: nothing more is taken meanwhile. */
  | { readonly kind: "NOT_NOW"; readonly sentence: string }
  /** What was begun is undone. */
  | { readonly kind: "LOST"; readonly sentence: string };

/** The instance behind the new node, as EC2 shows it. */
export interface ReplacementInstance {
  readonly state: InstanceState;
  /** EC2 has announced that it takes it back. */
  readonly isInterrupted: boolean;
}

interface CapacityInput {
  readonly nodes: readonly NodeFacts[];
  readonly original: NodeName;
  readonly joined: NodeName;
  /** Undefined: EC2 does not show it. */
  readonly instance: ReplacementInstance | undefined;
  /** ISO 8601 */
  readonly now: string;
}

export const nodeNamed = (
  nodes: readonly NodeFacts[],
  { name, uid }: Pick<NodeName, "name" | "uid">,
): NodeFacts | undefined => nodes.find((node) => node.name === name && node.uid === uid);

/** Labels by which nodes tell where they stand and what runs on them. Source: Kubernetes, "Well-Known Labels". */
const likenesses = [
  ["zone", "topology.kubernetes.io/zone"],
  ["architecture", "kubernetes.io/arch"],
] as const;

/** In what the new node is not like the old one. Undefined: it is. */
export const unlikeness = (
  one: Pick<NodeFacts, "name" | "labels">,
  other: Pick<NodeFacts, "name" | "labels">,
): string | undefined => {
  const found = likenesses.find(([, label]) => one.labels[label] !== other.labels[label]);
  if (found === undefined) return undefined;
  const [noun, label] = found;
  return `Node ${other.name} has ${noun} ${other.labels[label] ?? "unknown"}, and node ${one.name} ${one.labels[label] ?? "unknown"}.`;
};

/** A node controller waits 40 seconds before it says that a kubelet is silent; one that is Unknown for a minute more is not flapping. */
const notReadySeconds = 60;

export const notReadyFor = (
  node: Pick<NodeFacts, "conditions">,
  now: string,
): number | undefined => {
  const ready = conditionOf(node, "Ready");
  if (ready?.status === "True") return undefined;
  const since = ready?.lastTransitionTime;
  return since === undefined ? Infinity : (Date.parse(now) - Date.parse(since)) / 1000;
};

const judgeInstance = ({ instance, joined }: CapacityInput): CapacityJudgement | undefined => {
  const { instanceId } = joined;
  if (instance === undefined) {
    return { kind: "NOT_NOW", sentence: `EC2 does not show replacement ${instanceId}.` };
  }
  if (instance.isInterrupted) {
    return { kind: "LOST", sentence: `EC2 takes replacement ${instanceId} back.` };
  }
  if (instance.state === "running") return undefined;
  return {
    kind: hasEnded(instance.state) || instance.state === "stopping" ? "LOST" : "NOT_NOW",
    sentence: `EC2 shows replacement ${instanceId} as ${instance.state}.`,
  };
};

const judgeReadiness = (node: NodeFacts, now: string): CapacityJudgement | undefined => {
  const seconds = notReadyFor(node, now);
  if (seconds === undefined) return undefined;
  const ready = conditionOf(node, "Ready");
  const why = ready?.message ?? ready?.reason ?? "its kubelet tells nothing";
  return {
    kind: seconds >= notReadySeconds ? "LOST" : "NOT_NOW",
    sentence: `New node ${node.name} is not Ready (${why.replace(/\.$/, "")}).`,
  };
};

const judgeSchedulable = (node: NodeFacts): CapacityJudgement | undefined => {
  const isTaken = isTakenByAutoscaler(node);
  if (!isTaken && !node.isUnschedulable) return undefined;
  return {
    kind: "NOT_NOW",
    sentence: `New node ${node.name} takes no pods: ${isTaken ? "Cluster Autoscaler takes it away" : "somebody has cordoned it"}.`,
  };
};

const judgeLikeness = (
  { nodes, original }: CapacityInput,
  node: NodeFacts,
): CapacityJudgement | undefined => {
  const old = nodeNamed(nodes, original);
  const sentence = old === undefined ? undefined : unlikeness(old, node);
  return sentence === undefined ? undefined : { kind: "LOST", sentence };
};

export const judgeCapacity = (input: CapacityInput): CapacityJudgement => {
  const { nodes, joined } = input;
  const node = nodeNamed(nodes, joined);
  if (node === undefined) {
    return { kind: "LOST", sentence: `New node ${joined.name} has left the cluster.` };
  }
  return (
    judgeInstance(input) ??
    judgeLikeness(input, node) ??
    judgeReadiness(node, input.now) ??
    judgeSchedulable(node) ?? { kind: "HOLDS" }
  );
};
