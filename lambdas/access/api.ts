/** The control API. */
import { type FunctionAccess, assume, readInstance, recordAndLargeValues } from "./grants.ts";

export const apiFunctions = {
  // Verification reads a registered instance, and tries the other functions' permissions on it by dry runs.
  api: {
    customer: {
      read: readInstance,
      // The owner's deletion flags return when a target is forgotten.
      linear: ["ec2:ModifyInstanceAttribute", "ec2:ModifyNetworkInterfaceAttribute"],
    },
    own: [...assume, "states:StartExecution"],
    table: recordAndLargeValues,
  },
} as const satisfies Readonly<Record<string, FunctionAccess>>;
