/** What the Kubernetes API shows of one pod, as far as a rule reads it. */
import type {
  Amounts,
  Condition,
  LabelSelector,
  Labels,
  NodeSelectorTerm,
  Toleration,
} from "./object.ts";

export interface OwnerFacts {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

export interface TopologySpreadFacts {
  readonly maxSkew: number;
  readonly topologyKey: string;
  readonly whenUnsatisfiable: string;
  readonly labelSelector?: LabelSelector;
  readonly nodeTaintsPolicy?: string;
  readonly nodeAffinityPolicy?: string;
  readonly minDomains?: number;
}

export interface PodAffinityTermFacts {
  readonly labelSelector?: LabelSelector;
  readonly topologyKey: string;
  readonly namespaces?: readonly string[];
}

/** What it asks of a node. Required rules only: preferences hold nobody back. */
export interface PodPlacement {
  readonly nodeSelector?: Labels;
  readonly nodeSelectorTerms?: readonly NodeSelectorTerm[];
  readonly podAffinity?: readonly PodAffinityTermFacts[];
  readonly tolerations: readonly Toleration[];
  readonly topologySpread: readonly TopologySpreadFacts[];
  readonly hostPorts: readonly number[];
  /**
   * By resource, as the scheduler counts it: the most of the init phase and of all that run together, and the overhead; without the pod
   * itself, which takes one of `pods`. Source: KEP-753, KEP-2837, KEP-1287.
   */
  readonly requests: Amounts;
}

interface PodVolumes {
  /** Names of its claims, those made from a template included. */
  readonly claims: readonly string[];
  readonly hasEmptyDir: boolean;
  readonly hostPaths: readonly string[];
}

export interface PodFacts {
  readonly namespace: string;
  readonly name: string;
  /** A pod of a StatefulSet that is made again has the same name and another uid. */
  readonly uid: string;
  readonly resourceVersion: string;
  /** Absent: not placed yet. */
  readonly nodeName?: string;
  readonly labels: Labels;
  /** Those alone that a rule names, see `readPodAnnotations`. */
  readonly annotations: Labels;
  /** Controller of it. Absent: nobody makes it again. */
  readonly owner?: OwnerFacts;
  readonly finalizers: readonly string[];
  /** Pending, Running, Succeeded, Failed or Unknown. */
  readonly phase: string;
  readonly conditions: readonly Condition[];
  /** RFC 3339 */
  readonly createdAt: string;
  readonly startTime?: string;
  /** When its grace is over, RFC 3339. Absent: it is not terminating. */
  readonly deletionTimestamp?: string;
  readonly terminationGracePeriodSeconds: number;
  readonly priorityClassName?: string;
  /** Absent: 0. */
  readonly priority?: number;
  /** Absent: it may push out pods of lower priority. */
  readonly preempts?: false;
  /** Names of containers that run beside the others to their end: native sidecars, and proxies of service meshes. Absent: none. */
  readonly sidecars?: readonly string[];
  readonly restartPolicy: string;
  /** An init container has started, and none of the others has. */
  readonly isInitializing: boolean;
  /** Claims of devices (DRA): `template` is made for the pod alone. */
  readonly resourceClaims: readonly { readonly name: string; readonly isFromTemplate: boolean }[];
  /** `spec.workloadRef`: it is scheduled as one of a gang. */
  readonly isOfGang: boolean;
  readonly volumes: PodVolumes;
  readonly placement: PodPlacement;
}

/** Annotations of pods that a rule reads. What else stands there is not kept. */
export const readPodAnnotations = [
  "kubernetes.io/config.mirror",
  "karpenter.sh/do-not-disrupt",
  "cluster-autoscaler.kubernetes.io/safe-to-evict",
] as const;
