/** Why the nodes of a node group can't be replaced: KUBERNETES. What passes by itself is a deferral, and not a refusal. */
export const nodeReasons = [
  "EKS_CLUSTER_NOT_FOUND",
  "NODE_GROUP_NOT_FOUND",
  /** Our mapping in the cluster lacks rights of the ClusterRole. */
  "CLUSTER_RIGHT_MISSING",
  "WAY_BACK_NOT_OFFERED",
  /** All nodes that were asked for are on Spot: nothing is refused. */
  "NODES_ALREADY_SPOT",
  "CAPACITY_BLOCK_NODE_GROUP",
  "NODE_GROUP_UNHEALTHY",
  /** A managed node group is all On-Demand or all Spot: its nodes need a Spot node group to go to. */
  "SPOT_NODE_GROUP_MISSING",
  "SPOT_NODE_GROUP_UNLIKE",
  "SPOT_NODE_GROUP_AT_MAXIMUM",
  "NODE_GROUP_AT_MAXIMUM",
  "NODE_GROUP_AT_MINIMUM",
  /** Auto Scaling would balance the zones by ending nodes, without regard to budgets. */
  "ZONES_WOULD_BE_BALANCED",
  "SPOT_IN_OTHER_ZONE",
  "NODE_NOT_FOUND",
  "NODE_NOT_IDENTIFIED",
  "FARGATE_NODE",
  "HYBRID_NODE",
  "HYPERPOD_NODE",
  "AUTO_MODE_NODE",
  "KARPENTER_NODE",
  "NODE_CORDONED",
  "NODE_NOT_TO_DISRUPT",
  "KUBELET_AHEAD",
  "ONLY_BALANCED_NODE",
  "POD_NOT_TO_DISRUPT",
  "POD_WITHOUT_CONTROLLER",
  "POD_WITH_EMPTY_DIR",
  "POD_DATA_ON_NODE",
  "POD_HOLDS_DEVICE",
  "POD_OF_GANG",
  "JOB_WOULD_FAIL",
  "SEVERAL_BUDGETS",
  "BUDGET_NEVER_ALLOWS",
  /** An admission policy denies its eviction. */
  "EVICTION_DENIED",
  "TOPOLOGY_WOULD_BLOCK",
  /** Evicted, it may come back to the very node that is drained. */
  "POD_TOLERATES_CORDON",
  "PODS_NEED_ON_DEMAND",
  "PODS_DO_NOT_FIT",
] as const;

/** Why nodes are left alone for now: they are asked about again soon, and nobody needs to change anything. */
export const nodeDeferrals = [
  "EKS_CLUSTER_UPDATING",
  "NODE_GROUP_UPDATING",
  "EKS_ZONAL_SHIFT",
  "NODE_NOT_READY",
  "NODE_UNDER_MAINTENANCE",
  /** Its wish not to be disrupted has an end. */
  "POD_NOT_TO_DISRUPT_YET",
  /** The webhook that is asked about evictions can't be reached. */
  "EVICTION_WEBHOOK_DOWN",
] as const;
