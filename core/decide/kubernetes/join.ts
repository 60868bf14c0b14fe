/**
 * Has the replacement joined the cluster, so that the old node's pods can go there? Ready says that its kubelet talks; what pods need beside that comes up after it:
 * agents of the network, drivers of volumes, and whatever its owner has every node run.
 */
import { hasEnded } from "../../model/instance.ts";
import type { ClusterView } from "../../model/kubernetes/cluster.ts";
import type { NodeFacts } from "../../model/kubernetes/node.ts";
import { conditionOf } from "../../model/kubernetes/object.ts";
import type { NodeName } from "../../model/kubernetes/progress.ts";
import type { DaemonSetFacts } from "../../model/kubernetes/workload.ts";
import type { InstanceId } from "../../model/ids.ts";
import { isReady } from "./budgets.ts";
import { nodeOfInstance } from "./candidate-nodes.ts";
import { nodeNamed, unlikeness, type ReplacementInstance } from "./capacity.ts";
import { daemonSetFits } from "./fits.ts";
import { volumesOf } from "./pods/volumes.ts";
import { whyNoRoom } from "./room-now.ts";

export interface JoinInput {
  readonly view: ClusterView;
  /** Of the replacement. */
  readonly instanceId: InstanceId;
  /** Of the replacement. Undefined: EC2 does not show it. */
  readonly instance: ReplacementInstance | undefined;
  readonly original: NodeName;
  /** ISO 8601 */
  readonly now: string;
}

type JoinJudgement =
  | { readonly kind: "JOINED"; readonly node: NodeName }
  | { readonly kind: "WAITING"; readonly sentence: string }
  /** It will never do: it is given up, and the old node stays. */
  | { readonly kind: "LOST"; readonly sentence: string };

type Answer = Exclude<JoinJudgement, { readonly kind: "JOINED" }> | undefined;

interface Joining {
  readonly view: ClusterView;
  readonly old: NodeFacts;
  readonly node: NodeFacts;
  readonly now: string;
}

const waiting = (sentence: string): Answer => ({ kind: "WAITING", sentence });

/** A node that flaps while it boots is not one yet. */
const steadySeconds = 30;

const judgeReady = ({ node, now }: Joining): Answer => {
  const ready = conditionOf(node, "Ready");
  if (ready?.status !== "True") {
    const why = ready?.message ?? ready?.reason ?? "its kubelet has told nothing yet";
    return waiting(`Node ${node.name} is not Ready (${why.replace(/\.$/, "")}).`);
  }
  const since = ready.lastTransitionTime ?? node.createdAt;
  return (Date.parse(now) - Date.parse(since)) / 1000 < steadySeconds
    ? waiting(
        `Node ${node.name} is Ready since ${since}, and is watched for ${String(steadySeconds)} s.`,
      )
    : undefined;
};

const keepsPodsOff = ({ effect }: { readonly effect: string }): boolean =>
  effect === "NoSchedule" || effect === "NoExecute";

/** Agents take theirs off once they are up. What the old node has as well is its owner's. */
const judgeTaints = ({ node, old }: Joining): Answer => {
  const taint = node.taints.find(
    (found) =>
      keepsPodsOff(found) &&
      !old.taints.some(({ key, value }) => key === found.key && value === found.value),
  );
  if (taint !== undefined) {
    return waiting(
      `Node ${node.name} has taint ${taint.key}:${taint.effect}, which node ${old.name} does not have: whoever set it is not done.`,
    );
  }
  return node.isUnschedulable ? waiting(`Somebody has cordoned node ${node.name}.`) : undefined;
};

/** One whose pods are Ready nowhere else either says nothing of this node. */
const isBroken = ({ pods }: ClusterView, { uid }: DaemonSetFacts, nodeName: string): boolean => {
  const others = pods.filter((pod) => pod.owner?.uid === uid && pod.nodeName !== nodeName);
  return others.length > 0 && !others.some(isReady);
};

/** By where its pods may stand, and not by whether the old node has one. */
const judgeDaemonSets = ({ view, node }: Joining): Answer => {
  const missing = view.daemonSets.find(
    (daemonSet) =>
      daemonSetFits(daemonSet, node) &&
      !isBroken(view, daemonSet, node.name) &&
      !view.pods.some(
        (pod) => pod.owner?.uid === daemonSet.uid && pod.nodeName === node.name && isReady(pod),
      ),
  );
  return missing === undefined
    ? undefined
    : waiting(
        `DaemonSet ${missing.namespace}/${missing.name} has no Ready pod on node ${node.name} yet.`,
      );
};

const driversOn = ({ view, old }: Joining): readonly string[] => [
  ...new Set(
    view.pods
      .filter(({ nodeName }) => nodeName === old.name)
      .flatMap((pod) => volumesOf(pod, view).flatMap(({ driver = [] }) => driver)),
  ),
];

/** Without its number of volumes the scheduler sends there what can't be attached. Source: aws-ebs-csi-driver #1278. */
const judgeDrivers = (joining: Joining): Answer => {
  const { view, node, old } = joining;
  const driversOf = ({ name }: NodeFacts) =>
    view.csiNodes.find(({ nodeName }) => nodeName === name)?.drivers ?? [];
  const missing = driversOn(joining).find((name) => {
    const there = driversOf(node).find((driver) => driver.name === name);
    const isLimited = driversOf(old).some(
      (driver) => driver.name === name && driver.count !== undefined,
    );
    return there === undefined || (isLimited && there.count === undefined);
  });
  return missing === undefined
    ? undefined
    : waiting(
        `CSI driver ${missing}, whose volumes are to move, has not told node ${node.name} how many it can attach there.`,
      );
};

const judgeRoom = (joining: Joining): Answer => {
  const lack = whyNoRoom(joining);
  return lack === undefined ? undefined : waiting(lack);
};

const judgeLikeness = ({ old, node }: Joining): Answer => {
  const sentence = unlikeness(old, node);
  return sentence === undefined ? undefined : { kind: "LOST", sentence };
};

const judgeInstance = ({ instance, instanceId }: JoinInput): Answer => {
  if (instance === undefined) return waiting(`EC2 does not show replacement ${instanceId} yet.`);
  const { state, isInterrupted } = instance;
  if (isInterrupted) return { kind: "LOST", sentence: `EC2 takes replacement ${instanceId} back.` };
  if (state === "running") return undefined;
  const sentence = `EC2 shows replacement ${instanceId} as ${state}.`;
  return hasEnded(state) ? { kind: "LOST", sentence } : waiting(sentence);
};

const judgeNode = (joining: Joining): Answer =>
  judgeLikeness(joining) ??
  judgeReady(joining) ??
  judgeTaints(joining) ??
  judgeDaemonSets(joining) ??
  judgeDrivers(joining) ??
  judgeRoom(joining);

export const judgeJoin = (input: JoinInput): JoinJudgement => {
  const { view, instanceId, original, now } = input;
  const answer = judgeInstance(input);
  if (answer !== undefined) return answer;
  const old = nodeNamed(view.nodes, original);
  if (old === undefined) {
    return { kind: "LOST", sentence: `Node ${original.name} has left the cluster meanwhile.` };
  }
  const node = nodeOfInstance(view, instanceId);
  if (node === undefined) {
    const sentence = `No node of the cluster says by its provider id that it is ${instanceId}.`;
    return { kind: "WAITING", sentence };
  }
  const { name, uid } = node;
  return judgeNode({ view, old, node, now }) ?? { kind: "JOINED", node: { instanceId, name, uid } };
};
