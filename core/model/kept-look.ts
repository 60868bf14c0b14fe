/** A look at one subject alone, kept so that the sweeps of a day judge by it, or why it failed, so that it is not tried at each of them. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";
import type { InstanceLook } from "./close-look.ts";
import { targetIdSchema } from "./ids.ts";

/** Facts are stored as they were read. */
const lookSchema = z.custom<InstanceLook>((value) => typeof value === "object" && value !== null);

const triedSchema = atFirstUse(() =>
  z.strictObject({
    targetId: targetIdSchema,
    /** When the subject was looked at. */
    triedAt: z.iso.datetime(),
    /** By which it was asked: another policy asks for other documents, and shadow mode asks for no permission to launch. */
    policyVersion: z.string(),
    isShadowMode: z.boolean(),
  }),
);

/** Why nothing was found. */
const failedSchema = atFirstUse(() =>
  z.strictObject({ kind: z.literal("FAILED"), error: z.string(), cause: z.string() }),
);

const keptInstanceLookSchema = atFirstUse(() =>
  triedSchema().extend({
    /** Of the instance at that time: of one that was stopped, started or ended since it says nothing. */
    launchedAt: z.string(),
    state: z.string(),
    found: z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("LOOKED"), look: lookSchema }),
      failedSchema(),
    ]),
  }),
);
export type KeptInstanceLook = Readonly<z.infer<ReturnType<typeof keptInstanceLookSchema>>>;

/** At a group, or at nodes. */
const keptGroupLookSchema = atFirstUse(() =>
  triedSchema().extend({
    /** Digest of how the group was set up: of one that is set up otherwise since it says nothing. */
    settings: z.string(),
    found: z.discriminatedUnion("kind", [
      /** `facts` is the digest of what was found, which is too large to stand here. */
      z.strictObject({ kind: z.literal("LOOKED"), facts: z.string() }),
      failedSchema(),
    ]),
  }),
);
export type KeptGroupLook = Readonly<z.infer<ReturnType<typeof keptGroupLookSchema>>>;

export const keptLookSchema = atFirstUse(() =>
  z.union([keptInstanceLookSchema(), keptGroupLookSchema()]),
);
export type KeptLook = KeptInstanceLook | KeptGroupLook;

export const isOfInstance = (kept: KeptLook): kept is KeptInstanceLook => "launchedAt" in kept;
