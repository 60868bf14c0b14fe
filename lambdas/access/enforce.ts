/** Functions of the enforcer. */
import { type FunctionAccess, assume, recordAndLargeValues } from "./grants.ts";

export const enforceFunctions = {
  // It reads, and changes nothing in a customer's account.
  "scan-place": {
    customer: {
      read: ["autoscaling:DescribeAutoScalingGroups", "ec2:DescribeInstances", "ec2:DescribeTags"],
    },
    own: [...assume, "ec2:DescribeInstanceTypes"],
    // Who has an owner by now leaves the list.
    table: recordAndLargeValues,
  },
} as const satisfies Readonly<Record<string, FunctionAccess>>;
