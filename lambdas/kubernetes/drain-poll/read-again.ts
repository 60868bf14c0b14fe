/** Reads again at each look of a drain what may have changed and can decide anything, in no more requests than a list of the whole cluster would take. */
import { listBudgets, listBudgetsIn } from "../../../adapters/kubernetes/budgets.ts";
import type { KubernetesClient } from "../../../adapters/kubernetes/client.ts";
import { pagesOf } from "../../../adapters/kubernetes/lists.ts";
import { listNodes, listNodesWhere } from "../../../adapters/kubernetes/nodes.ts";
import { listPods, listPodsIn, listPodsOn } from "../../../adapters/kubernetes/pods.ts";
import { nodeNamed } from "../../../core/decide/kubernetes/capacity.ts";
import { namespacesInDrain } from "../../../core/decide/kubernetes/drain/scope.ts";
import { hostnameKey } from "../../../core/decide/kubernetes/pods/volumes.ts";
import type { ClusterView } from "../../../core/model/kubernetes/cluster.ts";
import type { DrainState } from "../../../core/model/kubernetes/drain.ts";
import type { NodeFacts } from "../../../core/model/kubernetes/node.ts";
import type { NodeName } from "../../../core/model/kubernetes/progress.ts";

export interface DrainedView {
  /** As it was at the first look of the tick. */
  readonly whole: ClusterView;
  readonly original: NodeName;
  readonly joined: NodeName;
  readonly workloads: DrainState["workloads"];
}

interface InNamespace {
  readonly namespace: string;
}

/** As many as at the beginning of the tick. */
const requestsFor = (all: readonly InNamespace[], namespaces: readonly string[]): number => {
  const sizes = Map.groupBy(all, ({ namespace }) => namespace);
  return namespaces.reduce((sum, name) => sum + pagesOf(sizes.get(name)?.length ?? 0), 0);
};

const inEach = async <Item>(
  namespaces: readonly string[],
  list: (namespace: string) => Promise<readonly Item[]>,
): Promise<readonly Item[]> => (await Promise.all(namespaces.map(list))).flat();

/** A server can't select by two names, but by the label that has them. That one of them is gone, all nodes must say. */
const readNodes = async (
  client: KubernetesClient,
  { whole, original, joined }: DrainedView,
): Promise<readonly NodeFacts[]> => {
  const both = [original, joined];
  const hostnames = both.flatMap((name) => nodeNamed(whole.nodes, name)?.labels[hostnameKey] ?? []);
  if (hostnames.length < both.length) return listNodes(client);
  const found = await listNodesWhere(client, hostnameKey, hostnames);
  return both.every((name) => nodeNamed(found, name) !== undefined) ? found : listNodes(client);
};

type Inhabitants = Pick<ClusterView, "pods" | "budgets">;

const readAll = async (client: KubernetesClient): Promise<Inhabitants> => {
  const [pods, budgets] = await Promise.all([listPods(client), listBudgets(client)]);
  return { pods, budgets };
};

/** Each namespace as it was at one instant: of one that is read, the node's own list is left out. */
const readByNamespace = async (
  client: KubernetesClient,
  { whole, original, workloads }: DrainedView,
): Promise<Inhabitants> => {
  const onNode = await listPodsOn(client, original.name);
  const namespaces = namespacesInDrain(onNode, { daemonSets: whole.daemonSets, workloads });
  const isFewer = requestsFor(whole.budgets, namespaces) < pagesOf(whole.budgets.length);
  const [pods, budgets] = await Promise.all([
    inEach(namespaces, (namespace) => listPodsIn(client, namespace)),
    isFewer
      ? inEach(namespaces, (namespace) => listBudgetsIn(client, namespace))
      : listBudgets(client),
  ]);
  const others = onNode.filter(({ namespace }) => !namespaces.includes(namespace));
  return { pods: [...others, ...pods], budgets };
};

const readPods = (client: KubernetesClient, drained: DrainedView): Promise<Inhabitants> => {
  const { whole, original, workloads } = drained;
  const onNode = whole.pods.filter(({ nodeName }) => nodeName === original.name);
  const namespaces = namespacesInDrain(onNode, { daemonSets: whole.daemonSets, workloads });
  const ofNode = 1;
  return ofNode + requestsFor(whole.pods, namespaces) <= pagesOf(whole.pods.length)
    ? readByNamespace(client, drained)
    : readAll(client);
};

/** Of the cluster both nodes, all pods of the original, and all pods and budgets of the namespaces that its drain concerns. */
export const readAgain = async (
  client: KubernetesClient,
  drained: DrainedView,
): Promise<ClusterView> => {
  const [nodes, { pods, budgets }] = await Promise.all([
    readNodes(client, drained),
    readPods(client, drained),
  ]);
  return { ...drained.whole, nodes, pods, budgets };
};
