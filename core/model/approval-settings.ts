/** What an account's owner says of approvals, beside the account. Absent: what the targets' policies say. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";
import { approverKinds } from "./approval.ts";

const idOf: Readonly<Record<(typeof approverKinds)[number], RegExp>> = {
  USER: /^AIDA[A-Z0-9]{12,124}$/,
  SSO_ROLE: /^AROA[A-Z0-9]{12,124}$/,
  ROLE: /^AROA[A-Z0-9]{12,124}$/,
  COGNITO: /^[\w-]+:[0-9a-f-]+$/,
};

export const approverSchema = atFirstUse(() =>
  z
    .strictObject({ kind: z.enum(approverKinds), id: z.string().max(128) })
    .refine(({ kind, id }) => idOf[kind].test(id), {
      path: ["id"],
      message:
        "must be the unique id: AIDA… of a user, AROA… of a role, region and UUID of a Cognito identity",
    }),
);

/** For which switches of the account a person must agree, whatever the target's policy says beside. */
export const approvalScopes = ["EACH", "FIRST_IN_PROD", "AS_TARGETS_SAY"] as const;

export const approvalSettingsSchema = atFirstUse(() =>
  z.strictObject({
    switches: z.enum(approvalScopes).exactOptional(),
    /** Persons. */
    approvalsNeeded: z.int().min(1).max(2).exactOptional(),
    /** What was asked for, or agreed to, so long ago is void. At most 7 days: prices and instances change. */
    approvalHours: z.number().positive().max(168).exactOptional(),
    /** So long the same move of the same subject is not asked for again. */
    rejectionDays: z.number().min(0).max(365).exactOptional(),
    approvers: z.array(approverSchema()).max(50),
    /** Who may bring a load back to On-Demand without the approvers. Absent: nobody. */
    breakGlass: z.array(approverSchema()).max(20).exactOptional(),
    updatedAt: z.iso.datetime(),
  }),
);
export type ApprovalSettings = Readonly<z.infer<ReturnType<typeof approvalSettingsSchema>>>;

export type ApprovalTerms = Required<
  Pick<
    ApprovalSettings,
    "approvers" | "approvalsNeeded" | "approvalHours" | "rejectionDays" | "breakGlass"
  >
>;

const defaults: ApprovalTerms = {
  approvers: [],
  approvalsNeeded: 1,
  approvalHours: 24,
  rejectionDays: 30,
  breakGlass: [],
};

/** Of an account, whether or not its owner has said anything: nobody may approve there until he names who may. */
export const termsOf = (settings: ApprovalSettings | undefined): ApprovalTerms => {
  const { approvers, approvalsNeeded, approvalHours, rejectionDays, breakGlass } = {
    ...defaults,
    ...settings,
  };
  return { approvers, approvalsNeeded, approvalHours, rejectionDays, breakGlass };
};
