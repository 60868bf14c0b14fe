/** Which evaluations went on when they were looked at last, so that the end of each is told, by whatever it came. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";
import { evaluationIdSchema } from "./ids.ts";

export const watchedEndsSchema = atFirstUse(() =>
  z.strictObject({
    lookedAt: z.iso.datetime(),
    open: z.array(evaluationIdSchema),
    /** Those told that the next look may meet again: id and time of the end. */
    told: z.array(z.string()),
  }),
);
export type WatchedEnds = Readonly<z.infer<ReturnType<typeof watchedEndsSchema>>>;
