/** Functions that run on a schedule. */
import { type FunctionAccess, assume, readInstance, record } from "./grants.ts";

export const scheduleFunctions = {
  sweep: { customer: {}, own: ["states:StartExecution"], table: record },
  janitor: {
    customer: {
      read: [...readInstance, "ec2:DescribeSnapshots"],
      linear: ["ec2:DeleteSnapshot", "ec2:DeregisterImage", "ec2:TerminateInstances"],
    },
    own: assume,
    table: record,
  },
} as const satisfies Readonly<Record<string, FunctionAccess>>;
