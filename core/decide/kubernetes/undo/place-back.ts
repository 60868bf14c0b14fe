/**
 * Which pods of a replacement that is emptied would find another node now? The original takes pods again by then, and others may have taken its room: a pod that is sent
 * away without a place serves nobody, and was healthy where it stood.
 */
import type { ClusterView } from "../../../model/kubernetes/cluster.ts";
import type { NodeFacts } from "../../../model/kubernetes/node.ts";
import type { PodFacts } from "../../../model/kubernetes/pod.ts";
import { isReady } from "../budgets.ts";
import { whyNotOn } from "../fits.ts";
import { lackOf, needsOfPods, type Room } from "../needs.ts";
import { againstVolumes } from "../new-node.ts";
import { freeOn } from "../room-now.ts";

interface Place {
  readonly node: NodeFacts;
  free: Room;
}

const takes = (
  { node, free }: Place,
  pod: PodFacts,
  view: Pick<ClusterView, "pods" | "volumes">,
): boolean =>
  whyNotOn(pod.placement, node) === undefined &&
  againstVolumes(pod, view, node) === undefined &&
  lackOf(needsOfPods([pod], view), free) === undefined;

const less = (room: Room, taken: Room): Room =>
  Object.fromEntries(
    Object.entries(room).map(([resource, amount]) => [resource, amount - (taken[resource] ?? 0)]),
  );

const isWaiting = ({ nodeName, deletionTimestamp }: PodFacts): boolean =>
  nodeName === undefined && deletionTimestamp === undefined;

/** One after the other, each where there is room first. Those that wait for a node already come before them. */
export const withPlace = (
  pods: readonly PodFacts[],
  view: ClusterView,
  from: Pick<NodeFacts, "name">,
): readonly PodFacts[] => {
  const places = view.nodes
    .filter((node) => node.name !== from.name && !node.isUnschedulable && isReady(node))
    .map((node): Place => ({ node, free: freeOn(node, view) }));
  const isPlaced = (pod: PodFacts): boolean => {
    const place = places.find((each) => takes(each, pod, view));
    if (place !== undefined) place.free = less(place.free, needsOfPods([pod], view));
    return place !== undefined;
  };
  view.pods.filter(isWaiting).forEach(isPlaced);
  return pods.filter(isPlaced);
};
