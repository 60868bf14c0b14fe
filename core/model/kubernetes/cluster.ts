/** What EKS and the Kubernetes API show of one cluster, and of one node group of it, when a node is judged. */
import type { BudgetFacts } from "./budget.ts";
import type { CsiNodeFacts, NodeFacts, PersistentVolumeFacts } from "./node.ts";
import type { Labels, Taint } from "./object.ts";
import type { PodFacts } from "./pod.ts";
import type { DaemonSetFacts } from "./workload.ts";

export interface EksClusterFacts {
  readonly name: string;
  readonly arn: string;
  /** ACTIVE, UPDATING … */
  readonly status: string;
  /** `1.35` */
  readonly version: string;
  /** API, API_AND_CONFIG_MAP or CONFIG_MAP. */
  readonly authenticationMode: string;
  readonly isEndpointPublic: boolean;
  /** A zonal shift may be begun; whether one is under way, EKS does not say. Until one ends, it keeps the nodes of its zone cordoned. */
  readonly isZonalShiftEnabled: boolean;
}

export interface ManagedNodeGroupFacts {
  readonly name: string;
  /** ACTIVE, UPDATING, DEGRADED … */
  readonly status: string;
  /** ON_DEMAND, SPOT or CAPACITY_BLOCK. */
  readonly capacityType: string;
  readonly minSize: number;
  readonly maxSize: number;
  readonly desiredSize: number;
  readonly subnetIds: readonly string[];
  readonly instanceTypes: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** As EKS spells effects: NO_SCHEDULE … */
  readonly taints: readonly Taint[];
  readonly amiType: string;
  /** Its owner's, which says of its nodes what is not said here: security groups, user data, disks. Absent: EKS has made its own; or it was not read. */
  readonly launchTemplate?: { readonly id: string; readonly version: string };
  /** Of the root of its nodes. Absent: its launch template says it; or it was not read. */
  readonly diskSizeGib?: number;
  /** ARN of the role of its nodes. */
  readonly nodeRole?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly isAutoRepaired: boolean;
  /** Of the Auto Scaling groups behind it; one where EKS works as documented. */
  readonly asgNames: readonly string[];
  /** EKS's own words on what ails it. */
  readonly healthIssues: readonly string[];
}

/** A right that our ClusterRole gives. */
export interface KubernetesRight {
  readonly verb: string;
  /** API group; empty for the core. */
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
}

export interface KubernetesAccess {
  /** As the server knows us: `selfsubjectreviews`. */
  readonly username: string;
  readonly groups: readonly string[];
  readonly missing: readonly KubernetesRight[];
}

/** A Service that the API server asks before it admits something: one that a webhook configuration names. */
export interface WebhookServiceFacts {
  readonly namespace: string;
  readonly name: string;
  /** Labels of the pods behind it. Empty: it selects none. */
  readonly selector: Labels;
}

/** Everything of a cluster that a verdict on nodes of one group reads. */
export interface ClusterView {
  /** All nodes of the cluster. */
  readonly nodes: readonly NodeFacts[];
  /** All pods that are not over, of all nodes and of none. */
  readonly pods: readonly PodFacts[];
  readonly budgets: readonly BudgetFacts[];
  readonly daemonSets: readonly DaemonSetFacts[];
  readonly volumes: readonly PersistentVolumeFacts[];
  readonly csiNodes: readonly CsiNodeFacts[];
  /** The lowest priority of any pod of nodes that are not judged. Absent: there is none, or it was not kept. */
  readonly lowestPriority?: number;
  /** Absent: not asked for, or hidden. */
  readonly webhookServices?: readonly WebhookServiceFacts[];
  /** Our group may not list webhook configurations, or Services: which pods serve them, nobody knows. */
  readonly areWebhooksHidden?: true;
}
