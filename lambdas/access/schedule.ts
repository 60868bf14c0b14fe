/** Functions that run on a schedule. */
import { assume, readInstance, recordAndIntents, type FunctionAccess } from "./grants.ts";

export const scheduleFunctions = {
  sweep: { customer: {}, own: ["states:StartExecution"], table: recordAndIntents },
  janitor: {
    customer: {
      read: readInstance,
      linear: ["ec2:DeleteSnapshot", "ec2:DeregisterImage", "ec2:TerminateInstances"],
    },
    own: assume,
    table: recordAndIntents,
  },
} as const satisfies Readonly<Record<string, FunctionAccess>>;
