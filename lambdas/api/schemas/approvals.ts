/** Approvals as the API shows them, and what decides about one. */
import * as z from "../zod.ts";
import type { ApprovalStanding } from "../../../core/approval/standing.ts";
import {
  approvalKinds,
  approvalStatuses,
  approverKinds,
  findingsApprovalKinds,
  type Approval,
} from "../../../core/model/approval.ts";
import { evaluationKinds } from "../../../core/model/evaluation-kind.ts";
import { approvalIdSchema } from "../../../core/model/ids.ts";
import { snakeKeys } from "../letter-case.ts";
import {
  accountIdField,
  evaluationIdField,
  pageOf,
  pageQuery,
  regionField,
  targetIdField,
  timeField,
} from "./common.ts";
import { approvalBoundsSchema, callerSchema, text } from "./verdict.ts";

const approvalIdField = approvalIdSchema.meta({
  description: "Id of the approval, given by us when it was asked for.",
  example: "apr-01j9z0x3k4m5n6p7q8r9",
});

export const approvalParams = z.strictObject({ id: approvalIdField });

const standings = [
  ...approvalStatuses,
  "EXPIRED",
  "VOID",
] as const satisfies readonly ApprovalStanding[];

const statusField = z.enum(standings).meta({
  description:
    "PENDING: waited for. APPROVED: agreed to, and nothing has begun with it yet. CONSUMED: used up by an evaluation. REJECTED. SUPERSEDED: something else is asked for since. EXPIRED: its hours are over. VOID: of before the state table was restored.",
});

export const approvalListQuery = z.strictObject({
  status: statusField.exactOptional(),
  account_id: accountIdField.exactOptional(),
  target_id: targetIdField.exactOptional(),
  is_glass_broken: z
    .enum(["true", "false"])
    .transform((text) => text === "true")
    .exactOptional()
    .meta({ description: "Those that did not wait for their approvers, or the others." }),
  ...pageQuery,
});

const hashField = text("Hash of kind, place and bounds. Who approves names it.");

const listedAsField = z
  .strictObject({
    kind: z.enum([...approverKinds, "LOCAL"]).meta({ description: "LOCAL: a header." }),
    id: text("Unique id."),
  })
  .meta({ description: "The entry of the list by which it counts." });

const commonFields = {
  approval_id: approvalIdField,
  account_id: accountIdField,
  region: regionField,
  bounds_hash: hashField,
  because: text("Why a person must agree."),
  needed: z.int().meta({ description: "How many persons must agree." }),
  rejection_days: z.number().meta({ description: "So long a rejection would hold." }),
  status: statusField,
  asked_by: callerSchema.exactOptional().meta({
    description:
      "Who asked for it; of what nobody asked for, who has set the policy or the settings by which it is asked. He may not approve it. Absent: nobody is known.",
  }),
  asked_at: timeField("When."),
  expires_at: timeField("Until then it may be approved and used."),
  table_name: text("Table in which it was written; in another one it is void.").exactOptional(),
  votes: z
    .array(
      z.strictObject({
        by: callerSchema,
        as: listedAsField,
        at: timeField("When."),
        bounds_hash: hashField,
        comment: text("His words.").exactOptional(),
      }),
    )
    .meta({ description: "Who has agreed." }),
  rejection: z
    .strictObject({
      by: callerSchema,
      at: timeField("When."),
      comment: text("Why."),
      until: timeField("So long the same is not asked for again."),
    })
    .exactOptional()
    .meta({ description: "Absent: nobody has rejected it." }),
  broken_glass: z
    .strictObject({
      by: callerSchema,
      as: listedAsField,
      at: timeField("When."),
      bounds_hash: hashField,
      reason: text("Why in such haste."),
    })
    .exactOptional()
    .meta({ description: "In an emergency, without the approvers. Absent: they were waited for." }),
  consumed: z
    .strictObject({
      by: text("Id of the evaluation, or of what was carried out about the findings."),
      at: timeField("When."),
    })
    .exactOptional()
    .meta({ description: "What has used it up." }),
  superseded_by: approvalIdField.exactOptional(),
};

const targetApprovalSchema = z
  .strictObject({
    ...commonFields,
    kind: z.enum(approvalKinds).meta({ description: "What is agreed to." }),
    target_id: targetIdField,
    bounds: approvalBoundsSchema,
    evaluation_id: evaluationIdField,
    started_by: text("Who started that evaluation: api, sweep."),
    evaluation_kind: z.enum(evaluationKinds).exactOptional().meta({
      description: "What it was to bring about; absent: SWITCH.",
    }),
  })
  .meta({ id: "TargetApproval", description: "What a person is asked about a target." });

const findingsApprovalSchema = z
  .strictObject({
    ...commonFields,
    kind: z.enum(findingsApprovalKinds).meta({ description: "What is agreed to." }),
    findings: z
      .array(z.string())
      .meta({ description: "Ids of the findings, in order. With one more it is another hash." }),
    bounds: z
      .strictObject({
        subject: text("What is agreed to."),
        changes: z.array(z.string()).meta({ description: "What will be done, in words." }),
        is_irreversible: z.boolean().meta({
          description: "Whether some of it can't be taken back.",
        }),
        min_monthly_saving_usd: z.number().exactOptional().meta({
          description:
            "Least saving of all together, USD per month: that of now less a twentieth, down to the dollar. Absent: no price is known.",
        }),
      })
      .meta({ id: "FindingsBounds", description: "What an approval about findings holds for." }),
  })
  .meta({
    id: "FindingsApproval",
    description: "What a person is asked about findings, to which no target belongs.",
  });

export const approvalSchema = z
  .discriminatedUnion("kind", [targetApprovalSchema, findingsApprovalSchema])
  .meta({ id: "Approval", description: "What a person is asked to agree to." });
export type ApprovalJson = z.infer<typeof approvalSchema>;

export const approvalPageSchema = pageOf(approvalSchema, "ApprovalPage");

const commentField = z.string().trim().min(3).max(500);

export const approveSchema = z
  .strictObject({
    bounds_hash: z
      .string()
      .min(1)
      .max(100)
      .meta({ description: "`bounds_hash` of the approval, as it was read." }),
    comment: commentField
      .exactOptional()
      .meta({ description: "For those who read it later.", example: "Agreed with the shop team" }),
  })
  .meta({ id: "Approve", description: "Agrees to the bounds that it names." });

export const rejectSchema = z
  .strictObject({
    comment: commentField.meta({ description: "Why not.", example: "Not before the sale" }),
  })
  .meta({ id: "Reject", description: "Ends it, and keeps it from being asked for again." });

export const breakGlassSchema = z
  .strictObject({
    bounds_hash: approveSchema.shape.bounds_hash,
    reason: commentField.meta({ description: "Why in such haste.", example: "Incident 4711" }),
  })
  .meta({ id: "BreakGlass", description: "Brings a load back without its approvers." });

export const votedSchema = z
  .strictObject({
    approval: approvalSchema,
    started: z
      .strictObject({
        evaluation_id: evaluationIdField,
        execution_arn: text("Its workflow execution."),
      })
      .exactOptional()
      .meta({ description: "The evaluation that judges within the bounds." }),
    not_started: text(
      "Why none was started although enough have agreed; the next evaluation of the target uses the approval.",
    ).exactOptional(),
    next_step: text(
      "Of findings: who carries out what enough have agreed to, and when. No evaluation is started.",
    ).exactOptional(),
  })
  .meta({ id: "Voted", description: "The approval as it is now, and what it has started." });
export type VotedJson = z.infer<typeof votedSchema>;

export const voidApprovalsSchema = z
  .strictObject({
    reason: commentField.meta({ description: "Why.", example: "Table restored to 12:00" }),
  })
  .meta({ id: "VoidApprovals", description: "Makes all approvals void." });

export const voidedSchema = z
  .strictObject({ until: timeField("What was asked for until then is void.") })
  .meta({ id: "ApprovalsVoided", description: "Until when approvals are void." });

export const approvalJson = (approval: Approval, standing: ApprovalStanding): ApprovalJson => ({
  ...snakeKeys(approval),
  status: standing,
});
