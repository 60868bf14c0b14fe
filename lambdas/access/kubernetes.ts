/** Steps of KUBERNETES. What they ask of a cluster's own API is in its ClusterRole, see adapters/kubernetes/rights.ts. */
import {
  type FunctionAccess,
  assume,
  dryRunOfClone,
  launchOfClone,
  readGroup,
  readGroupSince,
  readHealth,
  readKeys,
  readKeysOfLaunch,
  readLaunchTemplate,
  readTargets,
  record,
  recordAndLargeValues,
  resolvedImages,
} from "./grants.ts";

/** The address of the cluster's API, and its certificate. */
const reachCluster = ["eks:DescribeCluster"] as const;

/** Who is in the Auto Scaling group behind a node group, and its sizes. */
const readSizes = ["autoscaling:DescribeAutoScalingGroups"] as const;

/** After each node, and as the roll-back: nodes and group as they were, and what was launched for a node that did not succeed. */
const undoing = {
  customer: {
    read: [
      "ec2:DescribeInstances",
      "ec2:DescribeSpotInstanceRequests",
      ...readSizes,
      ...reachCluster,
      // By whose call a node has left, where the answer to ours was lost.
      "autoscaling:DescribeScalingActivities",
    ],
    kubernetes: [
      "autoscaling:DeleteTags",
      "autoscaling:DetachInstances",
      "autoscaling:ResumeProcesses",
      "autoscaling:SetInstanceProtection",
      "autoscaling:TerminateInstanceInAutoScalingGroup",
      "ec2:TerminateInstances",
    ],
  },
  own: assume,
  table: record,
} as const satisfies FunctionAccess;

export const kubernetesFunctions = {
  "check-node": {
    customer: {
      read: [
        ...readGroup,
        ...readKeys,
        ...readKeysOfLaunch,
        ...reachCluster,
        "ec2:DescribeKeyPairs",
        "eks:DescribeNodegroup",
      ],
      // A dry run alone.
      kubernetes: ["ec2:RunInstances"],
    },
    implied: { ...dryRunOfClone, ...resolvedImages },
    own: [...assume, "ec2:DescribeInstanceTypes"],
    table: recordAndLargeValues,
  },
  "plan-node": {
    customer: {
      read: [...readGroupSince, ...reachCluster, "eks:DescribeNodegroup"],
      kubernetes: ["autoscaling:CreateOrUpdateTags"],
    },
    implied: resolvedImages,
    own: assume,
    table: record,
  },
  launch: {
    customer: {
      read: [...readHealth, ...readLaunchTemplate, ...readSizes, "eks:DescribeNodegroup"],
      kubernetes: [
        "autoscaling:AttachInstances",
        "autoscaling:SuspendProcesses",
        "ec2:RunInstances",
        "eks:UpdateNodegroupConfig",
      ],
    },
    implied: { ...launchOfClone, ...resolvedImages },
    own: assume,
    table: record,
  },
  "await-joined": {
    customer: {
      read: [...readHealth, ...reachCluster],
      kubernetes: ["autoscaling:SetInstanceProtection"],
    },
    own: assume,
    table: record,
  },
  cordon: {
    customer: { read: [...readHealth, ...readSizes, ...reachCluster] },
    own: assume,
    table: record,
  },
  "drain-poll": {
    customer: { read: [...readHealth, ...readSizes, ...reachCluster, "eks:DescribeNodegroup"] },
    own: assume,
    table: record,
  },
  "await-detached": { customer: { read: reachCluster }, own: assume, table: record },
  terminate: {
    customer: {
      read: [
        ...readHealth,
        ...readSizes,
        ...reachCluster,
        ...readTargets,
        // What a call met whose answer was lost.
        "autoscaling:DescribeScalingActivities",
        // Classic ones: the same action in both versions of the API.
        "elasticloadbalancing:DescribeLoadBalancers",
        "elasticloadbalancing:DescribeTags",
        "elasticloadbalancing:DescribeTargetGroups",
        "eks:DescribeNodegroup",
      ],
      kubernetes: ["autoscaling:TerminateInstanceInAutoScalingGroup"],
    },
    own: assume,
    table: record,
  },
  "await-gone": {
    customer: { read: ["ec2:DescribeInstances", ...reachCluster] },
    own: assume,
    table: record,
  },
  "answer-warning": {
    customer: {
      read: [...readHealth, ...readSizes, ...reachCluster, "autoscaling:DescribeLifecycleHooks"],
      kubernetes: ["autoscaling:DetachInstances"],
    },
    own: assume,
    table: record,
  },
  "empty-node": { customer: { read: reachCluster }, own: assume, table: record },
  "await-taken": {
    customer: {
      read: ["ec2:DescribeInstances", ...readSizes, ...reachCluster],
      kubernetes: ["ec2:TerminateInstances"],
    },
    own: assume,
    table: record,
  },
  release: undoing,
  "roll-back": undoing,
  adopt: {
    customer: {
      read: [...readSizes, ...reachCluster],
      kubernetes: ["autoscaling:DeleteTags", "autoscaling:SetInstanceProtection"],
    },
    own: assume,
    table: record,
  },
} as const satisfies Readonly<Record<string, FunctionAccess>>;
