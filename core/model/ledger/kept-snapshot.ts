/** A snapshot that we made, with what was written of its volume when it was taken. */
import * as z from "zod";
import { atFirstUse } from "../../at-first-use.ts";

export const keptSnapshotSchema = atFirstUse(() =>
  z.strictObject({
    snapshotId: z.string(),
    /** That EC2 made it for. Absent: it was made by itself. */
    imageId: z.string().exactOptional(),
    /** Of all blocks that were written by then. */
    writtenGib: z.number().nonnegative(),
  }),
);
export type KeptSnapshot = Readonly<z.infer<ReturnType<typeof keptSnapshotSchema>>>;
