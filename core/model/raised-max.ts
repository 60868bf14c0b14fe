/** A maximum of a group that an evaluation has raised and could not hand back yet: nobody raises it further meanwhile. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";
import { evaluationIdSchema } from "./ids.ts";

export const raisedMaxSchema = atFirstUse(() =>
  z.strictObject({
    /** Which raised it. */
    evaluationId: evaluationIdSchema,
    maxOriginal: z.int(),
    maxRaised: z.int(),
    /** Nothing of it stands any longer. */
    isOver: z.literal(true).exactOptional(),
  }),
);

export type RaisedMax = Readonly<z.infer<ReturnType<typeof raisedMaxSchema>>>;
