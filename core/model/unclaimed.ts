/** What carries our tags in a customer's account and no intent claims: listed, told once, and never touched. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";
import { accountIdSchema } from "./ids.ts";
import { regionSchema } from "./partition.ts";
import { taggedKinds } from "./tagged-thing.ts";

export const unclaimedReasons = [
  /** The store has no evaluation of the id that stands in the tag, or no such tag is there. */
  "NO_EVALUATION",
  /** The evaluation is there, and none of its intents made it: somebody has copied the tags. */
  "NO_INTENT",
  /** The intent that made it counts as undone: it was taken for ended, or for never made. */
  "UNDONE",
] as const;
type UnclaimedReason = (typeof unclaimedReasons)[number];

/** Whether an intent claims a thing. */
export type Claim =
  | { readonly kind: "CLAIMED" }
  | {
      readonly kind: "UNCLAIMED";
      readonly reason: UnclaimedReason;
      /** When the evaluation had ended, or, later, what had made the thing was undone. ISO 8601 */
      readonly since?: string;
    };

export const unclaimedSchema = atFirstUse(() =>
  z.strictObject({
    accountId: accountIdSchema,
    region: regionSchema,
    kind: z.enum(taggedKinds),
    id: z.string().min(1),
    /** As AWS spelled it when it was last noted. */
    state: z.string(),
    reason: z.enum(unclaimedReasons),
    /** As the tag says: whoever copies tags may have written it. */
    evaluationTag: z.string().exactOptional(),
    /** Instance that holds it, or was launched for it. */
    instanceId: z.string().exactOptional(),
    /** Absent where AWS does not say it. */
    madeAt: z.iso.datetime().exactOptional(),
    firstSeenAt: z.iso.datetime(),
    /** Since when it is in the list; absent as long as it is too young. Then it was told. */
    listedAt: z.iso.datetime().exactOptional(),
    /** Since which complete reading AWS has not shown it. */
    missingSince: z.iso.datetime().exactOptional(),
    /** For 730 hours, at the price that was known when it was listed. Absent: none is known. */
    monthlyUsd: z.number().nonnegative().exactOptional(),
  }),
);
export type Unclaimed = Readonly<z.infer<ReturnType<typeof unclaimedSchema>>>;

/** One that stands in the list. */
export type Listed = Unclaimed & { readonly listedAt: string };

export const isListed = (row: Unclaimed): row is Listed => row.listedAt !== undefined;
