/** How much of an account's request limits has been promised to sweeps and new switches. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";

/** Calls that share one of the account's buckets in a region. */
export type CallFamily = "RUN_INSTANCES" | "DESCRIBE";

export const callBudgetSchema = atFirstUse(() =>
  z.strictObject({
    /** Until then all is taken. */
    takenUntil: z.iso.datetime(),
  }),
);
export type CallBudget = Readonly<z.infer<ReturnType<typeof callBudgetSchema>>>;
