/**
 * A copy of a simulated cluster's pods, budgets and nodes that is kept by its changes. Whoever judges reads it here: a reading of the cluster
 * itself lets time's work happen, and the run would be another one than without a judge.
 */
import type { KubeCluster } from "../cloud/kubernetes/cluster.ts";
import type { KubeCall } from "../cloud/kubernetes/journal.ts";
import {
  conditionOf,
  controllerOf,
  isOver,
  isReady,
  isTerminating,
  type NodeObject,
  type Pdb,
  type Pod,
} from "../cloud/kubernetes/objects.ts";
import { selects } from "../cloud/kubernetes/selectors.ts";
import type { Change } from "../cloud/kubernetes/store.ts";

export interface ClusterMirror {
  pods(): readonly Pod[];
  budgets(): readonly Pdb[];
  nodes(): readonly NodeObject[];
  node(name: string): NodeObject | undefined;
  /** By the exact end of its provider id. */
  nodeOf(instanceId: string): NodeObject | undefined;
  /** Right after each change, once the copy has it. Returns its end. */
  onChange(listener: (change: Change) => void): () => void;
  end(): void;
}

/** Our role's sessions; a user, a controller and EKS itself have other names. */
export const isOurCall = ({ username }: Pick<KubeCall, "username">): boolean =>
  /^arn:aws[\w-]*:sts::\d+:assumed-role\//.test(username);

export const nameOfPod = ({ metadata: { namespace = "", name } }: Pod | Pdb): string =>
  `${namespace}/${name}`;

/** A budget counts it as healthy. */
export const isHealthy = (pod: Pod): boolean => isReady(pod) && !isTerminating(pod);

export const matches = ({ metadata, spec }: Pdb, pod: Pod): boolean =>
  metadata.namespace === pod.metadata.namespace && selects(spec.selector, pod.metadata.labels);

/** It ends with its node, and nobody misses it: an agent, a static pod, one that is over. */
export const belongsToNode = (pod: Pod): boolean =>
  isOver(pod) ||
  controllerOf(pod)?.kind === "DaemonSet" ||
  controllerOf(pod)?.kind === "Node" ||
  pod.metadata.annotations?.["kubernetes.io/config.mirror"] !== undefined;

export const isReadyNode = ({ status }: NodeObject): boolean =>
  conditionOf(status.conditions, "Ready")?.status === "True";

/** From now on, until it is ended. */
export const mirrorCluster = ({ control }: KubeCluster): ClusterMirror => {
  const pods = new Map(control.list("pods").map((pod) => [pod.metadata.uid, pod]));
  const budgets = new Map(
    control.list("poddisruptionbudgets").map((budget) => [budget.metadata.uid, budget]),
  );
  const nodes = new Map(control.list("nodes").map((node) => [node.metadata.name, node]));
  const listeners = new Set<(change: Change) => void>();
  const keep = <Kept>(kept: Map<string, Kept>, key: string, { type, object }: Change): void => {
    if (type === "DELETED") kept.delete(key);
    else kept.set(key, object as Kept);
  };
  const end = control.onChange((change) => {
    const { name, uid } = change.object.metadata;
    if (change.plural === "pods") keep(pods, uid, change);
    if (change.plural === "poddisruptionbudgets") keep(budgets, uid, change);
    if (change.plural === "nodes") keep(nodes, name, change);
    for (const listener of [...listeners]) listener(change);
  });
  return {
    pods: () => [...pods.values()],
    budgets: () => [...budgets.values()],
    nodes: () => [...nodes.values()],
    node: (name) => nodes.get(name),
    nodeOf: (instanceId) =>
      [...nodes.values()].find(({ spec }) => spec.providerID?.endsWith(`/${instanceId}`) === true),
    onChange: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    end,
  };
};
