/** How much of an account's request limits has been promised to sweeps and new switches. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";

/** Reading calls of one API, counted together: EC2's are DESCRIBE. */
export type ReadFamily =
  | "DESCRIBE"
  | "AUTO_SCALING"
  | "CLOUD_FORMATION"
  | "CLOUD_WATCH"
  | "EKS"
  | "ELB"
  | "KMS"
  | "RESOURCE_GROUPS"
  | "SERVICE_QUOTAS"
  | "SSM";

/** Calls that share one of the account's buckets in a region. */
export type CallFamily = "RUN_INSTANCES" | ReadFamily;

export const callBudgetSchema = atFirstUse(() =>
  z.strictObject({
    /** Until then all is taken. */
    takenUntil: z.iso.datetime(),
  }),
);
export type CallBudget = Readonly<z.infer<ReturnType<typeof callBudgetSchema>>>;
