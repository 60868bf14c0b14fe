/** What is found out about one pair of an undo, and the words for it. */
import type { Intent } from "../../../model/intent.ts";
import type { UndoWait } from "../../switch/undo-plan.ts";
import type { ClusterUndoAction, UndoPart } from "./world.ts";

export type PairUndo =
  | { readonly kind: "ACT"; readonly action: ClusterUndoAction }
  | UndoWait<UndoPart>
  /** Nothing of it is left to undo. */
  | { readonly kind: "UNDONE" };

export const undone: PairUndo = { kind: "UNDONE" };
export const act = (action: ClusterUndoAction): PairUndo => ({ kind: "ACT", action });

export const wait = (
  sentence: string,
  on: readonly UndoPart[],
  takes: UndoWait["takes"] = "SECONDS",
): PairUndo => ({ kind: "WAIT", sentence, on, takes });

export const keep = (swapId: string, sentence: string): PairUndo =>
  act({ kind: "KEEP_PAIR", id: `KEEP_PAIR ${swapId}`, swapId, sentence });

/** Of one swap, those that are neither undone nor committed. */
export interface OpenPair {
  readonly swapId: string;
  readonly intents: readonly Intent[];
}

/** A call whose answer is not known shows in the group within this time. */
export const showsWithinMs = 2 * 60_000;
