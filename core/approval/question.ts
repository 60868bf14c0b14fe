/** What becomes of a plan to which a person must agree: carried out, waited for, asked for, or not to be asked for. */
import type { Approval } from "../model/approval.ts";
import type { ApprovalTerms } from "../model/approval-settings.ts";
import type { ApprovalId, EvaluationId } from "../model/ids.ts";
import { isRejectedPlan, isSameQuestion, outsideOf, type Plan } from "./bounds.ts";
import {
  holdsRejection,
  neededNow,
  standingOf,
  votesThatCount,
  type ApprovalView,
} from "./standing.ts";

export interface QuestionInput {
  readonly plan: Plan;
  /** That is judged: what it has used up itself is good for it. */
  readonly evaluationId: EvaluationId;
  /** Of the target. */
  readonly approvals: readonly Approval[];
  /** By which the evaluation was begun. Absent: none. */
  readonly approvalId?: ApprovalId | undefined;
  readonly view: ApprovalView;
  /** Those of now. */
  readonly terms: Pick<ApprovalTerms, "approvers" | "approvalsNeeded">;
}

export type Answer =
  | { readonly kind: "AGREED"; readonly approval: Approval }
  | { readonly kind: "REJECTED"; readonly approval: Approval }
  /** It is asked for already. */
  | { readonly kind: "PENDING"; readonly approval: Approval; readonly because?: string }
  /** `instead`: what was asked for before, and no longer is. */
  | {
      readonly kind: "ASK";
      readonly because?: string;
      readonly instead: readonly Approval[];
    };

/** Enough of those who may approve now have agreed, and nothing has begun with it but this very evaluation. */
export const isAgreed = (
  { view, terms, evaluationId }: Omit<QuestionInput, "plan" | "approvals">,
  approval: Approval,
): boolean =>
  approval.consumed?.by === evaluationId ||
  (standingOf(approval, view) === "APPROVED" &&
    votesThatCount(approval, terms).length >= neededNow(approval, terms));

/** Why the approval by which it was begun does not do, for who has given it. */
const whyNot = (input: QuestionInput, approval: Approval | undefined): string | undefined => {
  if (approval === undefined) return undefined;
  const { approvalId } = approval;
  const standing = standingOf(approval, input.view);
  if (standing !== "APPROVED") return `Approval ${approvalId} is ${standing} by now.`;
  if (!isAgreed(input, approval)) {
    const votes = votesThatCount(approval, input.terms).length;
    return `Of the ${String(neededNow(approval, input.terms))} persons that approval ${approvalId} needs by now, ${String(votes)} may approve still.`;
  }
  const outside = outsideOf(input.plan, approval.bounds);
  return outside === undefined
    ? undefined
    : `Outside the bounds of approval ${approvalId}: ${outside.sentence}`;
};

/** A rejection first: it holds whatever was agreed to before. */
export const answerTo = (input: QuestionInput): Answer => {
  const { plan, approvalId, view } = input;
  const approvals = input.approvals.filter(({ kind }) => kind === plan.kind);
  const rejected = approvals.find(
    (one) => holdsRejection(one, view) && isRejectedPlan(plan, one.bounds),
  );
  if (rejected !== undefined) return { kind: "REJECTED", approval: rejected };
  const agreed = approvals.find(
    (one) => isAgreed(input, one) && outsideOf(plan, one.bounds) === undefined,
  );
  if (agreed !== undefined) return { kind: "AGREED", approval: agreed };
  const why = whyNot(
    input,
    input.approvals.find((one) => one.approvalId === approvalId),
  );
  const because = why === undefined ? {} : { because: why };
  const open = approvals.filter((one) => {
    const standing = standingOf(one, view);
    return standing === "PENDING" || (standing === "APPROVED" && !isAgreed(input, one));
  });
  const same = open.find((one) => isSameQuestion(plan, one.bounds));
  return same === undefined
    ? { kind: "ASK", instead: open, ...because }
    : { kind: "PENDING", approval: same, ...because };
};
