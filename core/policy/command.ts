/** Documents of Systems Manager that an owner lets us run on his instance: as a proof, or as a hook. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";

/** Field names are single words: the API and the core spell them alike. */
export const commandFields = atFirstUse(() => ({
  /** Name of a document of the account and region, of kind Command. Its default version runs, with its own defaults. */
  document: z
    .string()
    .min(3)
    .max(128)
    .regex(/^[a-zA-Z0-9_.-]+$/, "must be the name of a document of the account itself"),
  /** From sending it to its end. SSM does not take less than 30. */
  seconds: z.int().min(30).max(1_800).default(120),
}));

export const hooksSchema = atFirstUse(() =>
  z
    .array(
      z.discriminatedUnion("kind", [
        /** On the original of a stateful load, right before it is stopped: all else has been judged. */
        z.strictObject({ kind: z.literal("before_freeze"), ...commandFields() }),
        /** On the replacement, once it has the identity and the proofs hold. */
        z.strictObject({ kind: z.literal("after_switch"), ...commandFields() }),
      ]),
    )
    .max(2)
    .refine((hooks) => new Set(hooks.map(({ kind }) => kind)).size === hooks.length, {
      message: "must name each hook once",
    }),
);
export type Hook = Readonly<z.infer<ReturnType<typeof hooksSchema>>[number]>;
