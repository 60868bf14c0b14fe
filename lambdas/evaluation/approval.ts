/**
 * Asks a person for what is to be done, or finds that one has agreed to it. An evaluation that waits has ended: it holds neither
 * a lease nor a token, and nothing is launched. What was agreed to is used up once, by a conditional write.
 */
import { createHash } from "node:crypto";
import { readApprovalsVoid, readPolicySetter } from "../../adapters/store/approval-settings.ts";
import {
  askFor,
  getApproval,
  listApprovals,
  updateApproval,
} from "../../adapters/store/approvals.ts";
import { appendAudit } from "../../adapters/store/audit.ts";
import { digestOf } from "../../adapters/store/judged-bodies.ts";
import type { Table } from "../../adapters/store/table.ts";
import { boundsOf, poolsWithin, type Plan } from "../../core/approval/bounds.ts";
import { answerTo, isAgreed, type Answer } from "../../core/approval/question.ts";
import { votesThatCount, type ApprovalView } from "../../core/approval/standing.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { Approval, Caller } from "../../core/model/approval.ts";
import type { ApprovalTerms } from "../../core/model/approval-settings.ts";
import { isAskedFor, type Evaluation } from "../../core/model/evaluation.ts";
import {
  approvalIdSchema,
  evaluationIdSchema,
  type ApprovalId,
  type EvaluationId,
} from "../../core/model/ids.ts";
import type { Authorization, Postponement } from "../../core/model/verdict.ts";
import { base32Id } from "../../core/random-id.ts";
import type { EvaluationSession } from "./session.ts";

/** Those of a target that can still matter: of each plan that was asked for within the days of a rejection there is one. */
const mostLooked = 100;

const idOf = (text: string): string =>
  base32Id((count) => createHash("sha256").update(text).digest().subarray(0, count));

/** The same for the same evaluation: asked again after a crash it is the same question. */
const approvalIdFor = (evaluationId: EvaluationId): ApprovalId =>
  approvalIdSchema.parse(`apr-${idOf(evaluationId)}`);

/** That an approval starts: by the vote that made it enough, so that the same decision never starts two. */
export const evaluationIdBy = ({ approvalId, votes }: Approval): EvaluationId =>
  evaluationIdSchema.parse(`evl-${idOf(`${approvalId}#${votes.at(-1)?.at ?? ""}`)}`);

/** What is known when approvals are looked at. */
export const approvalView = async (table: Table, now: Date): Promise<ApprovalView> => {
  const voidUntil = await readApprovalsVoid(table);
  return {
    now,
    ...(table.name !== undefined && { tableName: table.name }),
    ...(voidUntil !== undefined && { voidUntil }),
  };
};

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

/** That by which it was begun is read by its key: an index may be behind. */
const approvalsFor = async (
  table: Table,
  { targetId, approvalId }: Evaluation,
): Promise<readonly Approval[]> => {
  const { items } = await listApprovals(table, { targetId, limit: mostLooked });
  const own = approvalId === undefined ? undefined : await getApproval(table, approvalId);
  return own === undefined
    ? items
    : [own, ...items.filter((one) => one.approvalId !== own.approvalId)];
};

/** Who asks himself; of what nobody asked for, who has set the policy by which it is asked. */
const askerOf = async (table: Table, evaluation: Evaluation): Promise<Caller | undefined> =>
  evaluation.requestedBy ??
  (isAskedFor(evaluation) ? undefined : readPolicySetter(table, evaluation.targetId));

const hourMs = 3_600_000;

const newApproval = async (
  { context, evaluation, now }: EvaluationSession,
  { plan, required, terms }: Asked,
  because: string | undefined,
): Promise<Approval> => {
  const { evaluationId, accountId, region, targetId, startedBy, kind } = evaluation;
  const bounds = boundsOf(plan);
  const askedBy = await askerOf(context.table, evaluation);
  const { name: tableName } = context.table;
  return {
    approvalId: approvalIdFor(evaluationId),
    kind: plan.kind,
    accountId,
    region,
    targetId,
    bounds,
    boundsHash: digestOf({ kind: plan.kind, accountId, region, bounds }),
    because: [required, ...(because === undefined ? [] : [because])].join(" "),
    needed: terms.approvalsNeeded,
    rejectionDays: terms.rejectionDays,
    status: "PENDING",
    evaluationId,
    startedBy,
    ...(kind !== undefined && { evaluationKind: kind }),
    ...(askedBy !== undefined && { askedBy }),
    askedAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + terms.approvalHours * hourMs).toISOString(),
    ...(tableName !== undefined && { tableName }),
    votes: [],
  };
};

/** The new one first: who dies in between leaves two questions, and no answer that was not given. */
const ask = async (
  session: EvaluationSession,
  asked: Asked,
  { because, instead }: Extract<Answer, { readonly kind: "ASK" }>,
): Promise<Approval> => {
  const { table } = session.context;
  const approval = await askFor(table, await newApproval(session, asked, because));
  const { approvalId, askedAt: at, askedBy, startedBy, boundsHash, bounds } = approval;
  await appendAudit(table, {
    at,
    actor: askedBy?.name ?? startedBy,
    action: "ASK_FOR_APPROVAL",
    resource: `approval ${approvalId}`,
    detail: { boundsHash, bounds, evaluationId: approval.evaluationId },
  });
  for (const { approvalId: id } of instead) {
    if (id === approvalId) continue;
    await updateApproval(table, id, (stored) =>
      stored.status === "PENDING" || stored.status === "APPROVED"
        ? { ...stored, status: "SUPERSEDED", supersededBy: approvalId }
        : stored,
    );
  }
  return approval;
};

/** Enough had agreed, and may no longer: it waits for others, and shows it. */
const waitAgain = async (
  table: Table,
  approval: Approval,
  terms: ApprovalTerms,
): Promise<Approval> =>
  approval.status === "PENDING"
    ? approval
    : updateApproval(table, approval.approvalId, (stored) =>
        stored.status === "APPROVED"
          ? { ...stored, status: "PENDING", votes: [...votesThatCount(stored, terms)] }
          : stored,
      );

const awaiting = (
  { approvalId, boundsHash, bounds, expiresAt, needed, votes }: Approval,
  why: string,
): Settled => {
  const persons = needed - votes.length;
  const sentence = `${why} Approval ${approvalId} waits for ${persons > 1 ? `${String(persons)} persons` : "a person"} until ${expiresAt}. Its bounds have the hash ${boundsHash}.`;
  return {
    kind: "AWAITING",
    authorization: {
      kind: "APPROVAL_REQUIRED",
      sentence,
      approval: { approvalId, boundsHash },
      bounds,
    },
  };
};

const agreed = (plan: Plan, { approvalId, boundsHash, bounds, votes }: Approval): Settled => {
  const approvedBy = votes.map(({ by }) => by.name);
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

const rejected = ({ approvalId, rejection }: Approval): Settled => {
  const { by, at, until, comment } = rejection ?? {};
  return {
    kind: "REJECTED",
    postponed: {
      reason: "REJECTED",
      sentence: `${by?.name ?? "Somebody"} rejected this move at ${at ?? "an unknown time"} (approval ${approvalId}: ${comment ?? "no reason"}). That holds until ${until ?? "it is something else"}, or until the subject is launched anew or other pools are worth it.`,
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
  const { plan, terms, required } = asked;
  const { evaluationId, approvalId } = evaluation;
  const answer = answerTo({
    plan,
    evaluationId,
    approvals: await approvalsFor(context.table, evaluation),
    approvalId,
    view: await approvalView(context.table, now),
    terms,
  });
  switch (answer.kind) {
    case "AGREED":
      return agreed(plan, answer.approval);
    case "REJECTED":
      return rejected(answer.approval);
    case "PENDING": {
      const approval = await waitAgain(context.table, answer.approval, terms);
      return awaiting(approval, [required, answer.because ?? ""].join(" ").trim());
    }
    case "ASK": {
      const approval = await ask(session, asked, answer);
      return awaiting(approval, approval.because);
    }
  }
};

const notUsable = ({ approvalId, status }: Approval): SpotOptimizerError =>
  new SpotOptimizerError(
    "StaleApproval",
    `Approval ${approvalId} was taken back, or ran out, right before it was used (${status}).`,
    {
      resource: approvalId,
      nextStep: "Nothing: the next evaluation asks anew where it must.",
    },
  );

/** Uses it up: from here on nothing else begins with it. Done again by the same evaluation it changes nothing. @throws StaleApproval */
export const useApproval = async (
  { context, evaluation, now }: EvaluationSession,
  approvalId: ApprovalId,
  terms: ApprovalTerms,
): Promise<void> => {
  const { table } = context;
  const { evaluationId } = evaluation;
  const view = await approvalView(table, now);
  const used = await updateApproval(table, approvalId, (approval) => {
    const known = { evaluationId, view, terms };
    if (!isAgreed(known, approval)) throw notUsable(approval);
    if (approval.consumed !== undefined) return approval;
    const consumed = { by: evaluationId, at: now.toISOString() };
    return { ...approval, status: "CONSUMED", consumed };
  });
  await appendAudit(table, {
    at: used.consumed?.at ?? now.toISOString(),
    actor: used.votes.map(({ by }) => by.name).join(", "),
    action: "USE_APPROVAL",
    resource: `approval ${approvalId}`,
    detail: { boundsHash: used.boundsHash, evaluationId },
  });
};
