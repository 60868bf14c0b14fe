/** An approval that is waited for, its approvers, and who looks at it when. */
import type { Identified } from "../../../core/approval/caller.ts";
import type { ApprovalView } from "../../../core/approval/standing.ts";
import type { FindingsApproval, ListedAs, TargetApproval } from "../../../core/model/approval.ts";
import {
  accountIdSchema,
  approvalIdSchema,
  evaluationIdSchema,
  targetIdSchema,
} from "../../../core/model/ids.ts";

const askedAt = "2026-03-01T10:00:00.000Z";
export const expiresAt = "2026-03-02T10:00:00.000Z";

export const pending: TargetApproval = {
  approvalId: approvalIdSchema.parse("apr-0123456789"),
  kind: "SWITCH",
  accountId: accountIdSchema.parse("444455556666"),
  region: "eu-central-1",
  targetId: targetIdSchema.parse("tgt-0123456789"),
  bounds: {
    subject: "i-0a1b2c3d4e5f60718",
    launchedAt: "2026-02-01T10:00:00.000Z",
    poolKeys: ["a", "b"],
    maxHourlyUsd: 0.04,
    minSavingsPercent: 65,
    maxDowntimeMinutes: 6,
    changes: ["another instance id"],
  },
  boundsHash: "hash",
  because: "The policy sets require_approval.",
  needed: 1,
  rejectionDays: 30,
  status: "PENDING",
  evaluationId: evaluationIdSchema.parse("evl-0123456789"),
  startedBy: "sweep",
  askedAt,
  expiresAt,
  votes: [],
};

export const findingsPending: FindingsApproval = {
  approvalId: approvalIdSchema.parse("apr-5555555555"),
  kind: "DELETE_WASTE",
  accountId: pending.accountId,
  region: pending.region,
  bounds: {
    subject: "vol-0a1b2c3d4e5f60718",
    changes: ["a snapshot is taken, and the volume is deleted"],
    isIrreversible: false,
    minMonthlySavingUsd: 7,
  },
  findings: ["vol-0a1b2c3d4e5f60718"],
  boundsHash: "hash",
  because: "Waste is deleted with a person's consent alone.",
  needed: 1,
  rejectionDays: 30,
  status: "PENDING",
  askedAt,
  expiresAt,
  votes: [],
};

export const view = (at = "2026-03-01T12:00:00.000Z"): ApprovalView => ({ now: new Date(at) });

const userOf = (name: string): ListedAs & { readonly kind: "USER" } => ({
  kind: "USER",
  id: `AIDA${name.toUpperCase().padEnd(16, "0")}`,
});

export const approver = (name: string): Identified => ({
  caller: { name, keys: [`name:${name}`] },
  as: userOf(name),
});

export const terms = {
  approvers: ["ada", "grace", "alan"].map(userOf),
  approvalsNeeded: 1,
  breakGlass: [userOf("oncall")],
};

export const voteOf = (name: string): TargetApproval["votes"][number] => ({
  by: approver(name).caller,
  as: userOf(name),
  at: askedAt,
  boundsHash: "hash",
});
