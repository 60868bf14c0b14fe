/** What a verdict on the nodes of one node group rests on. Stored with the evaluation and replayed. */
import type { EvaluationKind } from "../evaluation-kind.ts";
import type { GroupFacts } from "../group.ts";
import type { DeploymentId, InstanceId } from "../ids.ts";
import type { LaunchFacts } from "../launch-check.ts";
import type { InstanceTypeFacts } from "../market.ts";
import type {
  ClusterView,
  EksClusterFacts,
  KubernetesAccess,
  ManagedNodeGroupFacts,
} from "./cluster.ts";
import type { EvictionTrial } from "./eviction.ts";

/** What was found out about the nodes of one node group, and the cluster that they are in. */
export interface KubernetesFacts {
  /** What it is judged for. Absent: a switch to Spot. */
  readonly kind?: EvaluationKind;
  /** Of a target that names one node: its instance. Absent: all of the group are asked for. */
  readonly onlyInstance?: InstanceId;
  /** Spot nodes that leave because EC2 recommends it, and policy heeds that. Absent: none. */
  readonly recommended?: readonly InstanceId[];
  /** Whose claims on nodes are our own. */
  readonly deploymentId?: DeploymentId;
  /** Absent: EKS does not show it. */
  readonly cluster?: EksClusterFacts;
  /** Absent: nodes of a self-managed group. */
  readonly nodeGroup?: ManagedNodeGroupFacts;
  /** The managed node group that the policy names. Absent: it names none, or EKS does not show it. */
  readonly spotNodeGroup?: ManagedNodeGroupFacts;
  /** The Auto Scaling group behind the node group. */
  readonly group?: GroupFacts;
  /** That behind the Spot node group. */
  readonly spotGroup?: GroupFacts;
  /** The type of the group's template. Absent: the region's catalogue does not have it. */
  readonly templateType?: InstanceTypeFacts;
  readonly access?: KubernetesAccess;
  /** Classic load balancers that have nodes which are asked for, with the instance ids of these. Absent: none has. */
  readonly classicLoadBalancers?: readonly {
    readonly name: string;
    readonly instanceIds: readonly string[];
  }[];
  /** Absent: the cluster was not asked, because something else stands against it already. */
  readonly view?: ClusterView;
  /** Evictions that were tried and not made. */
  readonly trials?: readonly EvictionTrial[];
  /** Whether a clone can be launched at all. Absent: it was not asked. */
  readonly launch?: LaunchFacts;
}
