/** How an approval stands now: its state, and whether time or a restored table has taken it back. */
import type { Approval } from "../model/approval.ts";
import type { ApprovalTerms } from "../model/approval-settings.ts";
import { countsStill } from "./caller.ts";

/** What is known when an approval is looked at. */
export interface ApprovalView {
  readonly now: Date;
  /** Of the table that is read. */
  readonly tableName?: string;
  /** Approvals that were asked for until then are void. ISO 8601 */
  readonly voidUntil?: string;
}

export type ApprovalStanding = Approval["status"] | "EXPIRED" | "VOID";

/** A table that was restored gives back what was used up since: it bears another name, or its operator has said so. */
const isVoid = (
  { askedAt, tableName }: Approval,
  { tableName: present, voidUntil }: ApprovalView,
): boolean =>
  tableName !== present ||
  (voidUntil !== undefined && Date.parse(askedAt) <= Date.parse(voidUntil));

/** A rejection holds whatever becomes of the table: it keeps from acting. */
export const standingOf = (approval: Approval, view: ApprovalView): ApprovalStanding => {
  const { status, expiresAt } = approval;
  if (status !== "PENDING" && status !== "APPROVED") return status;
  if (isVoid(approval, view)) return "VOID";
  return Date.parse(expiresAt) <= view.now.getTime() ? "EXPIRED" : status;
};

export const holdsRejection = ({ status, rejection }: Approval, { now }: ApprovalView): boolean =>
  status === "REJECTED" && rejection !== undefined && now.getTime() < Date.parse(rejection.until);

/** Votes by those who may approve now. */
export const votesThatCount = (
  { votes }: Pick<Approval, "votes">,
  { approvers }: Pick<ApprovalTerms, "approvers">,
): Approval["votes"] => votes.filter(({ as }) => countsStill(as, approvers));

/** Those of the account by now, where its owner has become stricter since. */
export const neededNow = (
  { needed }: Pick<Approval, "needed">,
  { approvalsNeeded }: Pick<ApprovalTerms, "approvalsNeeded">,
): number => Math.max(needed, approvalsNeeded);

/** As long as who did it is listed for it. */
const isGlassBroken = (
  { brokenGlass }: Pick<Approval, "brokenGlass">,
  { breakGlass }: Pick<ApprovalTerms, "breakGlass">,
): boolean => brokenGlass !== undefined && countsStill(brokenGlass.as, breakGlass);

/** By those who may approve now, or by who has broken the glass. */
export const hasEnough = (
  approval: Approval,
  terms: Pick<ApprovalTerms, "approvers" | "approvalsNeeded" | "breakGlass">,
): boolean =>
  votesThatCount(approval, terms).length >= neededNow(approval, terms) ||
  isGlassBroken(approval, terms);
