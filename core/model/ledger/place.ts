/** How far the savings ledger has come in one account and region. */
import * as z from "zod";
import { atFirstUse } from "../../at-first-use.ts";
import { accountIdSchema, targetIdSchema } from "../ids.ts";
import { regionSchema } from "../partition.ts";

export const ledgerPlaceSchema = atFirstUse(() =>
  z.strictObject({
    accountId: accountIdSchema,
    region: regionSchema,
    /** When the last complete reading of what runs began. */
    readAt: z.iso.datetime(),
    /** A round through its targets that time did not suffice for: the reading that all of it rests on, and the last target that was reached. */
    round: z
      .strictObject({
        readAt: z.iso.datetime(),
        after: targetIdSchema,
        /** A list of prices, or what is stored of a target, could not be read: the days are stated once more. */
        lacksSome: z.literal(true).exactOptional(),
      })
      .exactOptional(),
    /** When its days are stated next. */
    statedDueAt: z.iso.datetime().exactOptional(),
    /** All days before this one are settled. `2026-11-28` */
    settledBefore: z.iso.date().exactOptional(),
  }),
);
export type LedgerPlace = Readonly<z.infer<ReturnType<typeof ledgerPlaceSchema>>>;
