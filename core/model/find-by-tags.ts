/** By which tags the sweep finds targets in an account. Absent: it finds none. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";

export const findByTagsSchema = atFirstUse(() =>
  z.strictObject({
    /** An instance must have all of them, value for value. None: nothing is found. */
    tags: z.record(z.string(), z.string()),
    updatedAt: z.iso.datetime(),
  }),
);
export type FindByTags = Readonly<z.infer<ReturnType<typeof findByTagsSchema>>>;
