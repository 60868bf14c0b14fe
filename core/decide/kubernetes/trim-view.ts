/** Keeps of a cluster what a verdict on some of its nodes reads: a cluster may have 10,000 pods. */
import type { ClusterView } from "../../model/kubernetes/cluster.ts";
import type { LabelSelector } from "../../model/kubernetes/object.ts";
import type { PodFacts } from "../../model/kubernetes/pod.ts";
import { selects } from "./pods/selector.ts";

interface InNamespace {
  readonly namespace: string;
  readonly selector: LabelSelector | undefined;
}

/** Pods that its topology spreads count, on whichever node. */
const spreadsOf = ({ namespace, placement }: PodFacts): readonly InNamespace[] =>
  placement.topologySpread.map(({ labelSelector }) => ({ namespace, selector: labelSelector }));

/** Each selector once: replicas have the same. */
const distinct = (selectors: readonly InNamespace[]): readonly InNamespace[] => [
  ...new Map(selectors.map((one) => [JSON.stringify(one), one])).values(),
];

/** All nodes, for taints, zones and load balancers; the others only as far as pods on these nodes have to do with them. */
export const trimView = (view: ClusterView, nodeNames: readonly string[]): ClusterView => {
  const names = new Set(nodeNames);
  const isHere = ({ nodeName }: PodFacts): boolean => nodeName !== undefined && names.has(nodeName);
  const here = view.pods.filter(isHere);
  const budgets = view.budgets.filter(({ namespace, selector }) =>
    here.some((pod) => pod.namespace === namespace && selects(selector, pod.labels)),
  );
  const owners = new Set(here.flatMap(({ owner }) => owner?.uid ?? []));
  const selectors = distinct(
    [...budgets, ...here.flatMap(spreadsOf)].map(({ namespace, selector }) => ({
      namespace,
      selector,
    })),
  );
  const counts = (pod: PodFacts): boolean =>
    owners.has(pod.owner?.uid ?? "") ||
    selectors.some(
      ({ namespace, selector }) => namespace === pod.namespace && selects(selector, pod.labels),
    );
  const claims = new Set(
    here.flatMap(({ namespace, volumes }) => volumes.claims.map((name) => `${namespace}/${name}`)),
  );
  const others = view.pods.filter((pod) => pod.nodeName !== undefined && !isHere(pod));
  const priorities = others.map(({ priority = 0 }) => priority);
  return {
    ...view,
    ...(priorities.length === 0 ? {} : { lowestPriority: Math.min(...priorities) }),
    pods: view.pods.filter((pod) => isHere(pod) || counts(pod)),
    budgets,
    volumes: view.volumes.filter(
      ({ claim }) => claim !== undefined && claims.has(`${claim.namespace}/${claim.name}`),
    ),
  };
};
