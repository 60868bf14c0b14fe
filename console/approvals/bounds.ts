/** What a person is asked to agree to, in words: subject, bounds, and how it stands. */
import type { Schemas } from "../api/types.ts";
import { hourlyUsd, monthlyUsd } from "../format.ts";
import { marks } from "../ui/marks.ts";
import type { StatusMark } from "../ui/status.tsx";

export type Approval = Schemas["Approval"];
export type ApprovalStatus = Approval["status"];
type Kind = Approval["kind"];

export const kindWords: Readonly<Record<Kind, string>> = {
  SWITCH: "Switch",
  FALL_BACK: "Fall back",
  MOVE: "Move",
  DELETE_WASTE: "Delete waste",
  STOP_INSTANCES: "Stop instances",
  TERMINATE_INSTANCES: "Terminate instances",
};

export const approvalMarks: Readonly<Record<ApprovalStatus, StatusMark>> = {
  PENDING: marks.awaitingApproval,
  APPROVED: { word: "Approved", icon: "done", tone: "good" },
  CONSUMED: { word: "Used", icon: "done", tone: "idle" },
  REJECTED: { word: "Rejected", icon: "slashed", tone: "idle" },
  SUPERSEDED: { word: "Superseded", icon: "swap", tone: "idle" },
  EXPIRED: { word: "Expired", icon: "clock", tone: "idle" },
  VOID: { word: "Void", icon: "cross", tone: "idle" },
};

/** `us-east-1#use1-az4#m6a.large#Linux/UNIX` → `m6a.large in use1-az4 (Linux/UNIX)` */
const poolText = (key: string): string => {
  const [, zone, type, product] = key.split("#");
  return zone === undefined || type === undefined || product === undefined
    ? key
    : `${type} in ${zone} (${product})`;
};

/** Each bound as its name and its value; what is not bounded is not listed. */
export const limitsOf = (approval: Approval): readonly (readonly [string, string])[] => {
  if (!("target_id" in approval)) {
    const { min_monthly_saving_usd: saving } = approval.bounds;
    return saving === undefined ? [] : [["Saves at least", `${monthlyUsd(saving)} a month`]];
  }
  const { bounds } = approval;
  const { max_hourly_usd: price, min_savings_percent: saving } = bounds;
  return [
    ["Pools", bounds.pool_keys.map(poolText).join(", ")],
    ...(price === undefined ? [] : [["Pays at most", `${hourlyUsd(price)} an hour`] as const]),
    ...(saving === undefined ? [] : [["Saves at least", `${String(saving)} %`] as const]),
    ["Down at most", `${String(bounds.max_downtime_minutes)} min`],
  ];
};

const counted = (count: number, name: string): string =>
  `${String(count)} ${name}${count === 1 ? "" : "s"}`;

const shortLimits = (approval: Approval): readonly string[] => {
  if (!("target_id" in approval)) {
    const { min_monthly_saving_usd: saving } = approval.bounds;
    return saving === undefined ? [] : [`saves ≥ ${monthlyUsd(saving)} a month`];
  }
  const { max_hourly_usd: price, min_savings_percent: saving } = approval.bounds;
  return [
    ...(price === undefined ? [] : [`≤ ${hourlyUsd(price)} an hour`]),
    ...(saving === undefined ? [] : [`saves ≥ ${String(saving)} %`]),
    `down ≤ ${String(approval.bounds.max_downtime_minutes)} min`,
  ];
};

/** On one line, for the list: `3 pools, ≤ $0.0275 an hour, down ≤ 15 min`. */
export const boundsLine = (approval: Approval): string => {
  const what =
    "target_id" in approval
      ? counted(approval.bounds.pool_keys.length, "pool")
      : counted(approval.findings.length, "finding");
  return [what, ...shortLimits(approval)].join(", ");
};

/** What has been decided can no longer be decided; an approved one can still be rejected until something has begun with it. */
export const mayReject = ({ status }: Approval): boolean =>
  status === "PENDING" || status === "APPROVED";

export const mayApprove = ({ status }: Approval): boolean => status === "PENDING";

/** `1 of 2` */
export const agreedText = ({ votes, needed }: Approval): string =>
  `${String(votes.length)} of ${String(needed)}`;

/** What comes next once somebody has agreed. */
export const votedSentence = (voted: Schemas["Voted"]): string => {
  const { approval, started, not_started: notStarted, next_step: next } = voted;
  if (approval.status === "PENDING")
    return `Agreed: ${agreedText(approval)}. The others are waited for.`;
  if (started !== undefined) return "Agreed. An evaluation judges again within the bounds.";
  return `Agreed. ${notStarted ?? next ?? ""}`.trim();
};
