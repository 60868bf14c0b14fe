/** What a person is asked to agree to, within which bounds, who did, and what came of it. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";
import { evaluationKinds } from "./evaluation-kind.ts";
import { accountIdSchema, approvalIdSchema, evaluationIdSchema, targetIdSchema } from "./ids.ts";
import { regionSchema } from "./partition.ts";

/** What is agreed to. MOVE: from one Spot pool to another. */
export const approvalKinds = ["SWITCH", "FALL_BACK", "MOVE"] as const;
export type ApprovalKind = (typeof approvalKinds)[number];

/** Of what was found and is not registered: neither a target nor an evaluation has to do with it. */
export const findingsApprovalKinds = [
  "DELETE_WASTE",
  "STOP_INSTANCES",
  "TERMINATE_INSTANCES",
] as const;

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

const findingsBoundsSchema = atFirstUse(() =>
  z.strictObject({
    /** As sentences name it: one resource, or what all on the list have in common. */
    subject: z.string(),
    /** What will be done, in words. */
    changes: z.array(z.string()).min(1),
    /** Whether some of it can't be taken back. */
    isIrreversible: z.boolean(),
    /** Least saving of all together. Absent: no price is known. */
    minMonthlySavingUsd: z.number().nonnegative().exactOptional(),
  }),
);
export type FindingsBounds = Readonly<z.infer<ReturnType<typeof findingsBoundsSchema>>>;

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

/** What each has, whatever is asked for. */
const commonShape = () => ({
  approvalId: approvalIdSchema,
  accountId: accountIdSchema,
  region: regionSchema,
  /** SHA-256 of kind, place, bounds, and findings where there are some. */
  boundsHash: z.string(),
  /** Why a person must agree, and what was outside the bounds of the last approval, if there was one. */
  because: z.string(),
  /** How many persons must agree. */
  needed: z.int().min(1).max(2),
  rejectionDays: z.number().nonnegative(),
  status: z.enum(approvalStatuses),
  /** Who asked for it, or has set the policy or the settings by which it was asked. Absent: nobody is known. */
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
  /** In an emergency, by one who is listed for that, without the approvers. */
  brokenGlass: z
    .strictObject({
      by: callerSchema(),
      as: listedAs(),
      at: z.iso.datetime(),
      boundsHash: z.string(),
      reason: z.string(),
    })
    .exactOptional(),
  /** By the evaluation, or by what carries out findings under a name of its own. */
  consumed: z.strictObject({ by: z.string().min(1), at: z.iso.datetime() }).exactOptional(),
  supersededBy: approvalIdSchema.exactOptional(),
});

const targetApprovalSchema = atFirstUse(() =>
  z.strictObject({
    ...commonShape(),
    kind: z.enum(approvalKinds),
    targetId: targetIdSchema,
    bounds: approvalBoundsSchema(),
    /** The evaluation that asks, how it was started, and what for. */
    evaluationId: evaluationIdSchema,
    startedBy: z.string(),
    evaluationKind: z.enum(evaluationKinds).exactOptional(),
  }),
);
export type TargetApproval = Readonly<z.infer<ReturnType<typeof targetApprovalSchema>>>;

const findingsApprovalSchema = atFirstUse(() =>
  z.strictObject({
    ...commonShape(),
    kind: z.enum(findingsApprovalKinds),
    bounds: findingsBoundsSchema(),
    /** Their ids, in order: with one more it is another question. */
    findings: z.array(z.string().min(1)).min(1),
  }),
);
export type FindingsApproval = Readonly<z.infer<ReturnType<typeof findingsApprovalSchema>>>;

export const approvalSchema = atFirstUse(() =>
  z.discriminatedUnion("kind", [targetApprovalSchema(), findingsApprovalSchema()]),
);
export type Approval = TargetApproval | FindingsApproval;
export type Vote = Approval["votes"][number];

export const isOfFindings = (approval: Approval): approval is FindingsApproval =>
  "findings" in approval;
