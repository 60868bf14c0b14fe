/**
 * Would the drain of a node stop by itself? Hard topology spread over host names counts the cordoned node, too: with each pod that leaves it its count
 * falls, and with it what others may have more. Played through beforehand, pod by pod. Source: Kubernetes, PodTopologySpread, nodeTaintsPolicy.
 */
import type { ClusterView } from "../../model/kubernetes/cluster.ts";
import type { NodeFacts } from "../../model/kubernetes/node.ts";
import type { PodFacts, TopologySpreadFacts } from "../../model/kubernetes/pod.ts";
import { whyNotOn } from "./fits.ts";
import type { ExpectedNode } from "./new-node.ts";
import { isOver, nameOfPod } from "./pods/kind-of-pod.ts";
import { selects } from "./pods/selector.ts";
import { hostnameKey } from "./pods/volumes.ts";

const countsCordoned = ({
  whenUnsatisfiable,
  topologyKey,
  nodeTaintsPolicy = "Ignore",
}: TopologySpreadFacts): boolean =>
  whenUnsatisfiable === "DoNotSchedule" &&
  topologyKey === hostnameKey &&
  nodeTaintsPolicy === "Ignore";

interface Domain {
  readonly name: string;
  /** Pods that the spread counts there. */
  readonly count: number;
  /** The scheduler may place them there. */
  readonly isOpen: boolean;
}

type Counted = Pick<TopologySpreadFacts, "labelSelector">;

const isCounted = (pod: PodFacts, like: PodFacts, { labelSelector }: Counted): boolean =>
  pod.namespace === like.namespace &&
  pod.deletionTimestamp === undefined &&
  !isOver(pod) &&
  selects(labelSelector, pod.labels);

const hasWay = ({ placement }: PodFacts, node: Pick<NodeFacts, "name" | "labels">): boolean =>
  whyNotOn({ ...placement, tolerations: [] }, { ...node, taints: [] }) === undefined;

/** By nodeAffinityPolicy Ignore nodes count that the pod may not go to. */
const isDomain = (
  pod: PodFacts,
  { nodeAffinityPolicy = "Honor" }: TopologySpreadFacts,
  node: Pick<NodeFacts, "name" | "labels">,
): boolean => nodeAffinityPolicy === "Ignore" || hasWay(pod, node);

const domainsOf = (
  pod: PodFacts,
  spread: TopologySpreadFacts,
  { view, node, expected }: TopologyInput,
): readonly Domain[] => {
  const counts = Map.groupBy(
    view.pods.filter((other) => isCounted(other, pod, spread)),
    ({ nodeName }) => nodeName,
  );
  const nodes = view.nodes
    .filter((other) => isDomain(pod, spread, other))
    .map((other) => ({
      name: other.name,
      count: counts.get(other.name)?.length ?? 0,
      isOpen:
        other.name !== node.name &&
        !other.isUnschedulable &&
        whyNotOn(pod.placement, other) === undefined,
    }));
  const hasJoined = nodes.some(({ name }) => name === expected.name);
  return hasJoined ? nodes : [...nodes, { name: expected.name, count: 0, isOpen: true }];
};

const isStuck = (
  oldName: string,
  domains: readonly Domain[],
  { maxSkew, minDomains = 1 }: TopologySpreadFacts,
): boolean => {
  const counts = new Map(domains.map(({ name, count }) => [name, count]));
  const open = domains.filter(({ isOpen }) => isOpen);
  const on = (name: string): number => counts.get(name) ?? 0;
  for (let left = on(oldName); left > 0; left -= 1) {
    counts.set(oldName, left - 1);
    const least = counts.size < minDomains ? 0 : Math.min(...counts.values());
    const [place] = open
      .filter(({ name }) => on(name) + 1 - least <= maxSkew)
      .toSorted((one, other) => on(one.name) - on(other.name));
    if (place === undefined) return true;
    counts.set(place.name, on(place.name) + 1);
  }
  return false;
};

export interface TopologyInput {
  readonly view: Pick<ClusterView, "nodes" | "pods">;
  readonly node: Pick<NodeFacts, "name">;
  /** Its replacement. */
  readonly expected: ExpectedNode;
}

/** A sentence without its full stop. Undefined: all its replicas find a place. */
export const whyTopologyBlocks = (pod: PodFacts, input: TopologyInput): string | undefined => {
  const { node, view } = input;
  const spread = pod.placement.topologySpread.find(
    (one) => countsCordoned(one) && isStuck(node.name, domainsOf(pod, one, input), one),
  );
  if (spread === undefined) return undefined;
  const here = view.pods.filter(
    (other) => other.nodeName === node.name && isCounted(other, pod, spread),
  ).length;
  return `Pod ${nameOfPod(pod)} and ${String(here - 1)} more like it on node ${node.name} are spread over host names with maxSkew ${String(spread.maxSkew)}, which counts the cordoned node too: the last of them would stay Pending for ever. Set nodeTaintsPolicy: Honor in the topologySpreadConstraints of ${pod.owner?.kind ?? "the pod"} ${pod.owner?.name ?? pod.name}`;
};
