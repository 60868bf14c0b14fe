/**
 * Is there still room for the pods of a node that goes? A cordon reserves nothing on the new node: in the seconds before the first eviction pods that were waiting,
 * or others that were just made, land there.
 */
import type { ClusterView } from "../../model/kubernetes/cluster.ts";
import { conditionOf } from "../../model/kubernetes/object.ts";
import type { NodeFacts } from "../../model/kubernetes/node.ts";
import type { PodFacts } from "../../model/kubernetes/pod.ts";
import { counted } from "../offers/figures.ts";
import { lackOf, needsOf, needsOfPods, roomOfNode, sum, type Room } from "./needs.ts";
import { isMirror, isOfDaemonSet, isOver, nameOfPod } from "./pods/kind-of-pod.ts";

interface RoomFacts {
  readonly view: ClusterView;
  readonly old: NodeFacts;
  /** The new one. */
  readonly node: NodeFacts;
}

const roomOf = (node: NodeFacts, { csiNodes }: ClusterView): Room =>
  roomOfNode(
    node,
    csiNodes.find(({ nodeName }) => nodeName === node.name),
  );

/** Its own agents apart: each node has as many. */
const movableOn = (node: NodeFacts, view: ClusterView): readonly PodFacts[] =>
  view.pods.filter(
    (pod) =>
      pod.nodeName === node.name &&
      !isOver(pod) &&
      !isMirror(pod) &&
      !isOfDaemonSet(pod, view.daemonSets),
  );

const takesPods = (node: NodeFacts): boolean =>
  !node.isUnschedulable &&
  conditionOf(node, "Ready")?.status === "True" &&
  node.taints.every(({ effect }) => effect === "PreferNoSchedule");

/** What is left of it beside its pods; those that terminate take nothing of it. */
export const freeOn = (node: NodeFacts, view: ClusterView): Room => {
  const used = needsOf(node.name, view);
  return Object.fromEntries(
    Object.entries(roomOf(node, view)).map(([resource, amount]) => [
      resource,
      Math.max(0, amount - (used[resource] ?? 0)),
    ]),
  );
};

/** Two pods on one node can't have a port of it both. Undefined: none stands in the way, or another node has it free. */
const whyNoPort = ({ view, old, node }: RoomFacts): string | undefined => {
  // With the agents of each node it stands together now.
  const portsOn = (place: NodeFacts): readonly number[] =>
    movableOn(place, view).flatMap(({ placement }) => placement.hostPorts);
  const places = view.nodes
    .filter((other) => other.name === node.name || (other.name !== old.name && takesPods(other)))
    .map((place) => new Set(portsOn(place)));
  const moving = movableOn(old, view).flatMap(({ placement, ...pod }) =>
    placement.hostPorts.map((port) => ({ port, name: nameOfPod(pod) })),
  );
  const held = moving.find(({ port }) => places.every((taken) => taken.has(port)));
  return (
    held &&
    `Pod ${held.name} needs port ${String(held.port)} of its node, and a pod on each node that it could go to has that already.`
  );
};

/**
 * The new node alone must be large enough. What has come to it meanwhile is made up for by what is free on other nodes: a scheduler prefers the emptiest one.
 * Undefined: there is room.
 */
export const whyNoRoom = ({ view, old, node }: RoomFacts): string | undefined => {
  const needs = needsOf(old.name, view);
  const room = roomOf(node, view);
  const tooSmall = lackOf(needs, room);
  if (tooSmall !== undefined) return `Node ${node.name} ${tooSmall}.`;
  const noPort = whyNoPort({ view, old, node });
  if (noPort !== undefined) return noPort;
  const arrived = movableOn(node, view);
  if (arrived.length === 0) return undefined;
  const others = view.nodes.filter(
    (other) => other.name !== old.name && other.name !== node.name && takesPods(other),
  );
  const lack = lackOf(
    sum([needs, needsOfPods(arrived, view)]),
    sum([room, ...others.map((other) => freeOn(other, view))]),
  );
  return lack === undefined
    ? undefined
    : `${counted(arrived.length, "pod")} of others ${arrived.length === 1 ? "has" : "have"} taken room on new node ${node.name}: with what is free elsewhere the cluster ${lack}.`;
};
