/** A Spot Instance of a connected account, ours or not, as the inventory keeps it: an event about it finds its pool without a call. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";
import { accountIdSchema, instanceIdSchema, targetIdSchema } from "./ids.ts";
import { regionSchema } from "./partition.ts";

export const spotInstanceSchema = atFirstUse(() =>
  z.strictObject({
    accountId: accountIdSchema,
    region: regionSchema,
    instanceId: instanceIdSchema,
    /** With zone and product its pool. */
    instanceType: z.string(),
    /** Same for every account. */
    zoneId: z.string(),
    /** As EC2 spells the platform: `Linux/UNIX`. */
    product: z.string(),
    launchedAt: z.iso.datetime(),
    /** That it serves, or is to serve. Absent: none that we know of. */
    targetId: targetIdSchema.exactOptional(),
  }),
);
export type SpotInstance = Readonly<z.infer<ReturnType<typeof spotInstanceSchema>>>;
