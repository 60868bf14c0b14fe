/** What is told when somebody who is listed for emergencies did not wait for the approvers. */
import type { ApprovalId, AccountId } from "../model/ids.ts";
import type { Notice } from "../model/notice.ts";

export const noticeOfBrokenGlass = (broken: {
  readonly accountId: AccountId;
  readonly region: string;
  readonly approvalId: ApprovalId;
  /** An instance's id, or the name of a group. */
  readonly subject: string;
  readonly sentence: string;
  readonly at: string;
}): Notice => {
  const { approvalId, subject, ...told } = broken;
  return {
    ...told,
    kind: "GLASS_BROKEN",
    error: "GLASS_BROKEN",
    resource: subject,
    state: approvalId,
    figures: {},
    nextStep: `See who and why with GET /api/v1/approvals/${approvalId}, and look whether it was right.`,
    path: `/approvals/${approvalId}`,
  };
};
