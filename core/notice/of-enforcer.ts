/** What is told beside the enforcer's own messages: these go to its own topic, and a stop waits for them. */
import { noticeOf } from "../enforce/notice.ts";
import type { FindingsApproval } from "../model/approval.ts";
import type { EnforcerPlace, Finding, NoticeKind } from "../model/enforcer.ts";
import type { Notice } from "../model/notice.ts";

/** Of a message of the enforcer's that its topic did not accept: what was to follow does not. */
export const noticeRefused = "NOTICE_REFUSED";

const headOf = (finding: Finding, now: Date) => ({
  kind: "ENFORCEMENT" as const,
  accountId: finding.accountId,
  region: finding.region,
  resource: finding.instanceId,
  figures: {},
  path: `/governance?account_id=${finding.accountId}`,
  at: now.toISOString(),
});

const firstLineOf = (message: string): string => message.split("\n")[0] ?? message;

/** As its owner was told it. */
export const noticeOfEnforcement = (
  kind: NoticeKind,
  finding: Finding,
  when: { readonly place: EnforcerPlace; readonly now: Date },
): Notice => ({
  ...headOf(finding, when.now),
  error: kind,
  state: finding.flaggedAt,
  sentence: firstLineOf(noticeOf(kind, finding, when).message),
  nextStep: `See GET /api/v1/governance?account_id=${finding.accountId}.`,
});

/** One cause for each account and topic, whichever instance met it first. */
export const noticeOfRefusal = (
  finding: Finding,
  {
    topicArn,
    message,
    now,
  }: { readonly topicArn: string; readonly message: string; readonly now: Date },
): Notice => ({
  ...headOf(finding, now),
  error: noticeRefused,
  resource: topicArn,
  sentence: `The owner of ${finding.instanceId} was not told, so that it is not stopped: ${message}`,
  nextStep:
    "Let SNS accept our messages in that topic: see in the runbook, A notice that was not accepted.",
});

/** From ids and numbers alone, as it is asked. Another list is another question, and is told at once. */
export const noticeOfQuestion = ({
  approvalId,
  accountId,
  region,
  kind,
  findings,
  because,
  askedAt,
}: FindingsApproval): Notice => {
  const count = findings.length;
  const instances = count === 1 ? "1 instance" : `${String(count)} instances`;
  return {
    kind: "APPROVAL_WANTED",
    accountId,
    region,
    error: kind,
    resource: region,
    state: approvalId,
    sentence: `The enforcer asks to ${kind === "STOP_INSTANCES" ? "stop" : "terminate"} ${instances} in ${region} of account ${accountId}: ${because}`,
    figures: { findings: count },
    nextStep: `Approve or reject it: POST /api/v1/approvals/${approvalId}/approve or /api/v1/approvals/${approvalId}/reject.`,
    path: `/approvals/${approvalId}`,
    at: askedAt,
  };
};
