/** What is told of an evaluation that has ended. What changed nothing, and waits for nobody, is not told. */
import type { Evaluation, EvaluationStatus } from "../model/evaluation.ts";
import { isRecovery } from "../model/evaluation-kind.ts";
import type { Notice, NoticeKind } from "../model/notice.ts";

export type EndedEvaluation = Pick<
  Evaluation,
  | "accountId"
  | "authorization"
  | "downtimeSeconds"
  | "endedAt"
  | "estimatedSavings"
  | "evaluationId"
  | "kind"
  | "outcome"
  | "region"
  | "targetId"
>;

const kinds: Readonly<Partial<Record<EvaluationStatus, NoticeKind>>> = {
  SWITCHED: "SWITCH_DONE",
  PARTLY_SWITCHED: "SWITCH_DONE",
  FELL_BACK: "FALLBACK",
  ROLLED_BACK: "ROLLED_BACK",
  NEEDS_OPERATOR: "NEEDS_OPERATOR",
  DEGRADED: "DEGRADED",
  AWAITING_APPROVAL: "APPROVAL_WANTED",
};

const approvalOf = ({ authorization }: EndedEvaluation) =>
  authorization?.kind === "APPROVAL_REQUIRED" ? authorization.approval : undefined;

/** Of a failure its cause is told once, however often it is met; of what was done each time. */
const stateOf = (kind: NoticeKind, evaluation: EndedEvaluation): string | undefined => {
  if (kind === "ROLLED_BACK") return undefined;
  return approvalOf(evaluation)?.boundsHash ?? evaluation.evaluationId;
};

/**
 * What AWS refuses or does not answer in a region it refuses to many targets, and what it takes there many recover from: of a region those are one
 * message, with a list. All else is about its target alone.
 */
const aboutOf = (
  kind: NoticeKind,
  evaluation: EndedEvaluation,
): Pick<Notice, "member" | "resource" | "state"> => {
  const { region, targetId, evaluationId } = evaluation;
  if (kind === "DEGRADED") return { resource: region, member: targetId };
  if ((kind === "SWITCH_DONE" || kind === "FALLBACK") && isRecovery(evaluation)) {
    return { resource: region, member: `${targetId} by ${evaluationId}` };
  }
  const state = stateOf(kind, evaluation);
  return { resource: targetId, ...(state !== undefined && { state }) };
};

const nextStepOf = (kind: NoticeKind, evaluation: EndedEvaluation): string => {
  const path = `/api/v1/evaluations/${evaluation.evaluationId}`;
  switch (kind) {
    case "NEEDS_OPERATOR":
      return `Decide what becomes of it: POST ${path}/resume, ${path}/roll-back or ${path}/adopt, each with ?dry_run=true first.`;
    case "APPROVAL_WANTED": {
      const approvalId = approvalOf(evaluation)?.approvalId;
      return approvalId === undefined
        ? "See with GET /api/v1/approvals what is asked for, and approve or reject it."
        : `Approve or reject it: POST /api/v1/approvals/${approvalId}/approve or /api/v1/approvals/${approvalId}/reject.`;
    }
    case "ROLLED_BACK":
      return `See in GET ${path} what failed, and mend it: it is not tried again before its cause has changed, or its back-off is over.`;
    case "DEGRADED":
      return `Mend what the sentence names. Nothing was changed; see GET ${path}.`;
    default:
      return `Nothing is to be done; see GET ${path}.`;
  }
};

/** Undefined: it is not told. */
export const noticeOfEvaluation = (evaluation: EndedEvaluation): Notice | undefined => {
  const { outcome, endedAt, evaluationId, targetId, accountId, region } = evaluation;
  if (outcome === undefined || endedAt === undefined) return undefined;
  const kind = kinds[outcome.status];
  if (kind === undefined) return undefined;
  const { downtimeSeconds, estimatedSavings } = evaluation;
  return {
    kind,
    accountId,
    region,
    targetId,
    evaluationId,
    error: outcome.reason,
    ...aboutOf(kind, evaluation),
    sentence: outcome.sentence,
    figures: {
      ...(estimatedSavings !== undefined && { monthly_savings_usd: estimatedSavings.monthlyUsd }),
      ...(downtimeSeconds !== undefined && { downtime_seconds: downtimeSeconds }),
    },
    nextStep: nextStepOf(kind, evaluation),
    path: `/evaluations/${evaluationId}`,
    at: endedAt,
  };
};
