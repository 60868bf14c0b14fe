/** What an account's owner says of approvals: for which switches, by how many, by whom. */
import * as z from "../zod.ts";
import { approverSchema, approvalScopes } from "../../../core/model/approval-settings.ts";
import { timeField } from "./common.ts";

const fields = {
  switches: z.enum(approvalScopes).exactOptional().meta({
    description:
      "EACH: a person must agree to each switch, way back and move. FIRST_IN_PROD: to the first switch of each target of a PROD account. AS_TARGETS_SAY: where a target's `require_approval` says so. Absent: the same, and to each one of CLUSTER and KUBERNETES in a PROD account.",
  }),
  approvals_needed: z.int().min(1).max(2).exactOptional().meta({
    description:
      "How many persons must agree, of whom no two are the same. Absent: 1. Raised, it holds for what is asked for already too.",
  }),
  approval_hours: z.number().positive().max(168).exactOptional().meta({
    description: "How long what was asked for may be approved, and used. Absent: 24.",
  }),
  rejection_days: z.number().min(0).max(365).exactOptional().meta({
    description:
      "How long the same move of the same subject is not asked for again once it was rejected. Absent: 30.",
  }),
  approvers: z
    .array(approverSchema())
    .max(50)
    .meta({
      description:
        "Who may approve, by unique ids. USER: an IAM user (`AIDA…`). SSO_ROLE: a role of IAM Identity Center (`AROA…`), whose session names are its users. ROLE: any other, all of whose sessions are one person. COGNITO: an identity. Nobody else may, nor root, nor a caller of another account.",
      example: [{ kind: "SSO_ROLE", id: "AROAEXAMPLEEXAMPLE001" }],
    }),
  break_glass: z
    .array(approverSchema())
    .max(20)
    .exactOptional()
    .meta({
      description:
        "Who may, in an emergency, bring a load back to On-Demand without the approvers, and nothing else. Absent: nobody.",
      example: [{ kind: "SSO_ROLE", id: "AROAEXAMPLEEXAMPLE002" }],
    }),
};

export const setApprovalSettingsSchema = z
  .strictObject(fields)
  .meta({ id: "SetApprovalSettings", description: "Takes the place of what was set before." });

export const approvalSettingsJsonSchema = z
  .strictObject({ ...fields, updated_at: timeField("When it was set.") })
  .meta({ id: "ApprovalSettings", description: "Absent: the owner has said nothing." });
