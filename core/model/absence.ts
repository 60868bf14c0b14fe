/** For how long readings have not shown what a target is about. It stands beside the target: what is shown again has none. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";
import { accountIdSchema, targetIdSchema } from "./ids.ts";
import { regionSchema } from "./partition.ts";

/** TERMINATED: EC2 showed it so. NOT_FOUND: asked for it by its name, its own API does not know it. */
const goneHowSchema = z.enum(["TERMINATED", "NOT_FOUND"]);
export type GoneHow = z.infer<typeof goneHowSchema>;

export const absenceSchema = atFirstUse(() =>
  z.strictObject({
    targetId: targetIdSchema,
    accountId: accountIdSchema,
    region: regionSchema,
    /** What was not shown, as sentences name it: a target that moves on begins anew. */
    subject: z.string(),
    /** Of the first complete reading that did not show it. */
    since: z.iso.datetime(),
    /** Of the last one. */
    lastAt: z.iso.datetime(),
    /** Complete readings that did not show it. */
    readings: z.int().positive(),
    /** Between these, as far as their clocks can be believed. */
    unseenSeconds: z.number().nonnegative(),
    /** No sweep judges the target from then on. */
    gone: z
      .strictObject({
        at: z.iso.datetime(),
        how: goneHowSchema,
        /** What `unseenSeconds` was then. */
        afterSeconds: z.number().nonnegative(),
      })
      .exactOptional(),
  }),
);
export type Absence = Readonly<z.infer<ReturnType<typeof absenceSchema>>>;
