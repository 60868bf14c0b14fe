/** The targets of an account's region whose Spot requests are read twice a minute, as the last sweep found them. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";
import { accountIdSchema, instanceIdSchema, targetIdSchema } from "./ids.ts";
import { regionSchema } from "./partition.ts";

export const watchedPlaceSchema = atFirstUse(() =>
  z.strictObject({
    accountId: accountIdSchema,
    region: regionSchema,
    /** None: there were some once. */
    targets: z.array(z.strictObject({ targetId: targetIdSchema, instanceId: instanceIdSchema })),
  }),
);
export type WatchedPlace = Readonly<z.infer<ReturnType<typeof watchedPlaceSchema>>>;
