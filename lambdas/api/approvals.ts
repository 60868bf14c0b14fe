/** Reads approvals, takes votes on them, and starts what enough persons have agreed to. */
import { readApprovalSettings } from "../../adapters/store/approval-settings.ts";
import { getApproval, listApprovals, updateApproval } from "../../adapters/store/approvals.ts";
import { engagedFor } from "../../adapters/store/kill-switch.ts";
import { getTarget } from "../../adapters/store/targets.ts";
import { standingOf, type ApprovalView } from "../../core/approval/standing.ts";
import { tell } from "../../adapters/store/outbox.ts";
import { noticeOfBrokenGlass } from "../../core/notice/of-broken-glass.ts";
import { breakGlass } from "../../core/approval/break-glass.ts";
import type { Identified } from "../../core/approval/caller.ts";
import { approve, reject, type Voted, type VoteInput } from "../../core/approval/votes.ts";
import {
  isOfFindings,
  type Approval,
  type Caller,
  type TargetApproval,
} from "../../core/model/approval.ts";
import { termsOf, type ApprovalTerms } from "../../core/model/approval-settings.ts";
import type { ApprovalId, TargetId } from "../../core/model/ids.ts";
import { holderNameFirst } from "../../core/model/lease-holder.ts";
import type { Target } from "../../core/model/target.ts";
import { evaluationIdBy } from "../evaluation/approval.ts";
import { approvalView } from "../evaluation/approval-record.ts";
import { startEvaluation, type StartResult } from "../evaluation/start.ts";
import { approverOf, callerOf } from "./caller.ts";
import type { ApiContext, ApiRequest } from "./context.ts";
import { ApiProblem, type ProblemKind } from "./problem.ts";
import { approvalJson, type ApprovalJson, type VotedJson } from "./schemas/approvals.ts";

const problemKinds: Readonly<
  Record<Extract<Voted, { readonly kind: "REFUSED" }>["reason"], ProblemKind>
> = {
  NOT_AN_APPROVER: "not-an-approver",
  OWN_REQUEST: "own-request",
  APPROVED_BEFORE: "approved-before",
  BOUNDS_CHANGED: "bounds-changed",
  NOT_RESTORING: "not-restoring",
  SETTLED: "approval-settled",
  EXPIRED: "approval-expired",
  VOID: "approval-void",
};

const viewOf = ({ table, now }: ApiContext): Promise<ApprovalView> => approvalView(table, now());

/** Throws the problem 404. */
const requireApproval = async (context: ApiContext, id: ApprovalId): Promise<Approval> => {
  const approval = await getApproval(context.table, id);
  if (approval !== undefined) return approval;
  throw new ApiProblem("not-found", `There is no approval ${id}.`, {
    errors: [{ field: "id", message: "is not an approval" }],
  });
};

export const showApproval = async (context: ApiContext, id: ApprovalId): Promise<ApprovalJson> => {
  const approval = await requireApproval(context, id);
  return approvalJson(approval, standingOf(approval, await viewOf(context)));
};

export const pageOfApprovals = async (
  context: ApiContext,
  filter: {
    readonly status?: ApprovalJson["status"];
    readonly accountId?: string;
    readonly targetId?: TargetId;
    /** Those by whom the glass was broken. */
    readonly isGlassBroken?: boolean;
    readonly limit: number;
    readonly cursor?: string;
  },
): Promise<{ items: ApprovalJson[]; cursor?: string }> => {
  const { status, accountId, targetId, isGlassBroken, ...rest } = filter;
  const view = await viewOf(context);
  const page = await listApprovals(context.table, {
    ...rest,
    ...(targetId !== undefined && { about: { targetId } }),
    scope: JSON.stringify([status ?? "", accountId ?? "", isGlassBroken ?? ""]),
    select: (approval) =>
      (accountId ?? approval.accountId) === approval.accountId &&
      (isGlassBroken ?? approval.brokenGlass !== undefined) ===
        (approval.brokenGlass !== undefined) &&
      (status === undefined || standingOf(approval, view) === status),
  });
  return {
    ...page,
    items: page.items.map((approval) => approvalJson(approval, standingOf(approval, view))),
  };
};

/** Throws the problem 404 for a target that was deleted: nothing can be begun for it. */
const requireTargetOf = async (context: ApiContext, approval: TargetApproval): Promise<Target> => {
  const target = await getTarget(context.table, approval.targetId);
  if (target !== undefined) return target;
  throw new ApiProblem("not-found", `Target ${approval.targetId} was deleted since.`);
};

/** Throws the problem 409: what would be begun would be stopped at once, and the approval be of no use. */
const requireNoKillSwitch = async (context: ApiContext, { accountId }: Approval): Promise<void> => {
  const engaged = await engagedFor(context.table, accountId);
  if (engaged === undefined) return;
  throw new ApiProblem(
    "kill-switch-engaged",
    `The ${engaged.scope === "global" ? "global kill switch" : `kill switch of account ${accountId}`} is thrown (${engaged.reason}). Approve once it is lifted.`,
  );
};

const termsNow = async ({ table }: ApiContext, { accountId }: Approval): Promise<ApprovalTerms> =>
  termsOf(await readApprovalSettings(table, accountId));

const votedOrThrow = (voted: Voted): Approval => {
  if (voted.kind === "VOTED") return voted.approval;
  throw new ApiProblem(problemKinds[voted.reason], voted.sentence);
};

/** Who decides about what, as the account's owner says now. */
interface Voting {
  readonly approval: Approval;
  readonly terms: ApprovalTerms;
  readonly voter: Identified;
}

/** Of two at the same instant the second is judged by what the first has written. Throws the problems 403 and 409. */
const write = async (
  context: ApiContext,
  input: Voting & { readonly vote: (input: VoteInput) => Voted },
): Promise<Approval> => {
  const { terms, voter, vote } = input;
  const { approvalId } = input.approval;
  const view = await viewOf(context);
  return updateApproval(context.table, approvalId, (approval) =>
    votedOrThrow(vote({ approval, voter, view, terms })),
  );
};

const notStarted = (result: Exclude<StartResult, { kind: "STARTED" }>): string => {
  switch (result.kind) {
    case "BUSY":
      return `${holderNameFirst(result.holder)} works on it. The next evaluation uses the approval.`;
    case "ENDED":
      return `Evaluation ${result.evaluationId} has ended before it was started. The next one uses the approval.`;
    case "UNFINISHED":
    case "NOT_AVAILABLE":
      return result.sentence;
  }
};

/** Named by the decision: started again it is the same evaluation. */
const startApproved = async (
  context: ApiContext,
  approval: TargetApproval,
): Promise<Pick<VotedJson, "started" | "not_started">> => {
  const { approvalId, evaluationKind, startedBy, askedBy } = approval;
  const result = await startEvaluation(context, {
    target: await requireTargetOf(context, approval),
    ...(evaluationKind !== undefined && { kind: evaluationKind }),
    startedBy,
    evaluationId: evaluationIdBy(approval),
    ...(askedBy !== undefined && { requestedBy: askedBy }),
    approvalId,
  });
  return result.kind === "STARTED"
    ? { started: { evaluation_id: result.evaluationId, execution_arn: result.executionArn } }
    : { not_started: notStarted(result) };
};

/** Findings are carried out by a function that comes by every few minutes. */
const nextStep =
  "It is judged again and, where it still holds within these bounds, carried out within minutes. The approval shows as CONSUMED once that has begun.";

const beginApproved = (
  context: ApiContext,
  approval: Approval,
): Promise<Omit<VotedJson, "approval">> =>
  isOfFindings(approval)
    ? Promise.resolve({ next_step: nextStep })
    : startApproved(context, approval);

const show = async (context: ApiContext, approval: Approval): Promise<ApprovalJson> =>
  approvalJson(approval, standingOf(approval, await viewOf(context)));

/** An attempt that was cut off after its decision goes on: that bears the instant at which the request was first made. */
const isOwn = (
  decided: { readonly by: Caller; readonly at: string } | undefined,
  by: Caller,
  at: string,
): boolean => decided?.by.name === by.name && decided.at === at;

interface Agreed {
  /** When the request was first made. ISO 8601 */
  readonly at: string;
  readonly boundsHash: string;
  readonly comment?: string;
}

export const approveAs = async (
  context: ApiContext,
  voting: Voting,
  { at, ...seen }: Agreed,
): Promise<VotedJson> => {
  const { approval, voter } = voting;
  await requireNoKillSwitch(context, approval);
  if (!isOfFindings(approval)) await requireTargetOf(context, approval);
  const voted = approval.votes.some((vote) => isOwn(vote, voter.caller, at))
    ? approval
    : await write(context, { ...voting, vote: (input) => approve(input, { ...seen, at }) });
  const begun = voted.status === "APPROVED" ? await beginApproved(context, voted) : {};
  return { approval: await show(context, voted), ...begun };
};

export const approveNow = async (
  context: ApiContext,
  request: ApiRequest,
  { id, ...agreed }: Agreed & { readonly id: ApprovalId },
): Promise<VotedJson> => {
  const approval = await requireApproval(context, id);
  const terms = await termsNow(context, approval);
  const voter = await approverOf(context, request, terms.approvers);
  return approveAs(context, { approval, terms, voter }, agreed);
};

/** Everybody is told, in the log and the list, that the approvers were not waited for. @param at the same */
export const breakGlassNow = async (
  context: ApiContext,
  request: ApiRequest,
  asked: {
    readonly id: ApprovalId;
    readonly at: string;
    readonly boundsHash: string;
    readonly reason: string;
  },
): Promise<VotedJson> => {
  const { id, ...said } = asked;
  const approval = await requireApproval(context, id);
  await requireNoKillSwitch(context, approval);
  const terms = await termsNow(context, approval);
  const breaker = await approverOf(context, request, terms.breakGlass);
  const view = await viewOf(context);
  const broken = isOwn(approval.brokenGlass, breaker.caller, said.at)
    ? approval
    : await updateApproval(context.table, id, (stored) =>
        votedOrThrow(breakGlass({ approval: stored, breaker, view }, said)),
      );
  const { accountId } = approval;
  const text = `${breaker.caller.name} has brought ${approval.bounds.subject} of account ${accountId} back without its approvers: ${said.reason}`;
  context.log.warn(text, { accountId, approvalId: id, brokenGlass: said.at });
  const { region, bounds } = approval;
  await tell(
    context.table,
    noticeOfBrokenGlass({
      accountId,
      region,
      approvalId: id,
      subject: bounds.subject,
      sentence: text,
      at: said.at,
    }),
  );
  return { approval: await show(context, broken), ...(await beginApproved(context, broken)) };
};

/** A rejection keeps from acting: it does not wait for IAM. @param at the same */
export const rejectNow = async (
  context: ApiContext,
  request: ApiRequest,
  asked: { readonly id: ApprovalId; readonly at: string; readonly comment: string },
): Promise<ApprovalJson> => {
  const { id, ...words } = asked;
  const approval = await requireApproval(context, id);
  const terms = await termsNow(context, approval);
  const voter = callerOf(context, request, terms.approvers);
  if (isOwn(approval.rejection, voter.caller, asked.at)) return show(context, approval);
  const vote = (input: VoteInput): Voted => reject(input, words);
  return show(context, await write(context, { approval, terms, voter, vote }));
};
