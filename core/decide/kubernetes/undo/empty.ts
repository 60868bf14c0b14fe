/**
 * Empties a replacement that is to be undone: by the rules by which the original was to be emptied, for its pods are the same. A node that carries pods is never
 * ended by us.
 */
import type { ClusterView } from "../../../model/kubernetes/cluster.ts";
import type { NodeFacts } from "../../../model/kubernetes/node.ts";
import type { PodFacts } from "../../../model/kubernetes/pod.ts";
import { counted } from "../../offers/figures.ts";
import { notReadyFor } from "../capacity.ts";
import { claimAnnotation } from "../claims.ts";
import { chooseEvictions } from "../drain/choose.ts";
import { isInTheWay, ownBlocker, podsOnNode, type NodePod } from "../drain/node-pods.ts";
import type { Eviction } from "../drain/replies.ts";
import { beginDrain, beginTick } from "../drain/tick.ts";
import { lookAtWorkloads } from "../drain/workloads.ts";
import { classifyPod } from "../pods/classify.ts";
import { nameOfPod } from "../pods/kind-of-pod.ts";
import type { PodStanding } from "../pods/standing.ts";
import { withPlace } from "./place-back.ts";
import { act, wait, type Next } from "./step.ts";
import type { KubernetesUndoInput } from "./world.ts";

/** Of one action: most are answered within a tenth of a second, and the function has a minute. */
const atMost = 10;

const leftOn = (
  node: NodeFacts,
  view: ClusterView,
  input: Pick<KubernetesUndoInput, "policy" | "now" | "askedSince">,
) => {
  const { policy, now } = input;
  const standingOf = (pod: PodFacts): PodStanding => classifyPod(pod, { view, policy, now });
  const looks = lookAtWorkloads(view.pods, node, { beganAt: input.askedSince });
  const webhookServices = view.webhookServices ?? [];
  const onNode = podsOnNode(view.pods, node.name, { standingOf, looks, webhookServices });
  const patience = { now, notReadySeconds: notReadyFor(node, now), isImpaired: false };
  return { looks, left: onNode.filter((found) => isInTheWay(found, patience)) };
};

interface Emptied {
  readonly left: readonly NodePod[];
  readonly view: ClusterView;
  readonly node: NodeFacts;
  /** ISO 8601 */
  readonly now: string;
}

const noPlaceFor = ({ namespace, name }: Eviction): string =>
  `No other node has room for pod ${nameOfPod({ namespace, name })}: it stays until one has. Next: make room, or adopt the evaluation, by which both nodes stay; rolled back again by a person it leaves all the same.`;

const waitForPods = (node: NodeFacts, left: readonly NodePod[], why: string | undefined): Next => {
  const pods = `Replacement node ${node.name} still has ${counted(left.length, "pod")}.`;
  return wait(why === undefined ? pods : `${pods} ${why}`, ["view"]);
};

/** Of pods that EC2 ends in a minute, or that serve nobody where they are, none is spared; nor where a person has asked for it, who sees where they are to go. */
const withPlaceOf = (
  evict: readonly Eviction[],
  { left, view, node, now }: Emptied,
  isSpared: boolean,
): readonly Eviction[] => {
  if (!isSpared || notReadyFor(node, now) !== undefined) return evict;
  const chosen = left
    .map(({ pod }) => pod)
    .filter(({ uid }) => evict.some((one) => one.uid === uid));
  const placed = new Set(withPlace(chosen, view, node).map(({ uid }) => uid));
  return evict.filter(({ uid }) => placed.has(uid));
};

/** Undefined: nothing stands in the way. @param isTakenBack EC2 has announced that it takes the node */
export const planEmptying = (
  input: KubernetesUndoInput,
  node: NodeFacts,
  isTakenBack: boolean,
): Next => {
  const { name: nodeName, uid: nodeUid } = node;
  if (!node.isUnschedulable) {
    const id = `CORDON_REPLACEMENT ${nodeName}`;
    const marks = { isUnschedulable: true, annotations: { [claimAnnotation]: input.claim } };
    return act({ kind: "CORDON_REPLACEMENT", id, nodeName, nodeUid, marks });
  }
  const { view, now } = input;
  if (view === undefined) return { kind: "LOOK", at: ["view"] };
  const { looks, left } = leftOn(node, view, input);
  if (left.length === 0) return undefined;
  const { evict: chosen, blockers } = chooseEvictions({
    left,
    pods: view.pods,
    looks,
    drained: [],
    node,
    memory: beginTick(beginDrain(input.askedSince), now),
    atMost,
    now,
  });
  const seen = { left, view: { ...view, nodes: input.nodes }, node, now };
  const evict = withPlaceOf(chosen, seen, !isTakenBack && !input.isAsked);
  if (evict.length > 0) {
    const id = `EVICT ${evict.map((one) => `${nameOfPod(one)} (${one.uid})`).join(", ")}`;
    return act({ kind: "EVICT", id, nodeName, nodeUid, evictions: evict });
  }
  const [held] = [...left.flatMap((found) => ownBlocker(found, now) ?? []), ...blockers];
  const [unplaced] = chosen;
  return waitForPods(node, left, unplaced === undefined ? held?.sentence : noPlaceFor(unplaced));
};
