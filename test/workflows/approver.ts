/** Persons who approve what an evaluation of a laboratory waits for, each by the name in the laptop's header. */
import { setApprovalSettings } from "../../adapters/store/approval-settings.ts";
import { listApprovals } from "../../adapters/store/approvals.ts";
import { isOfFindings, type Approval, type TargetApproval } from "../../core/model/approval.ts";
import type { ApprovalSettings } from "../../core/model/approval-settings.ts";
import {
  accountIdSchema,
  evaluationIdSchema,
  targetIdSchema,
  type EvaluationId,
} from "../../core/model/ids.ts";
import type { LabAccount } from "../../local/lab/account.ts";

interface Place {
  readonly account: LabAccount;
  readonly targetId: string;
}

export const as = (name: string) => ({ "spot-optimizer-identity": name });

/** Newest first. */
export const approvalsOf = async ({
  account,
  targetId,
}: Place): Promise<readonly TargetApproval[]> => {
  const about = { targetId: targetIdSchema.parse(targetId) };
  const { items } = await listApprovals(account.table, { about, limit: 10 });
  return items.filter((one) => !isOfFindings(one));
};

export const newestOf = async (place: Place): Promise<TargetApproval> => {
  const [approval] = await approvalsOf(place);
  if (approval === undefined) throw new Error("Nothing was asked for.");
  return approval;
};

interface Answer {
  readonly status: number;
  readonly body: {
    readonly type?: string;
    readonly started?: { readonly evaluation_id: string };
  };
}

export const approve = async (
  { account }: Place,
  { approvalId, boundsHash }: Approval,
  name = "grace",
): Promise<Answer> => {
  const { status, text } = await account.api.send({
    method: "POST",
    path: `/approvals/${approvalId}/approve`,
    body: { bounds_hash: boundsHash },
    headers: as(name),
  });
  return { status, body: JSON.parse(text) as Answer["body"] };
};

/** @throws Error when nothing was started */
export const startedBy = async (place: Place, approval: Approval): Promise<EvaluationId> => {
  const { status, body } = await approve(place, approval);
  if (body.started === undefined) throw new Error(`Answered ${String(status)}: ${body.type ?? ""}`);
  return evaluationIdSchema.parse(body.started.evaluation_id);
};

export const reject = async ({ account }: Place, { approvalId }: Approval): Promise<number> => {
  const path = `/approvals/${approvalId}/reject`;
  const body = { comment: "Not before the sale" };
  const answer = await account.api.send({ method: "POST", path, body, headers: as("grace") });
  return answer.status;
};

export const setSettings = (
  { account: { table, accountId } }: Pick<Place, "account">,
  settings: Partial<ApprovalSettings>,
): Promise<void> =>
  setApprovalSettings(table, accountIdSchema.parse(accountId), {
    approvers: [],
    updatedAt: "2026-03-02T09:00:00.000Z",
    ...settings,
  });
