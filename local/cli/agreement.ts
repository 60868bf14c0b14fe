/** Shows what a person is asked to agree to, hash first, and tells what came of his word. */
import { usd } from "../terminal/figures.ts";
import type { Schemas } from "./api/client.ts";
import type { Exit } from "./exit-codes.ts";
import { Failure } from "./failure.ts";
import type { Line, Print } from "./output/print.ts";
import { timeText } from "./output/time.ts";

type Approval = Schemas["Approval"];
type Voted = Schemas["Voted"];

export interface HashOptions {
  /** What somebody has read before. */
  readonly hash?: string;
}

export const hashHelp =
  "agree only if the hash is still this one, as a list or a page has shown it; else nothing is done";

/** Enough to tell two apart; the whole one stands above. */
export const shortHash = (hash: string): string =>
  hash.length > 12 ? `${hash.slice(0, 8)}…` : hash;

/** @throws Failure where something else is asked for by now */
export const requireHash = ({ hash }: HashOptions, found: string, show: string): void => {
  if (hash === undefined || hash === found) return;
  throw new Failure("REFUSED", `Something else is asked for by now: its hash is ${found}`, {
    next: `${show}, read it, and give its hash`,
  });
};

/** Those of a target, or of findings. */
export const subjectOf = (approval: Approval): string =>
  "target_id" in approval ? approval.target_id : `${String(approval.findings.length)} findings`;

const limitsOf = (approval: Approval): readonly Line[] => {
  if (!("target_id" in approval)) {
    const { min_monthly_saving_usd: saving, is_irreversible: isIrreversible } = approval.bounds;
    return [
      ["Saves at least", saving === undefined ? "" : `${usd(saving)} a month`],
      ["Undo", isIrreversible ? "a part of it can't be taken back" : ""],
    ];
  }
  const { bounds } = approval;
  return [
    ["Pools", bounds.pool_keys.join(", ")],
    [
      "Pays at most",
      bounds.max_hourly_usd === undefined ? "" : `${usd(bounds.max_hourly_usd, 4)} an hour`,
    ],
    [
      "Saves at least",
      bounds.min_savings_percent === undefined ? "" : `${String(bounds.min_savings_percent)} %`,
    ],
    ["Down at most", `${String(bounds.max_downtime_minutes)} min`],
  ];
};

export const approvalLines = (approval: Approval): readonly Line[] => [
  ["Approval", approval.approval_id],
  ["Hash", approval.bounds_hash],
  ["Status", approval.status],
  ["Subject", approval.bounds.subject],
  ["Asked because", approval.because],
  ...approval.bounds.changes.map((change): Line => ["Changes", change]),
  ...limitsOf(approval),
  ["Agreed", `${String(approval.votes.length)} of ${String(approval.needed)}`],
  ["Asked by", approval.asked_by?.name ?? ""],
  ["Expires", timeText(approval.expires_at)],
];

/** Before somebody is asked: on stderr, so that stdout has the answer alone. */
export const noteLines = (print: Print, lines: readonly Line[]): void => {
  const shown = lines.filter(([, text]) => text !== "");
  const width = Math.max(0, ...shown.map(([label]) => label.length));
  print.note(...shown.map(([label, text]) => `${label.padEnd(width)}  ${text}`));
};

/** What was agreed to waits as long as more persons must agree. */
export const printVoted = (print: Print, voted: Voted): Exit => {
  const { approval, started, not_started: notStarted, next_step: nextStep } = voted;
  print.record(voted, [
    ["Approval", approval.approval_id],
    ["Status", approval.status],
    ["Agreed", `${String(approval.votes.length)} of ${String(approval.needed)}`],
    ["Evaluation", started?.evaluation_id ?? ""],
    ["Not started", notStarted ?? ""],
    [
      "Next",
      started === undefined ? (nextStep ?? "") : `spot show ${started.evaluation_id} --watch`,
    ],
  ]);
  return approval.status === "PENDING" ? "AWAITING_APPROVAL" : "DONE";
};
