/** One instance of a target, running or stopped, from when to when: by these the savings ledger knows what ran. */
import * as z from "zod";
import { atFirstUse } from "../../at-first-use.ts";
import { accountIdSchema, evaluationIdSchema, instanceIdSchema, targetIdSchema } from "../ids.ts";
import { regionSchema } from "../partition.ts";

/** What an hour of an instance is priced by. */
const priceKindSchema = atFirstUse(() =>
  z.strictObject({
    instanceType: z.string(),
    /** As EC2 spells the platform: `Linux/UNIX`. */
    product: z.string(),
    tenancy: z.string(),
    /** Same for every account. */
    zoneId: z.string(),
  }),
);
export type PriceKind = Readonly<z.infer<ReturnType<typeof priceKindSchema>>>;

const spanEnders = [
  /** It took the Spot Instance back, or its host failed. */
  "EC2",
  /** An evaluation, or the janitor. */
  "US",
  /** Its owner, his software, or his group. */
  "OWNER",
  "UNKNOWN",
] as const;
export type SpanEnder = (typeof spanEnders)[number];

/** Between these two, ISO 8601: the same instant where EC2 tells it. */
const spanEndSchema = atFirstUse(() =>
  z.strictObject({
    earliest: z.iso.datetime(),
    latest: z.iso.datetime(),
    by: z.enum(spanEnders),
  }),
);

const spanVolumeSchema = atFirstUse(() =>
  z.strictObject({ volumeId: z.string(), sizeGib: z.number().positive(), volumeType: z.string() }),
);
export type SpanVolume = Readonly<z.infer<ReturnType<typeof spanVolumeSchema>>>;

export const instanceSpanSchema = atFirstUse(() =>
  z.strictObject({
    accountId: accountIdSchema,
    region: regionSchema,
    targetId: targetIdSchema,
    instanceId: instanceIdSchema,
    state: z.enum(["RUNNING", "STOPPED"]),
    ...priceKindSchema().shape,
    purchase: z.enum(["SPOT", "ON_DEMAND"]),
    /** EC2 has lent it a public IPv4 address. */
    hasLentAddress: z.boolean(),
    /** The network interface that has it. Absent of what was noted before it was read. */
    lentAddressOf: z.string().exactOptional(),
    volumes: z.array(spanVolumeSchema()),
    startedAt: z.iso.datetime(),
    /** Absent: it is so still, as far as the last reading of the place shows. */
    end: spanEndSchema().exactOptional(),
    /** Of what an evaluation of the target has launched. Absent: its owner has. */
    launchedBy: evaluationIdSchema.exactOptional(),
    /** The original of the swap for which it was launched. */
    replaces: instanceIdSchema.exactOptional(),
    /** Of one that is stopped: who has stopped it. */
    stoppedBy: z.enum(spanEnders).exactOptional(),
    /** What its owner last ran On-Demand in its stead. Absent of what he launched: it is that itself. */
    baseline: priceKindSchema().exactOptional(),
    /**
     * Of a replacement: from when until when it served in the original's stead. Absent while that is not known; `NEVER` where it has
     * not come to that.
     */
    serves: z
      .union([
        z.literal("NEVER"),
        z.strictObject({ from: z.iso.datetime(), until: z.iso.datetime().exactOptional() }),
      ])
      .exactOptional(),
  }),
);
export type InstanceSpan = Readonly<z.infer<ReturnType<typeof instanceSpanSchema>>>;
