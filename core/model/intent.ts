/**
 * What is about to be changed in the customer's account, and what is needed to undo it. Written before the
 * call. `id` is deterministic, so that a retried step finds its own intent instead of writing a second one. Each family of
 * changes has a file of its own in intents/.
 */
import type { Effect } from "./evaluation.ts";
import type { IntentBase } from "./intents/base.ts";
import type { CommandChange } from "./intents/command.ts";
import { settingKinds, type GroupChange, type SettingKind } from "./intents/group.ts";
import type { InstanceChange } from "./intents/instance.ts";
import { markKinds, type MarkKind, type NodeChange } from "./intents/node.ts";

/** The changes of all families. */
export type IntentChange = InstanceChange | GroupChange | NodeChange | CommandChange;

export type Intent = IntentBase & { readonly change: IntentChange };

/** An intent with the calls that were made for it, in their order. */
export interface IntentWithCalls {
  readonly intent: Intent;
  readonly effects: readonly Effect[];
}

/** All calls of an evaluation that were to change something. */
export interface RecordedCalls {
  readonly intents: readonly IntentWithCalls[];
  /** Those of a roll-back and of the janitor: they undo or end what others had planned. */
  readonly alone: readonly Effect[];
}

export type IntentKind = IntentChange["kind"];
export type ChangeOf<Kind extends IntentKind> = Extract<IntentChange, { readonly kind: Kind }>;

/** Those that the janitor carries out, once committed and due. */
type DatedChange = Extract<IntentChange, { readonly dueAt: string }>;

/** Those that the janitor carries out. */
export type DueKind = DatedChange["kind"] | SettingKind | MarkKind;

export const isSettingChange = (change: IntentChange): change is ChangeOf<SettingKind> =>
  settingKinds.some((kind) => kind === change.kind);

export const isMarkChange = (change: IntentChange): change is ChangeOf<MarkKind> =>
  markKinds.some((kind) => kind === change.kind);

/**
 * An evaluation that lives puts a setting or a mark back itself, and renews its lease every few minutes; the janitor leaves alone what it holds. One that died has
 * lost its lease (15 minutes) by then. A refresh waits an hour for protected members and fails then: found well before.
 * Source: Auto Scaling API, RefreshPreferences, ScaleInProtectedInstances.
 */
const abandonedAfterMs = 20 * 60_000;

/** Since when the janitor is to look at it, ISO 8601; undefined: it is not his. */
export const dueTimeOf = ({ change, status, plannedAt }: Intent): string | undefined => {
  const isOpen = status === "PLANNED" || status === "ACTED";
  const isLeft =
    (isSettingChange(change) && (isOpen || status === "COMMITTED")) ||
    (isMarkChange(change) && isOpen);
  if (isLeft) return new Date(Date.parse(plannedAt) + abandonedAfterMs).toISOString();
  return status === "COMMITTED" && "dueAt" in change ? change.dueAt : undefined;
};

/** The changes of one kind, in the order planned. */
export const changesOf = <Kind extends IntentKind>(
  intents: readonly Intent[],
  kind: Kind,
): readonly ChangeOf<Kind>[] =>
  intents
    .map((intent) => intent.change)
    .filter((change): change is ChangeOf<Kind> => change.kind === kind);
