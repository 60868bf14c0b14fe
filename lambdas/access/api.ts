/** The control API. */
import {
  type FunctionAccess,
  assume,
  readInstance,
  readKeys,
  readKeysOfLaunch,
  readLaunchTemplate,
  readQuotas,
  recordAndLargeValues,
} from "./grants.ts";

export const apiFunctions = {
  // Verification reads a registered instance, and tries the other functions' permissions on it by dry runs.
  api: {
    customer: {
      read: [
        ...readInstance,
        ...readLaunchTemplate,
        ...readKeys,
        ...readKeysOfLaunch,
        ...readQuotas,
        "autoscaling:DescribeAutoScalingGroups",
        // What carries our tags, before an account is off-boarded.
        "ec2:DescribeCapacityReservations",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSnapshots",
        "ec2:DescribeSpotInstanceRequests",
        "eks:DescribeCluster",
      ],
      // The owner's deletion flags return when a target is forgotten.
      linear: ["ec2:ModifyInstanceAttribute", "ec2:ModifyNetworkInterfaceAttribute"],
    },
    // Whether an execution runs is asked before a person's decision takes its place.
    own: [
      ...assume,
      // Whether an approver who comes by a role is a person (lambdas/api/caller.ts).
      "iam:GetRole",
      // The secret of a webhook is sealed as it comes in, and opened by the function that delivers alone.
      "kms:Encrypt",
      "lambda:InvokeFunction",
      "states:DescribeExecution",
      "states:StartExecution",
    ],
    table: recordAndLargeValues,
  },
} as const satisfies Readonly<Record<string, FunctionAccess>>;
