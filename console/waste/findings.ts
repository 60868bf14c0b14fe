/** Findings of waste in words: how they stand, and the question before one is deleted. */
import type { Schemas } from "../api/types.ts";
import { monthlyUsd } from "../format.ts";
import type { StatusMark } from "../ui/status.tsx";

export type WasteFinding = Schemas["WasteFinding"];
export type WasteStatus = WasteFinding["status"];
type Kind = WasteFinding["kind"];

export const wasteMarks: Readonly<Record<WasteStatus, StatusMark>> = {
  OFFERED: { word: "To be decided", icon: "clock", tone: "hold" },
  REPORTED: { word: "Reported", icon: "dots", tone: "idle" },
  SEEN: { word: "Watched", icon: "halfDisc", tone: "idle" },
  KEPT: { word: "Kept", icon: "equals", tone: "idle" },
  DELETING: { word: "Deleting", icon: "running", tone: "run" },
  DELETED: { word: "Deleted", icon: "done", tone: "good" },
  DISMISSED: { word: "Stays", icon: "slashed", tone: "idle" },
  CLOSED: { word: "No longer waste", icon: "cross", tone: "idle" },
};

export const kindWords: Readonly<Record<Kind, string>> = {
  FAST_SNAPSHOT_RESTORE: "Fast snapshot restore",
  UNATTACHED_VOLUME: "Unattached volume",
  OLD_SNAPSHOT: "Old snapshot",
  UNUSED_IMAGE: "Unused image",
  UNASSOCIATED_ADDRESS: "Unassociated address",
  IDLE_ADDRESS: "Idle address",
  STOPPED_INSTANCE: "Stopped instance",
  IDLE_LOAD_BALANCER: "Idle load balancer",
  IDLE_NAT_GATEWAY: "Idle NAT gateway",
};

/** What is done to it once persons have agreed. Those that are only reported are never offered. */
const verbs: Readonly<Partial<Record<Kind, string>>> = {
  FAST_SNAPSHOT_RESTORE: "Turn off",
  UNUSED_IMAGE: "Deregister",
  UNASSOCIATED_ADDRESS: "Release",
};

export const verbOf = ({ kind }: Pick<WasteFinding, "kind">): string => verbs[kind] ?? "Delete";

/** `Delete vol-… ($8.00 a month)?` */
export const questionOf = (
  finding: Pick<WasteFinding, "kind" | "monthly_usd" | "resource_id">,
): string => {
  const { resource_id: id, monthly_usd: cost } = finding;
  const price = cost === undefined ? "" : ` (${monthlyUsd(cost)} a month)`;
  return `${verbOf(finding)} ${id}${price}?`;
};

/** `In all $120.00 a month, and 2 without a price`. Empty: the page does not tell it. */
export const totalText = (total: Schemas["WasteFindingPage"]["total"]): string => {
  if (total === undefined) return "";
  const { findings, monthly_usd: cost, unpriced } = total;
  const rest = unpriced === 0 ? "" : `, and ${String(unpriced)} without a price`;
  return `${String(findings)} in all: ${monthlyUsd(cost)} a month${rest}`;
};

const dismissable: ReadonlySet<WasteStatus> = new Set([
  "SEEN",
  "KEPT",
  "OFFERED",
  "REPORTED",
  "DISMISSED",
]);

/** What still stands and is not being deleted. */
export const mayDismiss = ({ status }: Pick<WasteFinding, "status">): boolean =>
  dismissable.has(status);

/** `2 persons` */
export const approversText = (needed: number | undefined): string | undefined =>
  needed === undefined ? undefined : `${String(needed)} person${needed === 1 ? "" : "s"}`;
