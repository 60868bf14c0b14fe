/** Functions of the enforcer. */
import {
  type FunctionAccess,
  assume,
  readTargets,
  record,
  recordAndLargeValues,
} from "./grants.ts";

/** Which instances ECS places tasks on. */
const readContainerInstances = [
  "ecs:DescribeClusters",
  "ecs:DescribeContainerInstances",
  "ecs:ListClusters",
  "ecs:ListContainerInstances",
] as const;

export const enforceFunctions = {
  // It reads, and changes nothing in a customer's account.
  "scan-place": {
    customer: {
      read: ["autoscaling:DescribeAutoScalingGroups", "ec2:DescribeInstances", "ec2:DescribeTags"],
      enforce: readContainerInstances,
    },
    own: [...assume, "ec2:DescribeInstanceTypes"],
    // Who has an owner by now leaves the list.
    table: recordAndLargeValues,
  },
  "carry-out": {
    customer: {
      // Each instance again, right before something is done to it.
      read: [
        "autoscaling:DescribeAutoScalingGroups",
        "ec2:DescribeInstanceAttribute",
        "ec2:DescribeInstances",
        "ec2:DescribeRouteTables",
        "ec2:DescribeTags",
        "elasticloadbalancing:DescribeTargetGroups",
        ...readTargets,
      ],
      enforce: [
        ...readContainerInstances,
        "ec2:StopInstances",
        "ec2:TerminateInstances",
        "sns:Publish",
      ],
    },
    own: assume,
    table: record,
  },
} as const satisfies Readonly<Record<string, FunctionAccess>>;
