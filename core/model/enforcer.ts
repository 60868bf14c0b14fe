/** What the enforcer is told by an account's owner, what it has flagged, and where it stands in each account and region. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";
import { callerSchema } from "./approval.ts";
import { accountIdSchema, approvalIdSchema, instanceIdSchema } from "./ids.ts";
import { regionSchema } from "./partition.ts";

/** DRY_RUN: it reads and flags, and tells nobody. */
export const enforcerModes = ["OFF", "DRY_RUN", "ON"] as const;

/** The customer's role lets us publish to topics of such names alone. */
export const topicArnPattern =
  /^arn:aws:sns:[a-z]{2}-[a-z]+-\d{1,2}:\d{12}:spot-optimizer-[A-Za-z0-9_-]{1,200}$/;

/** Absent value: whatever it is. */
const allowedTagSchema = atFirstUse(() =>
  z.strictObject({ key: z.string().min(1).max(128), value: z.string().max(256).exactOptional() }),
);
export type AllowedTag = Readonly<z.infer<ReturnType<typeof allowedTagSchema>>>;

export const enforcerSettingsSchema = atFirstUse(() =>
  z.strictObject({
    mode: z.enum(enforcerModes),
    /** Of the customer's own, to which the notices go. */
    topicArn: z.string().regex(topicArnPattern).exactOptional(),
    allowedTags: z.array(allowedTagSchema()).max(50),
    allowedInstanceIds: z.array(instanceIdSchema).max(200),
    allowedImageIds: z.array(z.string()).max(200),
    allowedPrincipals: z.array(z.string()).max(200),
    /** What stood stopped by us so long may be terminated, once persons have agreed. Absent: never. */
    terminateAfterDays: z.int().min(1).max(365).exactOptional(),
    /** Since when it is ON without a break; absent in the other modes. */
    onSince: z.iso.datetime().exactOptional(),
    /** Who set it: what it asks persons for is his request. */
    setBy: callerSchema().exactOptional(),
    updatedAt: z.iso.datetime(),
  }),
);
export type EnforcerSettings = Readonly<z.infer<ReturnType<typeof enforcerSettingsSchema>>>;

/** What an owner's stop or ours would do besides, by what EC2 shows. */
export const stopEffects = [
  "ROOT_IN_INSTANCE_STORE",
  "TARGETED_RESERVATION",
  "DEDICATED_HOST",
  "OUTPOST",
  "LOCAL_ZONE",
  "FORWARDS_TRAFFIC",
  "STOP_PROTECTED",
  "TERMINATION_PROTECTED",
  "ROUTE_TARGET",
  "LAST_IN_TARGET_GROUP",
  "INSTANCE_STORE_DISKS",
  "INSTANCE_STORE_UNKNOWN",
  "CLOUDFORMATION_STACK",
  "LOSES_PUBLIC_ADDRESS",
] as const;
export type StopEffect = (typeof stopEffects)[number];

/** STOP: within the cap. ASK: a person must agree. REPORT: it is not stopped, whoever agrees. */
export const stopVerdicts = ["STOP", "ASK", "REPORT"] as const;
export type StopVerdict = (typeof stopVerdicts)[number];

export const findingStatuses = [
  /** Its grace runs, or is over and the stop is not made yet. */
  "FLAGGED",
  "EXEMPT",
  /** The stop is written down; it may have been ordered. */
  "STOPPING",
  "STOPPED",
  "TERMINATING",
  "TERMINATED",
] as const;
export type FindingStatus = (typeof findingStatuses)[number];

export const noticeKinds = ["FLAG", "WARNING", "DONE"] as const;
export type NoticeKind = (typeof noticeKinds)[number];
const noticeSchema = atFirstUse(() =>
  z.strictObject({ at: z.iso.datetime(), messageId: z.string() }),
);

export const findingSchema = atFirstUse(() =>
  z.strictObject({
    accountId: accountIdSchema,
    region: regionSchema,
    instanceId: instanceIdSchema,
    instanceType: z.string(),
    imageId: z.string(),
    /** As EC2 spelled it when it was last read. */
    state: z.string(),
    launchedAt: z.iso.datetime(),
    status: z.enum(findingStatuses),
    verdict: z.enum(stopVerdicts),
    effects: z.array(z.enum(stopEffects)),
    /** When it was last looked at by itself, for what no list of instances shows. */
    lookedAt: z.iso.datetime().exactOptional(),
    firstSeenAt: z.iso.datetime(),
    /** Since when this grace runs, at the earliest. */
    flaggedAt: z.iso.datetime(),
    /** Complete readings in this grace that showed it running without an owner. */
    readings: z.int().nonnegative(),
    /** The last of them, and the one before. */
    lastDueAt: z.iso.datetime().exactOptional(),
    dueBeforeAt: z.iso.datetime().exactOptional(),
    /** Accepted by SNS. */
    flagNotice: noticeSchema().exactOptional(),
    warning: noticeSchema().exactOptional(),
    doneNotice: noticeSchema().exactOptional(),
    /** Somebody sends it now, or has died doing so. */
    noticing: z.strictObject({ kind: z.enum(noticeKinds), at: z.iso.datetime() }).exactOptional(),
    noticeFailed: z
      .strictObject({ kind: z.enum(noticeKinds), at: z.iso.datetime(), error: z.string() })
      .exactOptional(),
    exemption: z
      .strictObject({
        reason: z.string(),
        until: z.iso.datetime(),
        by: z.string(),
        at: z.iso.datetime(),
      })
      .exactOptional(),
    /** Persons have agreed to stop or terminate it. */
    agreed: z
      .strictObject({
        kind: z.enum(["STOP_INSTANCES", "TERMINATE_INSTANCES"]),
        approvalId: approvalIdSchema,
        until: z.iso.datetime(),
      })
      .exactOptional(),
    /** Written before the call, with what stood there: it was running since `launchedAt`. */
    stop: z
      .strictObject({
        plannedAt: z.iso.datetime(),
        launchedAt: z.iso.datetime(),
        requestId: z.string().exactOptional(),
        stoppedAt: z.iso.datetime().exactOptional(),
      })
      .exactOptional(),
    termination: z
      .strictObject({ plannedAt: z.iso.datetime(), requestId: z.string().exactOptional() })
      .exactOptional(),
    /** EC2 has not shown it since. */
    missingSince: z.iso.datetime().exactOptional(),
  }),
);
export type Finding = Readonly<z.infer<ReturnType<typeof findingSchema>>>;

/** Why a reading concludes nothing. */
export const incompleteReasons = ["NO_TAGS", "NOT_READ"] as const;
export type IncompleteReason = (typeof incompleteReasons)[number];

export const enforcerPlaceSchema = atFirstUse(() =>
  z.strictObject({
    accountId: accountIdSchema,
    region: regionSchema,
    /** When it is to be read next. */
    dueAt: z.iso.datetime(),
    /** Digest of owner lists and allow-lists by which it was read last. */
    ruleSet: z.string().exactOptional(),
    /** Of the table, and of the last time that all approvals were made void. */
    epoch: z.string().exactOptional(),
    /** Since when the settings were ON that it was read under last. */
    onSince: z.iso.datetime().exactOptional(),
    /** For a week from then on it flags only. */
    watchingSince: z.iso.datetime().exactOptional(),
    /** Of the last complete reading. */
    completeAt: z.iso.datetime().exactOptional(),
    incomplete: z
      .strictObject({ at: z.iso.datetime(), because: z.enum(incompleteReasons) })
      .exactOptional(),
    /** Instances, managed ones among them, at the last complete reading. */
    running: z.int().nonnegative().exactOptional(),
    /** Running ones that a tag alone exempts which anybody may write. */
    byTagOnly: z.int().nonnegative().exactOptional(),
    paused: z
      .strictObject({
        since: z.iso.datetime(),
        ruleSet: z.string(),
        newlyFlagged: z.int().positive(),
      })
      .exactOptional(),
    /** Of the last day, each written before its call. */
    stops: z.array(z.strictObject({ instanceId: instanceIdSchema, at: z.iso.datetime() })),
  }),
);
export type EnforcerPlace = Readonly<z.infer<ReturnType<typeof enforcerPlaceSchema>>>;
