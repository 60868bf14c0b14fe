/** The control API. */
import { assume, everything, readInstance, type FunctionAccess } from "./grants.ts";

export const apiFunctions = {
  // Verification reads a registered instance, and tries all the others' permissions on it by dry runs.
  api: {
    customer: { read: readInstance },
    own: [...assume, "states:StartExecution"],
    table: everything,
  },
} as const satisfies Readonly<Record<string, FunctionAccess>>;
