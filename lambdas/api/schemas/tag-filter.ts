/** A filter by tags. */
import * as z from "../zod.ts";

/** EC2's own limits of a tag: keys of 128, values of 256 characters. No one filters by more than a few. */
export const tagFilterSchema = z
  .record(z.string().min(1).max(128), z.string().max(256))
  .refine((tags) => Object.keys(tags).length > 0, "names no tag")
  .refine((tags) => Object.keys(tags).length <= 10, "names more than 10 tags");
