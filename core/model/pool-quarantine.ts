/** A pool out of which a person keeps everybody for a time. What a policy bans after a loss is not one: that is the policy's own. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";
import { poolKey, type Pool, type PoolMemory } from "./market.ts";
import { regionSchema } from "./partition.ts";

export const storedPoolSchema = atFirstUse(() =>
  z.strictObject({
    region: regionSchema,
    zoneId: z.string(),
    instanceType: z.string(),
    product: z.string(),
  }),
);

export const poolQuarantineSchema = atFirstUse(() =>
  z.strictObject({
    pool: storedPoolSchema(),
    /** Read by everybody whose verdict it changes: it names no account and no instance. */
    reason: z.string(),
    since: z.iso.datetime(),
    until: z.iso.datetime(),
    /** ARN of the caller. It stands in no verdict. */
    setBy: z.string(),
  }),
);
export type PoolQuarantine = Readonly<z.infer<ReturnType<typeof poolQuarantineSchema>>>;

export const isInForce = ({ until }: PoolQuarantine, now: Date): boolean =>
  Date.parse(until) > now.getTime();

/** As verdicts know it: nothing of who set it. */
export const asRemembered = ({
  pool,
  until,
  reason,
}: {
  readonly pool: Pool;
  readonly until: string;
  readonly reason: string;
}): PoolMemory["quarantined"][number] => ({ poolKey: poolKey(pool), until, reason });
