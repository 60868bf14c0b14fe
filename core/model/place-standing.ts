/** How the last sweep of a place went: what an operator is shown of the account. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";
import { accountIdSchema } from "./ids.ts";
import { regionSchema } from "./partition.ts";

export const placeStandingSchema = atFirstUse(() =>
  z.strictObject({
    accountId: accountIdSchema,
    region: regionSchema,
    /** When the last sweep of it ended. */
    sweptAt: z.iso.datetime(),
    /** Of the last complete reading. Absent: none came about yet. */
    readAt: z.iso.datetime().exactOptional(),
    /** Shown by the last complete reading, whoever's, without those that have ended. Absent: none came about yet. */
    instances: z.int().nonnegative().exactOptional(),
    targets: z.int().nonnegative(),
    /** In the last sweep. Those that it did not come to are first at the next one. */
    judged: z.int().nonnegative(),
    /** Why nothing was judged: the role is broken, or AWS did not answer. */
    failure: z
      .strictObject({ error: z.string(), cause: z.string(), since: z.iso.datetime() })
      .exactOptional(),
  }),
);
export type PlaceStanding = Readonly<z.infer<ReturnType<typeof placeStandingSchema>>>;
