/**
 * Topology spread. A cordoned node stays a domain unless `nodeTaintsPolicy` is Honor: its falling count becomes the minimum, and a drain
 * can block itself. Source: Kubernetes documentation, "Pod Topology Spread Constraints"; kubernetes#106127; spec: tried.
 */
import { isTerminating, type NodeObject, type Pod, type TopologySpread } from "../objects.ts";
import { selects } from "../selectors.ts";
import { isSelectedNode } from "./affinity.ts";
import { repelling } from "./taints.ts";
import { podsAt, type View } from "./view.ts";

/** The nodes whose domains are counted. */
const isCounted = (constraint: TopologySpread, pod: Pod, node: NodeObject): boolean => {
  const { topologyKey, nodeAffinityPolicy = "Honor", nodeTaintsPolicy = "Ignore" } = constraint;
  if (node.metadata.labels?.[topologyKey] === undefined) return false;
  if (nodeAffinityPolicy === "Honor" && !isSelectedNode(pod, node)) return false;
  return nodeTaintsPolicy !== "Honor" || repelling(pod, node) === undefined;
};

/** Matching pods in each domain; those that are going don't count. */
const countsOf = (
  view: View,
  constraint: TopologySpread,
  pod: Pod,
): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const node of view.nodes) {
    if (!isCounted(constraint, pod, node)) continue;
    const domain = node.metadata.labels?.[constraint.topologyKey] ?? "";
    const here = podsAt(view, node).filter(
      (other) =>
        !isTerminating(other) &&
        other.metadata.namespace === pod.metadata.namespace &&
        selects(constraint.labelSelector, other.metadata.labels),
    ).length;
    counts.set(domain, (counts.get(domain) ?? 0) + here);
  }
  return counts;
};

/** The constraint that would not hold with the pod on that node. */
export const isSkewed = (view: View, pod: Pod, node: NodeObject): boolean =>
  (pod.spec.topologySpreadConstraints ?? []).some((constraint) => {
    if (constraint.whenUnsatisfiable !== "DoNotSchedule") return false;
    const domain = node.metadata.labels?.[constraint.topologyKey];
    if (domain === undefined) return true;
    const counts = countsOf(view, constraint, pod);
    const own = selects(constraint.labelSelector, pod.metadata.labels) ? 1 : 0;
    const least = counts.size === 0 ? 0 : Math.min(...counts.values());
    return (counts.get(domain) ?? 0) + own - least > constraint.maxSkew;
  });
