/** A look at one instance alone, kept so that the sweeps of a day judge by it, or why it failed, so that it is not tried at each of them. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";
import type { InstanceLook } from "./close-look.ts";
import { targetIdSchema } from "./ids.ts";

/** Facts are stored as they were read. */
const lookSchema = z.custom<InstanceLook>((value) => typeof value === "object" && value !== null);

export const keptLookSchema = atFirstUse(() =>
  z.strictObject({
    targetId: targetIdSchema,
    /** When the instance was looked at. */
    triedAt: z.iso.datetime(),
    /** Of the instance at that time: of one that was stopped, started or ended since it says nothing. */
    launchedAt: z.string(),
    state: z.string(),
    /** By which it was asked: another policy asks for other documents, and shadow mode asks for no permission to launch. */
    policyVersion: z.string(),
    isShadowMode: z.boolean(),
    /** LOOKED: what was found. FAILED: why nothing was. */
    found: z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("LOOKED"), look: lookSchema }),
      z.strictObject({ kind: z.literal("FAILED"), error: z.string(), cause: z.string() }),
    ]),
  }),
);
export type KeptLook = Readonly<z.infer<ReturnType<typeof keptLookSchema>>>;
