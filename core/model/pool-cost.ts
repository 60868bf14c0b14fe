/** What quarantine of a pool costs the targets of one account, as the last sweep of its place has judged them. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";
import { accountIdSchema } from "./ids.ts";
import { storedPoolSchema } from "./pool-quarantine.ts";

export const poolCostSchema = atFirstUse(() =>
  z.strictObject({
    /** Told to nobody. */
    accountId: accountIdSchema,
    pool: storedPoolSchema(),
    targets: z.int().min(1),
    hourlyUsd: z.number().nonnegative(),
    at: z.iso.datetime(),
  }),
);
export type PoolCost = Readonly<z.infer<ReturnType<typeof poolCostSchema>>>;
