/** What becomes of a plan to which a person must agree: carried out, waited for, asked for, or not to be asked for. */
import type { Approval } from "../model/approval.ts";
import type { ApprovalTerms } from "../model/approval-settings.ts";
import type { ApprovalId } from "../model/ids.ts";
import {
  hasEnough,
  holdsRejection,
  neededNow,
  standingOf,
  votesThatCount,
  type ApprovalView,
} from "./standing.ts";

/** A plan, as it is held against what was asked before. */
export interface Compared<Of extends Approval> {
  readonly kind: Of["kind"];
  /** The first bound that the plan is outside of, in words. Undefined: it is inside. */
  readonly outsideOf: (approval: Of) => string | undefined;
  /** The very question. */
  readonly isSame: (approval: Of) => boolean;
  /** What was rejected with it. */
  readonly isRejected: (approval: Of) => boolean;
}

export interface QuestionInput<Of extends Approval> {
  readonly plan: Compared<Of>;
  /** Who would use it, such as the id of the evaluation: what it has used up itself is good for it. */
  readonly by: string;
  /** Of the same subject. */
  readonly approvals: readonly Of[];
  /** By which the evaluation was begun. Absent: none. */
  readonly approvalId?: ApprovalId | undefined;
  readonly view: ApprovalView;
  /** Those of now. */
  readonly terms: Pick<ApprovalTerms, "approvers" | "approvalsNeeded" | "breakGlass">;
}

export type Answer<Of extends Approval> =
  | { readonly kind: "AGREED"; readonly approval: Of }
  | { readonly kind: "REJECTED"; readonly approval: Of }
  /** It is asked for already. */
  | { readonly kind: "PENDING"; readonly approval: Of; readonly because?: string }
  /** `instead`: what was asked for before, and no longer is. */
  | { readonly kind: "ASK"; readonly because?: string; readonly instead: readonly Of[] };

/** Enough of those who may approve now have agreed, and nothing else has begun with it. */
export const isAgreed = (
  { view, terms, by }: Pick<QuestionInput<Approval>, "view" | "terms" | "by">,
  approval: Approval,
): boolean =>
  approval.consumed?.by === by ||
  (standingOf(approval, view) === "APPROVED" && hasEnough(approval, terms));

/** Why the approval by which it was begun does not do, for who has given it. */
const whyNot = <Of extends Approval>(
  input: QuestionInput<Of>,
  approval: Of | undefined,
): string | undefined => {
  if (approval === undefined) return undefined;
  const { approvalId } = approval;
  const standing = standingOf(approval, input.view);
  if (standing !== "APPROVED") return `Approval ${approvalId} is ${standing} by now.`;
  if (!isAgreed(input, approval)) {
    const votes = votesThatCount(approval, input.terms).length;
    return `Of the ${String(neededNow(approval, input.terms))} persons that approval ${approvalId} needs by now, ${String(votes)} may approve still.`;
  }
  const outside = input.plan.outsideOf(approval);
  return outside === undefined
    ? undefined
    : `Outside the bounds of approval ${approvalId}: ${outside}`;
};

/** A rejection first: it holds whatever was agreed to before. */
export const answerTo = <Of extends Approval>(input: QuestionInput<Of>): Answer<Of> => {
  const { plan, approvalId, view } = input;
  const approvals = input.approvals.filter(({ kind }) => kind === plan.kind);
  const rejected = approvals.find((one) => holdsRejection(one, view) && plan.isRejected(one));
  if (rejected !== undefined) return { kind: "REJECTED", approval: rejected };
  const agreed = approvals.find((one) => isAgreed(input, one) && plan.outsideOf(one) === undefined);
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
  const same = open.find(plan.isSame);
  return same === undefined
    ? { kind: "ASK", instead: open, ...because }
    : { kind: "PENDING", approval: same, ...because };
};
