/**
 * In which order a finding is deleted that persons have agreed to delete. A volume is snapshotted first; an image is disabled for its
 * days; everything is tagged right before it ends, since the role ends nothing else; an address comes alone, and can't come back for certain.
 */
import type { FindingsPlan } from "../approval/findings.ts";
import type {
  WasteAction,
  WasteDeletion,
  WasteFinding,
  WasteKind,
} from "../model/waste/finding.ts";
import { snapshotDaysOf, type WasteSettings } from "../model/waste/settings.ts";
import { disabledDays } from "./images.ts";

const dayMs = 86_400_000;
const hourMs = 3_600_000;

/** Those of kinds that are told alone are empty. */
const stages: Readonly<Record<WasteKind, readonly WasteAction[]>> = {
  FAST_SNAPSHOT_RESTORE: ["DISABLE_FAST_RESTORE"],
  UNATTACHED_VOLUME: ["CREATE_SNAPSHOT", "TAG", "DELETE_VOLUME"],
  OLD_SNAPSHOT: ["TAG", "DELETE_SNAPSHOT"],
  UNUSED_IMAGE: ["DISABLE_IMAGE", "TAG", "DEREGISTER_IMAGE"],
  UNASSOCIATED_ADDRESS: ["TAG", "RELEASE_ADDRESS"],
  IDLE_ADDRESS: [],
  STOPPED_INSTANCE: [],
  IDLE_LOAD_BALANCER: [],
  IDLE_NAT_GATEWAY: [],
};

export const isDeletable = (kind: WasteKind): boolean => stages[kind].length > 0;

export const hasActed = ({ calls }: Pick<WasteDeletion, "calls">, action: WasteAction): boolean =>
  calls.some((call) => call.action === action && call.actedAt !== undefined);

export const isPlanned = ({ calls }: Pick<WasteDeletion, "calls">, action: WasteAction): boolean =>
  calls.some((call) => call.action === action);

/** What is still to be done, up to the next wait: what is tagged is ended in the same breath. */
export const nextActions = (
  kind: WasteKind,
  deletion: Pick<WasteDeletion, "calls">,
): readonly WasteAction[] => {
  const open = stages[kind].filter((action) => !hasActed(deletion, action));
  const [first] = open;
  return first === "CREATE_SNAPSHOT" || first === "DISABLE_IMAGE" ? [first] : open;
};

/** The call that an earlier run may have made, and did not live to note the answer of. */
export const unanswered = (
  kind: WasteKind,
  deletion: Pick<WasteDeletion, "calls">,
): WasteAction | undefined =>
  stages[kind].find((action) => isPlanned(deletion, action) && !hasActed(deletion, action));

/** Persons who must agree, whatever the account's owner says: what can't be undone takes two. */
const approversFor = (kind: WasteKind): 1 | 2 => (kind === "UNASSOCIATED_ADDRESS" ? 2 : 1);

/** Its subject is the resource: a newer question about the same one takes the place of the older. */
const planOf = (
  { findingId, kind, resourceId, effect, monthlyUsd }: WasteFinding,
  snapshotDays: number,
): FindingsPlan => ({
  kind: "DELETE_WASTE",
  subject: resourceId,
  findings: [findingId],
  changes: [
    effect,
    ...(kind === "UNATTACHED_VOLUME"
      ? [`Deletes that snapshot ${String(snapshotDays)} days later, unless something refers to it.`]
      : []),
  ],
  isIrreversible: kind === "UNASSOCIATED_ADDRESS",
  ...(monthlyUsd !== undefined && { monthlySavingUsd: monthlyUsd }),
});

/** What persons are asked about a finding: who has turned the scanner on asks. */
export const questionOf = (finding: WasteFinding, settings: WasteSettings) => {
  const { accountId, region, findingId, kind } = finding;
  const { setBy } = settings;
  return {
    ...{ accountId, region },
    plan: planOf(finding, snapshotDaysOf(settings)),
    by: findingId,
    required: "Nothing is deleted without the consent of persons.",
    atLeast: approversFor(kind),
    ...(setBy !== undefined && { askedBy: setBy }),
  };
};

export type Gate =
  | { readonly kind: "GO" }
  | { readonly kind: "WAIT"; readonly until: string; readonly waitsFor: string }
  /** It stays, and can be asked for again after some days. */
  | { readonly kind: "STOP"; readonly sentence: string };

const go: Gate = { kind: "GO" };

/** The function comes by every five minutes. */
const soonMs = 5 * 60_000;

const later = (now: Date, ms: number, waitsFor: string): Gate => ({
  kind: "WAIT",
  until: new Date(now.getTime() + ms).toISOString(),
  waitsFor,
});

/** @param snapshot as EC2 shows it; undefined: it does not show it yet, or no longer */
export const gateOfSnapshot = (
  snapshot:
    | {
        readonly snapshotId: string;
        readonly state: string;
        readonly stateMessage?: string;
      }
    | undefined,
  now: Date,
): Gate => {
  if (snapshot?.state === "completed") return go;
  if (snapshot?.state !== "error") {
    return later(now, soonMs, "The snapshot is not completed yet.");
  }
  const { snapshotId, stateMessage = "EC2 gives no reason" } = snapshot;
  return {
    kind: "STOP",
    sentence: `The volume stays: its snapshot ${snapshotId} ended in an error (${stateMessage}). See whether its key is enabled.`,
  };
};

/** An image is deregistered so many days after it was disabled. */
export const gateOfImage = ({ calls }: WasteDeletion, now: Date): Gate => {
  const disabledAt = calls.find(({ action }) => action === "DISABLE_IMAGE")?.actedAt;
  if (disabledAt === undefined) return go;
  const dueMs = Date.parse(disabledAt) + disabledDays * dayMs;
  return now.getTime() >= dueMs
    ? go
    : later(now, dueMs - now.getTime(), `It is disabled for ${String(disabledDays)} days first.`);
};

/** Begun: the call may act from now on. One that was begun before keeps its time. */
export const planned = (deletion: WasteDeletion, action: WasteAction, now: Date): WasteDeletion =>
  isPlanned(deletion, action)
    ? deletion
    : { ...deletion, calls: [...deletion.calls, { action, plannedAt: now.toISOString() }] };

export const acted = (
  deletion: WasteDeletion,
  action: WasteAction,
  { now, requestId }: { readonly now: Date; readonly requestId: string },
): WasteDeletion => ({
  ...deletion,
  calls: deletion.calls.map((call) =>
    call.action === action ? { ...call, actedAt: now.toISOString(), requestId } : call,
  ),
});

/** Looked at again in an hour: whether it is gone, and how long the bin keeps it. */
const verifyMs = soonMs;

/** It is ended by the last call; what is left is to see that it is gone, and to end what was made for its undo. */
export const ended = (
  finding: WasteFinding & { readonly deletion: WasteDeletion },
  { now, snapshotDays }: { readonly now: Date; readonly snapshotDays: number },
): WasteFinding => {
  const { waitsFor: _, ...deletion } = finding.deletion;
  const { snapshotId } = deletion;
  const until = new Date(now.getTime() + snapshotDays * dayMs).toISOString();
  return {
    ...finding,
    status: "DELETED",
    deletion: {
      ...deletion,
      deletedAt: now.toISOString(),
      nextAt: new Date(now.getTime() + verifyMs).toISOString(),
      ...(snapshotId !== undefined && { snapshotUntil: until }),
    },
  };
};

/** After so long something that was deleted must no longer be shown. */
const goneWithinMs = hourMs;

/** What is seen of it after its end. */
export interface Aftermath {
  readonly isShown: boolean;
  /** ISO 8601; undefined: it is not in the bin. */
  readonly binExitsAt?: string | undefined;
}

/** Shown still after an hour, it is told; else it waits for its snapshot's end, or is over. */
export const verified = (
  finding: WasteFinding & { readonly deletion: WasteDeletion },
  { isShown, binExitsAt }: Aftermath,
  now: Date,
): WasteFinding => {
  const { deletion } = finding;
  const at = now.toISOString();
  if (isShown) {
    const isLate = now.getTime() - Date.parse(deletion.deletedAt ?? at) > goneWithinMs;
    const waitsFor = isLate
      ? "AWS took the call, and shows it still: see whether somebody has brought it back."
      : "AWS shows it still.";
    const nextAt = new Date(now.getTime() + (isLate ? dayMs : soonMs)).toISOString();
    return { ...finding, deletion: { ...deletion, nextAt, waitsFor } };
  }
  const { waitsFor: _, nextAt: __, ...rest } = deletion;
  const known = { ...rest, ...(binExitsAt !== undefined && { binExitsAt }) };
  const until = deletion.snapshotUntil;
  return until !== undefined && !hasActed(deletion, "DELETE_KEPT_SNAPSHOT")
    ? { ...finding, deletion: { ...known, nextAt: until } }
    : { ...finding, deletion: known, closed: { at, why: "It is deleted." } };
};

/** It costs on as long as the bin and the snapshot keep it. Undefined: nothing keeps it. ISO 8601 */
export const savesFrom = ({ binExitsAt, snapshotUntil }: WasteDeletion): string | undefined =>
  [binExitsAt, snapshotUntil]
    .filter((at) => at !== undefined)
    .toSorted()
    .at(-1);
