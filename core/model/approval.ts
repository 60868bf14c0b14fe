/** What a person is asked to agree to, within which bounds, who did, and what came of it. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";
import { evaluationKinds } from "./evaluation-kind.ts";
import { accountIdSchema, approvalIdSchema, evaluationIdSchema, targetIdSchema } from "./ids.ts";
import { regionSchema } from "./partition.ts";

/** What is agreed to. MOVE: from one Spot pool to another. */
export const approvalKinds = ["SWITCH", "FALL_BACK", "MOVE"] as const;
export type ApprovalKind = (typeof approvalKinds)[number];

/** Of an approver: what IAM knows him by. LOCAL: the laptop's header, which proves nothing. */
export const approverKinds = ["USER", "SSO_ROLE", "ROLE", "COGNITO"] as const;

const listedAs = atFirstUse(() =>
  z.strictObject({ kind: z.enum([...approverKinds, "LOCAL"]), id: z.string() }),
);
export type ListedAs = Readonly<z.infer<ReturnType<typeof listedAs>>>;

/** Who calls. Two that share a key are taken for one person: rather too few than too many. */
export const callerSchema = atFirstUse(() =>
  z.strictObject({
    /** As the audit names him: an ARN, or `unauthenticated:` and a name. */
    name: z.string(),
    keys: z.array(z.string()).min(1),
  }),
);
export type Caller = Readonly<z.infer<ReturnType<typeof callerSchema>>>;

/**
 * What an approval is given for. Judged again when it is carried out: inside of these it goes on, outside it is asked for
 * again, naming the bound. Rounded, so that what jitters does not change their hash.
 */
const approvalBoundsSchema = atFirstUse(() =>
  z.strictObject({
    /** As sentences name it. */
    subject: z.string(),
    /** Of an instance, ISO 8601: the same id launched anew is another subject. */
    launchedAt: z.iso.datetime().exactOptional(),
    /** Of a group: AWS writes another UUID in it when a group of that name is made anew. */
    groupArn: z.string().exactOptional(),
    /** In the order of their keys. */
    poolKeys: z.array(z.string()),
    /** Of one instance. Absent: nothing is bought, or no price is known. */
    maxHourlyUsd: z.number().nonnegative().exactOptional(),
    /** Of what is paid where it stands. Absent: nothing is to be saved. */
    minSavingsPercent: z.number().exactOptional(),
    maxDowntimeMinutes: z.number().nonnegative(),
    /** What will be another, in words. */
    changes: z.array(z.string()),
  }),
);
export type ApprovalBounds = Readonly<z.infer<ReturnType<typeof approvalBoundsSchema>>>;

const voteSchema = atFirstUse(() =>
  z.strictObject({
    by: callerSchema(),
    /** It counts as long as this stands on the list of approvers. */
    as: listedAs(),
    at: z.iso.datetime(),
    /** Each approver names the bounds that he has seen. */
    boundsHash: z.string(),
    comment: z.string().exactOptional(),
  }),
);

export const approvalStatuses = [
  "PENDING",
  /** Nothing is begun with it yet. */
  "APPROVED",
  "REJECTED",
  /** An evaluation has begun what was agreed to: it is used up. */
  "CONSUMED",
  /** Something else was asked for since, in its place. */
  "SUPERSEDED",
] as const;

export const approvalSchema = atFirstUse(() =>
  z.strictObject({
    approvalId: approvalIdSchema,
    kind: z.enum(approvalKinds),
    accountId: accountIdSchema,
    region: regionSchema,
    targetId: targetIdSchema,
    bounds: approvalBoundsSchema(),
    /** SHA-256 of kind, place and bounds. */
    boundsHash: z.string(),
    /** Why a person must agree, and what was outside the bounds of the last approval, if there was one. */
    because: z.string(),
    /** How many persons must agree. */
    needed: z.int().min(1).max(2),
    rejectionDays: z.number().nonnegative(),
    status: z.enum(approvalStatuses),
    /** The evaluation that asks, how it was started, and what for. */
    evaluationId: evaluationIdSchema,
    startedBy: z.string(),
    evaluationKind: z.enum(evaluationKinds).exactOptional(),
    /** Who asked for it, or has set the policy by which it was asked. Absent: nobody is known. */
    askedBy: callerSchema().exactOptional(),
    askedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    /** The table in which it was written: in a restored one it is void. */
    tableName: z.string().exactOptional(),
    votes: z.array(voteSchema()),
    rejection: z
      .strictObject({
        by: callerSchema(),
        at: z.iso.datetime(),
        comment: z.string(),
        /** It holds until then, or until what was asked for is something else. */
        until: z.iso.datetime(),
      })
      .exactOptional(),
    consumed: z.strictObject({ by: evaluationIdSchema, at: z.iso.datetime() }).exactOptional(),
    supersededBy: approvalIdSchema.exactOptional(),
  }),
);
export type Approval = Readonly<z.infer<ReturnType<typeof approvalSchema>>>;
export type Vote = Approval["votes"][number];
