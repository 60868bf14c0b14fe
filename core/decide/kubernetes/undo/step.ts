/** What is found out about one part of an undo, and the words for it. */
import type { Intent, IntentKind, ChangeOf } from "../../../model/intent.ts";
import { isOpenIntent } from "../../switch/outcome.ts";
import { refusalOf, type UndoPlan, type UndoWait } from "../../switch/undo-plan.ts";
import type { KubernetesUndoAction, KubernetesUndoInput, KubernetesUndoPart } from "./world.ts";

/** Undefined: nothing of it is left to undo. */
export type Next =
  | Exclude<UndoPlan<KubernetesUndoAction, KubernetesUndoPart>, { readonly kind: "DONE" }>
  | undefined;

export type Open<Kind extends IntentKind> = Intent & { readonly change: ChangeOf<Kind> };

export const openOf = <Kind extends IntentKind>(
  intents: readonly Intent[],
  kind: Kind,
): readonly Open<Kind>[] =>
  intents.filter(
    (intent): intent is Open<Kind> => intent.change.kind === kind && isOpenIntent(intent),
  );

export const act = (action: KubernetesUndoAction): Next => ({ kind: "ACT", action });

export const wait = (
  sentence: string,
  on: readonly KubernetesUndoPart[],
  takes: UndoWait["takes"] = "SECONDS",
): Next => ({ kind: "WAIT", sentence, on, takes });

/** What AWS or the cluster has refused is not asked again in this round. */
export const unlessRefused = (
  { refused }: Pick<KubernetesUndoInput, "refused">,
  next: Next,
): Next =>
  next?.kind === "ACT" && refusalOf(refused, next.action) !== undefined ? undefined : next;

export const toOperator = (sentence: string): Next => ({ kind: "NEEDS_OPERATOR", sentence });

export const noted = (
  { id }: Pick<Intent, "id">,
  sentence: string,
  more: { readonly isTheirs?: true; readonly desiredMet?: number } = {},
): Next => act({ kind: "NOTE_RESTORED", id: `NOTE_RESTORED ${id}`, undoes: id, sentence, ...more });

/** A call whose answer is not known shows within this time: a server gives a request up after a minute, and a group is behind by seconds. */
const showsWithinMs = 2 * 60_000;

/** Whether it acted may not be visible yet. */
export const mayShow = ({ status, plannedAt }: Intent, now: string): boolean =>
  status === "PLANNED" && Date.parse(now) - Date.parse(plannedAt) < showsWithinMs;
