/** Steps of CLUSTER. */
import {
  type FunctionAccess,
  assume,
  dryRunOfClone,
  launchOfClone,
  readAlarms,
  readCommands,
  readGroup,
  readGroupAgain,
  readGroupSince,
  readHealth,
  readKeys,
  readKeysOfLaunch,
  readLaunchTemplate,
  readTargetGroups,
  record,
  recordAndLargeValues,
  resolvedImages,
  sendCommands,
} from "./grants.ts";

/** One that its owner wants to be kept is marked, and stopped once it has left its group. */
const keepOriginals = ["ec2:CreateTags", "ec2:StopInstances"] as const;

/** After each batch, and as the roll-back: the group as it was, and what was launched for pairs that failed. */
const undoing = {
  customer: {
    read: [...readGroupAgain, "autoscaling:DescribeScalingActivities"],
    cluster: [
      "autoscaling:DeleteTags",
      "autoscaling:DetachInstances",
      "autoscaling:ResumeProcesses",
      "autoscaling:SetInstanceProtection",
      "autoscaling:TerminateInstanceInAutoScalingGroup",
      "autoscaling:UpdateAutoScalingGroup",
      ...keepOriginals,
      "ec2:DeleteTags",
      "ec2:TerminateInstances",
      "elasticloadbalancing:DeregisterTargets",
      "elasticloadbalancing:RegisterTargets",
    ],
  },
  own: assume,
  table: record,
} as const satisfies FunctionAccess;

export const clusterFunctions = {
  "check-group": {
    customer: {
      read: [
        ...readGroup,
        ...readKeys,
        ...readKeysOfLaunch,
        // The protection from being stopped, where originals are to be kept stopped.
        "ec2:DescribeInstanceAttribute",
        "ec2:DescribeKeyPairs",
      ],
      // A dry run alone.
      cluster: ["ec2:RunInstances"],
    },
    implied: { ...dryRunOfClone, ...resolvedImages },
    own: [...assume, "ec2:DescribeInstanceTypes"],
    table: recordAndLargeValues,
  },
  "plan-batch": {
    customer: { read: readGroupSince, cluster: ["autoscaling:CreateOrUpdateTags"] },
    implied: resolvedImages,
    own: assume,
    table: record,
  },
  "place-rest": { customer: { read: readGroupAgain }, own: assume, table: record },
  launch: {
    customer: {
      read: [...readHealth, ...readLaunchTemplate],
      cluster: ["ec2:RunInstances"],
    },
    implied: { ...launchOfClone, ...resolvedImages },
    own: assume,
    table: record,
  },
  "await-healthy": {
    customer: { read: [...readHealth, ...readCommands], cluster: sendCommands },
    own: assume,
    table: record,
  },
  register: {
    customer: {
      read: [...readTargetGroups, ...readHealth],
      cluster: ["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"],
    },
    own: assume,
    table: record,
  },
  attach: {
    customer: {
      read: [...readGroupSince, ...readHealth],
      cluster: [
        "autoscaling:AttachInstances",
        "autoscaling:SetInstanceProtection",
        "autoscaling:SuspendProcesses",
        "autoscaling:UpdateAutoScalingGroup",
      ],
    },
    implied: resolvedImages,
    own: assume,
    table: record,
  },
  "await-in-service": {
    customer: {
      read: [
        ...readGroupAgain,
        ...readHealth,
        ...readAlarms,
        ...readCommands,
        "autoscaling:DescribeInstanceRefreshes",
        "autoscaling:DescribeScalingActivities",
      ],
      cluster: ["autoscaling:SetInstanceProtection", ...sendCommands],
    },
    own: assume,
    table: record,
  },
  "remove-originals": {
    customer: {
      read: [
        ...readGroupAgain,
        "autoscaling:DescribeInstanceRefreshes",
        "autoscaling:DescribeScalingActivities",
      ],
      cluster: [
        "autoscaling:DetachInstances",
        "autoscaling:SetInstanceProtection",
        "autoscaling:TerminateInstanceInAutoScalingGroup",
        ...keepOriginals,
      ],
    },
    own: assume,
    table: record,
  },
  restore: undoing,
  "roll-back": undoing,
  adopt: {
    customer: {
      read: readGroupAgain,
      cluster: ["autoscaling:DeleteTags", "autoscaling:SetInstanceProtection"],
    },
    own: assume,
    table: record,
  },
} as const satisfies Readonly<Record<string, FunctionAccess>>;
