/** What the look at a node that is drained has to see of its cluster: of ten thousand pods those that can decide anything are a few hundred. */
import type { DrainState } from "../../../model/kubernetes/drain.ts";
import type { PodFacts } from "../../../model/kubernetes/pod.ts";
import type { DaemonSetFacts } from "../../../model/kubernetes/workload.ts";
import { isMirror, isOfDaemonSet } from "../pods/kind-of-pod.ts";

interface ScopeFacts {
  readonly daemonSets: readonly DaemonSetFacts[];
  readonly workloads: DrainState["workloads"];
}

/**
 * Namespaces whose pods and budgets a look reckons with: of each pod that is to leave, and of each workload of which one was evicted, for what is made
 * again there is watched to the end. Of what stays on its node, agents for one, the node's own list says enough.
 */
export const namespacesInDrain = (
  onNode: readonly PodFacts[],
  { daemonSets, workloads }: ScopeFacts,
): readonly string[] => {
  const leaving = onNode.filter((pod) => !isMirror(pod) && !isOfDaemonSet(pod, daemonSets));
  const evictedFrom = workloads.map(({ key }) => key.split("/")[0] ?? "");
  return [...new Set([...leaving.map(({ namespace }) => namespace), ...evictedFrom])].toSorted();
};
