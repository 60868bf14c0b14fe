/** What the waste scanner has found in a customer's account: since when it is seen so, what it costs, and what became of it. */
import * as z from "zod";
import { atFirstUse } from "../../at-first-use.ts";
import { accountIdSchema, approvalIdSchema } from "../ids.ts";
import { regionSchema } from "../partition.ts";

/** Those that can be deleted once persons have agreed, the best find first; then those that are reported alone. */
export const wasteKinds = [
  "FAST_SNAPSHOT_RESTORE",
  "UNATTACHED_VOLUME",
  "OLD_SNAPSHOT",
  "UNUSED_IMAGE",
  "UNASSOCIATED_ADDRESS",
  "IDLE_ADDRESS",
  "STOPPED_INSTANCE",
  "IDLE_LOAD_BALANCER",
  "IDLE_NAT_GATEWAY",
] as const;
export type WasteKind = (typeof wasteKinds)[number];

export const wasteStatuses = [
  /** It looks like waste, and its days are not over, or not everything was asked yet. */
  "SEEN",
  /** It looks like waste, and something keeps it: it is asked again in some days. */
  "KEPT",
  /** It may be deleted, once persons have agreed. */
  "OFFERED",
  /** It is told, and never deleted. */
  "REPORTED",
  /** Persons have agreed, and it was begun: a snapshot is made, or an image is disabled for its days. */
  "DELETING",
  /** It is gone, or in the Recycle Bin; what was made for its undo may stand still. */
  "DELETED",
  /** A person has said that it stays, until a time. */
  "DISMISSED",
  /** It was used again, or is gone. */
  "CLOSED",
] as const;
export type WasteStatus = (typeof wasteStatuses)[number];

export const keptCodes = [
  "OURS",
  "STACK",
  "CODE",
  "SERVICE",
  "BROUGHT_POOL",
  "OUTPOST",
  "CARRIER",
  "TRANSFER",
  "REVERSE_NAME",
  "EVALUATION",
  "MULTI_ATTACH",
  "BACKUP",
  "LAST_COPY",
  "LOCKED",
  "ARCHIVED",
  "FAST_RESTORE",
  "SHARED",
  "REFERENCED",
  "PROTECTED",
  "MARKETPLACE",
  "SCHEDULED",
  "HIBERNATES",
  "RESERVED",
  "STANDBY",
  "ANSWERS",
  "SNAPSHOT_FAILED",
  "NOT_READ",
] as const;

/** Calls that change something, in the customer's account. */
export const wasteActions = [
  "CREATE_SNAPSHOT",
  "DISABLE_FAST_RESTORE",
  "DISABLE_IMAGE",
  "TAG",
  "DELETE_VOLUME",
  "DELETE_SNAPSHOT",
  "DEREGISTER_IMAGE",
  "RELEASE_ADDRESS",
  /** It was tagged, and is not deleted: the role could delete it else. */
  "UNTAG",
  /** The snapshot that was made before a volume was deleted, once its days are over. */
  "TAG_KEPT_SNAPSHOT",
  "DELETE_KEPT_SNAPSHOT",
] as const;
export type WasteAction = (typeof wasteActions)[number];

const callSchema = atFirstUse(() =>
  z.strictObject({
    action: z.enum(wasteActions),
    /** Written before the call: it may have acted from then on. */
    plannedAt: z.iso.datetime(),
    actedAt: z.iso.datetime().exactOptional(),
    requestId: z.string().exactOptional(),
  }),
);

const deletionSchema = atFirstUse(() =>
  z.strictObject({
    approvalId: approvalIdSchema,
    begunAt: z.iso.datetime(),
    /** Each once, in the order in which they were begun. */
    calls: z.array(callSchema()),
    /** What stood there before, in words. */
    before: z.string(),
    /** Made before a volume is deleted. */
    snapshotId: z.string().exactOptional(),
    /** So long it is kept. ISO 8601 */
    snapshotUntil: z.iso.datetime().exactOptional(),
    deletedAt: z.iso.datetime().exactOptional(),
    /** It can be brought back from the Recycle Bin until then, and costs until then. ISO 8601 */
    binExitsAt: z.iso.datetime().exactOptional(),
    /** When it is looked at next. Absent: nothing is left to do. ISO 8601 */
    nextAt: z.iso.datetime().exactOptional(),
    /** What it waits for, in words. */
    waitsFor: z.string().exactOptional(),
  }),
);
export type WasteDeletion = Readonly<z.infer<ReturnType<typeof deletionSchema>>>;

const reasonSchema = atFirstUse(() =>
  z.strictObject({ code: z.enum(keptCodes), sentence: z.string() }),
);
/** Why something that looks like waste stays. */
export type KeptReason = Readonly<z.infer<ReturnType<typeof reasonSchema>>>;

/** Ours: `wst-` and a suffix made from account, region, kind and resource. */
export const findingIdSchema = z
  .string()
  .regex(/^wst-[0-9a-z]{20}$/, "must be the id of a finding such as wst-01j9z0x3k4m5n6p7q8r9");

export const wasteFindingSchema = atFirstUse(() =>
  z.strictObject({
    findingId: findingIdSchema,
    accountId: accountIdSchema,
    region: regionSchema,
    kind: z.enum(wasteKinds),
    /** As AWS names it. */
    resourceId: z.string().min(1),
    status: z.enum(wasteStatuses),
    firstSeenAt: z.iso.datetime(),
    /** By the last complete reading that showed it as waste. */
    lastSeenAt: z.iso.datetime(),
    /** So long complete readings have shown it as waste, without a break. Seconds. */
    countedSeconds: z.number().nonnegative(),
    /** What is its owner's name for it, or what it is, in words: never believed, only shown. */
    label: z.string().exactOptional(),
    /** Value of the tag that names its owner. */
    owner: z.string().exactOptional(),
    why: z.string(),
    effect: z.string(),
    undo: z.string(),
    /** What could not be asked of anybody, in words. */
    unchecked: z.array(z.string()),
    /** For 730 hours. Absent: no price is known. */
    monthlyUsd: z.number().nonnegative().exactOptional(),
    /** Another resource whose finding has this cost in it: it is in no total by itself. */
    countedWith: z.string().exactOptional(),
    /** Of the price list, ISO 8601. */
    pricedAt: z.iso.datetime().exactOptional(),
    /** What AWS alone can tell was asked last then. */
    checkedAt: z.iso.datetime().exactOptional(),
    /** Why it stays, while it is KEPT; what could not be read, while it is SEEN. */
    reasons: z.array(reasonSchema()),
    dismissal: z
      .strictObject({
        reason: z.string(),
        by: z.string(),
        at: z.iso.datetime(),
        until: z.iso.datetime(),
      })
      .exactOptional(),
    deletion: deletionSchema().exactOptional(),
    closed: z.strictObject({ at: z.iso.datetime(), why: z.string() }).exactOptional(),
    /** The table in which it was written: in a restored one its days begin anew. */
    tableName: z.string().exactOptional(),
  }),
);
export type WasteFinding = Readonly<z.infer<ReturnType<typeof wasteFindingSchema>>>;
