/** Everything of a cluster that a verdict on nodes reads. */
import type { ClusterView } from "../../core/model/kubernetes/cluster.ts";
import { listBudgets } from "./budgets.ts";
import type { KubernetesClient } from "./client.ts";
import { listNodes } from "./nodes.ts";
import { listPods } from "./pods.ts";
import { listCsiNodes, listVolumes } from "./volumes.ts";
import { readWebhooks } from "./webhooks.ts";
import { listDaemonSets } from "./workloads.ts";

/** Six lists at a time, each of one instant, not all of the same: what rests on them is read again before anything is changed. */
export const readClusterView = async (client: KubernetesClient): Promise<ClusterView> => {
  const [nodes, pods, budgets, daemonSets, volumes, csiNodes] = await Promise.all([
    listNodes(client),
    listPods(client),
    listBudgets(client),
    listDaemonSets(client),
    listVolumes(client),
    listCsiNodes(client),
  ]);
  return { nodes, pods, budgets, daemonSets, volumes, csiNodes };
};

/** And what the order rests on in which pods leave a node. */
export const readViewForDrain = async (client: KubernetesClient): Promise<ClusterView> => {
  const [view, webhooks] = await Promise.all([readClusterView(client), readWebhooks(client)]);
  return { ...view, ...webhooks };
};
