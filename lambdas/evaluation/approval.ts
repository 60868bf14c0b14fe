/**
 * Asks a person for what is to be done, or finds that one has agreed to it. An evaluation that waits has ended: it holds neither
 * a lease nor a token, and nothing is launched. What was agreed to is used up once, by a conditional write.
 */
import { readPolicySetter } from "../../adapters/store/approval-settings.ts";
import { getApproval, listApprovals } from "../../adapters/store/approvals.ts";
import { digestOf } from "../../adapters/store/judged-bodies.ts";
import type { Table } from "../../adapters/store/table.ts";
import { boundsOf, compared, poolsWithin, type Plan } from "../../core/approval/bounds.ts";
import { agreedBy } from "../../core/approval/break-glass.ts";
import { answerTo } from "../../core/approval/question.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import {
  isOfFindings,
  type Approval,
  type Caller,
  type TargetApproval,
} from "../../core/model/approval.ts";
import type { ApprovalTerms } from "../../core/model/approval-settings.ts";
import { isAskedFor, type Evaluation } from "../../core/model/evaluation.ts";
import { evaluationIdSchema, type ApprovalId, type EvaluationId } from "../../core/model/ids.ts";
import type { Authorization, Postponement } from "../../core/model/verdict.ts";
import {
  approvalIdFor,
  approvalView,
  ask,
  askedNow,
  consume,
  idFrom,
  mostLooked,
  rejectedBy,
  waitAgain,
  waiting,
} from "./approval-record.ts";
import type { EvaluationSession } from "./session.ts";

/** That an approval starts: by the vote that made it enough, so that the same decision never starts two. */
export const evaluationIdBy = ({ approvalId, votes }: TargetApproval): EvaluationId =>
  evaluationIdSchema.parse(`evl-${idFrom(`${approvalId}#${votes.at(-1)?.at ?? ""}`)}`);

export interface Asked {
  readonly plan: Plan;
  /** Why a person must agree. */
  readonly required: string;
  /** Of the account. */
  readonly terms: ApprovalTerms;
}

export type Settled =
  | {
      readonly kind: "AGREED";
      readonly authorization: Extract<Authorization, { kind: "PROCEED" }>;
      readonly approvalId: ApprovalId;
    }
  | {
      readonly kind: "AWAITING";
      readonly authorization: Extract<Authorization, { kind: "APPROVAL_REQUIRED" }>;
    }
  | { readonly kind: "REJECTED"; readonly postponed: Postponement };

/** An id of this kind of question is never that of another. @throws BrokenFacts */
const ofTarget = (approval: Approval): TargetApproval => {
  if (!isOfFindings(approval)) return approval;
  throw new SpotOptimizerError(
    "BrokenFacts",
    `Approval ${approval.approvalId} is about findings and not about a target.`,
    { resource: approval.approvalId },
  );
};

/** That by which it was begun is read by its key: an index may be behind. */
const approvalsFor = async (
  table: Table,
  { targetId, approvalId }: Evaluation,
): Promise<readonly TargetApproval[]> => {
  const { items } = await listApprovals(table, { about: { targetId }, limit: mostLooked });
  const own = approvalId === undefined ? undefined : await getApproval(table, approvalId);
  const others = items.filter((one) => one.approvalId !== own?.approvalId);
  return [...(own === undefined ? [] : [own]), ...others].map(ofTarget);
};

/** Who asks himself; of what nobody asked for, who has set the policy by which it is asked. */
const askerOf = async (table: Table, evaluation: Evaluation): Promise<Caller | undefined> =>
  evaluation.requestedBy ??
  (isAskedFor(evaluation) ? undefined : readPolicySetter(table, evaluation.targetId));

const newApproval = async (
  { context, evaluation, now }: EvaluationSession,
  { plan, required, terms }: Asked,
  because: string | undefined,
): Promise<TargetApproval> => {
  const { evaluationId, accountId, region, targetId, startedBy, kind } = evaluation;
  const bounds = boundsOf(plan);
  const askedBy = await askerOf(context.table, evaluation);
  return {
    ...askedNow(context.table, now, terms),
    approvalId: approvalIdFor(evaluationId),
    kind: plan.kind,
    accountId,
    region,
    targetId,
    bounds,
    boundsHash: digestOf({ kind: plan.kind, accountId, region, bounds }),
    because: [required, ...(because === undefined ? [] : [because])].join(" "),
    needed: terms.approvalsNeeded,
    evaluationId,
    startedBy,
    ...(kind !== undefined && { evaluationKind: kind }),
    ...(askedBy !== undefined && { askedBy }),
  };
};

const awaiting = (approval: TargetApproval, why: string): Settled => {
  const { approvalId, boundsHash, bounds } = approval;
  return {
    kind: "AWAITING",
    authorization: {
      kind: "APPROVAL_REQUIRED",
      sentence: waiting(approval, why),
      approval: { approvalId, boundsHash },
      bounds,
    },
  };
};

const agreed = (plan: Plan, approval: TargetApproval): Settled => {
  const { approvalId, boundsHash, bounds } = approval;
  const approvedBy = [...agreedBy(approval)];
  return {
    kind: "AGREED",
    approvalId,
    authorization: {
      kind: "PROCEED",
      sentence: `${approvedBy.join(" and ")} agreed to it by approval ${approvalId}, and it is within the bounds of that.`,
      approval: {
        approvalId,
        boundsHash,
        bounds,
        approvedBy,
        poolKeys: poolsWithin(plan, bounds).map(({ key }) => key),
      },
    },
  };
};

const rejected = (approval: TargetApproval): Settled => {
  const { until } = approval.rejection ?? {};
  return {
    kind: "REJECTED",
    postponed: {
      reason: "REJECTED",
      sentence: `This move was rejected ${rejectedBy(approval)}. That holds until ${until ?? "it is something else"}, or until the subject is launched anew or other pools are worth it.`,
      ...(until !== undefined && { retryAt: until }),
    },
  };
};

/** @throws RetryableContention, BrokenFacts */
export const settleApproval = async (
  session: EvaluationSession,
  asked: Asked,
): Promise<Settled> => {
  const { context, evaluation, now } = session;
  const { table } = context;
  const { plan, terms, required } = asked;
  const { evaluationId, approvalId } = evaluation;
  const answer = answerTo({
    plan: compared(plan),
    by: evaluationId,
    approvals: await approvalsFor(table, evaluation),
    approvalId,
    view: await approvalView(table, now),
    terms,
  });
  switch (answer.kind) {
    case "AGREED":
      return agreed(plan, answer.approval);
    case "REJECTED":
      return rejected(answer.approval);
    case "PENDING": {
      const approval = await waitAgain(table, answer.approval, terms);
      return awaiting(ofTarget(approval), [required, answer.because ?? ""].join(" ").trim());
    }
    case "ASK": {
      const fresh = await newApproval(session, asked, answer.because);
      const approval = await ask(table, answer, {
        approval: fresh,
        actor: fresh.askedBy?.name ?? fresh.startedBy,
        detail: { evaluationId },
      });
      return awaiting(ofTarget(approval), approval.because);
    }
  }
};

/** Uses it up: from here on nothing else begins with it. Done again by the same evaluation it changes nothing. @throws StaleApproval */
export const useApproval = async (
  { context, evaluation, now }: EvaluationSession,
  approvalId: ApprovalId,
  terms: ApprovalTerms,
): Promise<void> => {
  const { table } = context;
  const { evaluationId } = evaluation;
  const view = await approvalView(table, now);
  await consume(table, approvalId, { by: evaluationId, view, terms, detail: { evaluationId } });
};
