/** The state table was restored to an earlier point in time: until somebody has looked at what that means, nothing is changed. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";

export const restoreSchema = atFirstUse(() =>
  z.strictObject({
    /** Begins the Idempotency-Keys that are taken in the first day. */
    restoreId: z.string(),
    /** Seconds since 1970, when it was declared: every fence that is given from then on is larger, in whatever table. */
    epoch: z.int().positive(),
    at: z.iso.datetime(),
    /** ARN of who has declared it. */
    by: z.string(),
    reason: z.string(),
    /** Who has looked at what was found, and when. Absent: nobody has; the kill switch stays on. */
    reconciled: z
      .strictObject({
        at: z.iso.datetime(),
        by: z.string(),
        reason: z.string(),
        /** Of the findings that were looked at. */
        hash: z.string(),
      })
      .exactOptional(),
  }),
);
export type Restore = Readonly<z.infer<ReturnType<typeof restoreSchema>>>;

export const restoredTableSchema = atFirstUse(() =>
  z.strictObject({
    tableName: z.string(),
    /** When all its settings were read back as they must be. */
    at: z.iso.datetime(),
  }),
);
export type RestoredTable = Readonly<z.infer<ReturnType<typeof restoredTableSchema>>>;

/** A table that was restored after that, or another one, has lost its settings again. */
export const hasItsSettings = (
  { at }: Restore,
  tableName: string,
  readBack: RestoredTable | undefined,
): boolean =>
  readBack !== undefined &&
  readBack.tableName === tableName &&
  Date.parse(readBack.at) >= Date.parse(at);

const dayMs = 24 * 3_600_000;

/** As long as a key is kept: before that, one that is not there may have been used in what was lost. */
export const mayHaveLostKeys = ({ at }: Restore, now: Date): boolean =>
  now.getTime() - Date.parse(at) < dayMs;
