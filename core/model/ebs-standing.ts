/** What was last found of EBS in one region of an account to stand against no switch, and when. Not asked again for a while. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";

export const ebsStandingSchema = atFirstUse(() =>
  z.strictObject({
    /** New volumes are not encrypted unasked. */
    notEncryptedAt: z.iso.datetime().exactOptional(),
    /** There is room for many more snapshots than one switch makes. */
    snapshotRoomAt: z.iso.datetime().exactOptional(),
  }),
);

export type EbsStanding = Readonly<z.infer<ReturnType<typeof ebsStandingSchema>>>;
