/** Of which pods an eviction is tried before anything is launched: those that a drain would evict. */
import type { ClusterView } from "../../../model/kubernetes/cluster.ts";
import type { NodeFacts } from "../../../model/kubernetes/node.ts";
import type { PodFacts } from "../../../model/kubernetes/pod.ts";
import { isMirror, isOfDaemonSet, isOver } from "./kind-of-pod.ts";

/** A trial costs a call each; a node of more pods has many that are alike. */
const atMostOfNode = 50;

/** One of each owner first: what is true of one replica is mostly true of the others, and a list begins with the first namespaces. */
const ownersInTurn = (pods: readonly PodFacts[]): readonly PodFacts[] => {
  const byOwner = [...Map.groupBy(pods, ({ owner, uid }) => owner?.uid ?? uid).values()];
  const turns = Math.max(0, ...byOwner.map(({ length }) => length));
  return Array.from({ length: turns }, (_, turn) =>
    byOwner.flatMap((some) => some[turn] ?? []),
  ).flat();
};

/** The API accepts evictions of mirror and DaemonSet pods too, and skips budgets for what is over. */
export const podsToTry = ({
  view,
  nodes,
}: {
  readonly view: ClusterView;
  readonly nodes: readonly Pick<NodeFacts, "name">[];
}): readonly Pick<PodFacts, "namespace" | "name" | "uid">[] =>
  nodes.flatMap((node) =>
    ownersInTurn(
      view.pods.filter(
        (pod) =>
          pod.nodeName === node.name &&
          !isMirror(pod) &&
          !isOver(pod) &&
          pod.deletionTimestamp === undefined &&
          !isOfDaemonSet(pod, view.daemonSets),
      ),
    )
      .slice(0, atMostOfNode)
      .map(({ namespace, name, uid }) => ({ namespace, name, uid })),
  );
