/**
 * Places pods: what keeps one from a node, in the order in which the scheduler asks, and which of the nodes that are left is best. Source:
 * Kubernetes documentation, "Kubernetes Scheduler", "Scheduler Configuration" (default plugins).
 */
import type { KubeContext } from "../context.ts";
import {
  controllerOf,
  isTerminating,
  withCondition,
  type NodeObject,
  type Pod,
} from "../objects.ts";
import { amountsOf, needsOf } from "../quantities.ts";
import { change } from "../writing.ts";
import { holdsFor, isRepelled, isSelectedNode } from "./affinity.ts";
import { place } from "./binding.ts";
import { repelling } from "./taints.ts";
import { isSkewed } from "./topology.ts";
import { podsAt, viewOf, type View } from "./view.ts";
import { attachableAt, provision, volumesOf } from "./volumes.ts";

/** Says why the pod can't run there. */
type Filter = (view: View, pod: Pod, node: NodeObject) => string | undefined;

const taints: Filter = (_, pod, node) => {
  const taint = repelling(pod, node);
  if (taint === undefined) return undefined;
  if (node.spec.unschedulable === true) return "node(s) were unschedulable";
  return `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ""}}`;
};

const selectors: Filter = (_, pod, node) =>
  isSelectedNode(pod, node) ? undefined : "node(s) didn't match Pod's node affinity/selector";

const hostPortsOf = ({ spec }: Pod): readonly number[] =>
  spec.containers.flatMap(({ ports = [] }) => ports.flatMap(({ hostPort }) => hostPort ?? []));

const hostPorts: Filter = (view, pod, node) => {
  const wanted = hostPortsOf(pod);
  const isTaken =
    wanted.length > 0 &&
    podsAt(view, node).some((other) => hostPortsOf(other).some((port) => wanted.includes(port)));
  return isTaken ? "node(s) didn't have free ports for the requested pod ports" : undefined;
};

const resources: Filter = (view, pod, node) => {
  const allocatable = amountsOf(node.status.allocatable);
  const taken = podsAt(view, node).map(needsOf);
  const short = Object.entries(needsOf(pod)).find(([name, need]) => {
    const room = allocatable[name];
    // A node that names none of a resource has none of it, but for the places of a node without a status.
    if (room === undefined) return name !== "pods" && need > 0;
    return taken.reduce((sum, each) => sum + (each[name] ?? 0), need) > room + 1e-9;
  });
  if (short === undefined) return undefined;
  return short[0] === "pods" ? "Too many pods" : `Insufficient ${short[0]}`;
};

const volumes: Filter = (view, pod, node) => {
  const own = volumesOf(view.context, pod);
  const isElsewhere = own.some(
    ({ spec }) =>
      spec.nodeAffinity?.required !== undefined && !holdsFor(spec.nodeAffinity.required, node),
  );
  if (isElsewhere) return "node(s) had volume node affinity conflict";
  if (own.length === 0) return undefined;
  const { used, limit } = attachableAt(view, node);
  return used + own.length > limit ? "node(s) exceed max volume count" : undefined;
};

const spread: Filter = (view, pod, node) =>
  isSkewed(view, pod, node) ? "node(s) didn't match pod topology spread constraints" : undefined;

const antiAffinity: Filter = (view, pod, node) =>
  isRepelled(view, pod, node) ? "node(s) didn't match pod anti-affinity rules" : undefined;

const filters: readonly Filter[] = [
  taints,
  selectors,
  hostPorts,
  resources,
  volumes,
  spread,
  antiAffinity,
];

const objectionTo = (view: View, pod: Pod, node: NodeObject): string | undefined => {
  for (const filter of filters) {
    const objection = filter(view, pod, node);
    if (objection !== undefined) return objection;
  }
  return undefined;
};

/** The share of the node's CPU that is asked for. */
const loadOf = (view: View, node: NodeObject): number => {
  const room = amountsOf(node.status.allocatable).cpu ?? 0;
  const taken = podsAt(view, node).reduce((sum, pod) => sum + (needsOf(pod).cpu ?? 0), 0);
  return room === 0 ? 0 : taken / room;
};

/** † Where the fewest of its siblings are, then the least load, then by name: the real scores are finer. */
const best = (view: View, pod: Pod, nodes: readonly NodeObject[]): NodeObject | undefined => {
  const owner = controllerOf(pod)?.uid;
  const siblings = (node: NodeObject): number =>
    podsAt(view, node).filter((other) => owner !== undefined && controllerOf(other)?.uid === owner)
      .length;
  return nodes
    .map((node) => ({ node, siblings: siblings(node), load: loadOf(view, node) }))
    .sort((one, other) => one.siblings - other.siblings || one.load - other.load)[0]?.node;
};

/** `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable.` */
const sentenceOf = (objections: readonly string[]): string => {
  const counts = new Map<string, number>();
  for (const objection of objections) counts.set(objection, (counts.get(objection) ?? 0) + 1);
  const parts = [...counts.entries()].map(([text, count]) => `${String(count)} ${text}`).sort();
  return `0/${String(objections.length)} nodes are available${parts.length === 0 ? "" : `: ${parts.join(", ")}`}.`;
};

const markUnschedulable = (context: KubeContext, pod: Pod, message: string): void => {
  const condition = {
    type: "PodScheduled",
    status: "False",
    reason: "Unschedulable",
    message,
  } as const;
  change(context, "pods", {
    ...pod,
    status: {
      ...pod.status,
      conditions: withCondition(pod.status.conditions, condition, context.time.now()),
    },
  });
};

const isWaiting = (pod: Pod): boolean =>
  pod.spec.nodeName === undefined && pod.status.phase === "Pending" && !isTerminating(pod);

/** Places what can be placed; of the others it is said why not. In the order of their creation. */
export const schedulePending = (context: KubeContext): void => {
  const waiting = context.store
    .list("pods")
    .filter(isWaiting)
    .sort((one, other) =>
      one.metadata.creationTimestamp < other.metadata.creationTimestamp ? -1 : 1,
    );
  if (waiting.length === 0) return;
  const view = viewOf(context);
  for (const pod of waiting) {
    const objections = view.nodes.map((node) => objectionTo(view, pod, node));
    const fitting = view.nodes.filter((_, index) => objections[index] === undefined);
    const node = best(view, pod, fitting);
    if (node === undefined) {
      markUnschedulable(context, pod, sentenceOf(objections.map((each) => each ?? "")));
      continue;
    }
    provision(context, pod, node);
    place(context, pod, node.metadata.name);
    const placed = context.store.get("pods", pod.metadata);
    if (placed !== undefined)
      (view.podsOn as Map<string, Pod[]>).set(node.metadata.name, [...podsAt(view, node), placed]);
  }
};
