/**
 * Says what an undo does next, in words that all modes share. The actions and the planner are the mode's; the loop that
 * reads, plans and acts is shared.
 */
import type { HeldReason } from "../../model/held-reason.ts";
import type { LeftThing } from "../../model/left-thing.ts";

/** One call that undoes something. */
export interface UndoAction {
  /**
   * Names the call with everything that AWS may judge it by: two plans with equal ids ask for the same call, and one
   * that was refused is not tried again.
   */
  readonly id: string;
  /** The intent that is undone once this is carried out, whatever becomes of the others. */
  readonly undoes?: string;
}

export interface RefusedAction {
  readonly actionId: string;
  /** Names the call and AWS's reason. */
  readonly sentence: string;
}

/** How long a wait is likely to last: how often it is worth asking follows from it. */
export const waitLengths = ["SECONDS", "MINUTES", "CHECKS"] as const;
/** CHECKS: EC2's of an instance that has just been started. */
export type WaitLength = (typeof waitLengths)[number];

/** Something is under way or not visible; the caller's deadline decides how long to wait. */
export interface UndoWait<Part extends string = string> {
  readonly kind: "WAIT";
  readonly sentence: string;
  /** Parts of the world that this rests on: while they stay as they are, there is nothing else to do. */
  readonly on: readonly Part[];
  readonly takes: WaitLength;
  /** It is over after a time, too, and planned anew in each round. */
  readonly isTimed?: true;
  /**
   * It may take longer than the undo itself: it, and what follows it, has so many minutes from when it was first waited
   * for. Only for what nobody is waiting for: the original serves with all that is its own.
   */
  readonly minutes?: number;
}

export type UndoPlan<Action extends UndoAction, Part extends string = string> =
  /** All is as it was, and nothing that we created is left but what is named. */
  | { readonly kind: "DONE"; readonly left?: readonly LeftThing[] }
  | {
      readonly kind: "ACT";
      readonly action: Action;
      /** More of the same kind, of which none rests on another: made before anything is read again. */
      readonly alike?: readonly Action[];
    }
  | UndoWait<Part>
  /** These parts are looked at only towards the end; planned again once they are known. */
  | { readonly kind: "LOOK"; readonly at: readonly Part[] }
  /** A person must decide; nothing more is undone. */
  | {
      readonly kind: "NEEDS_OPERATOR";
      readonly sentence: string;
      /** What was made serves and holds the newer writes, or alone can take over: nothing was undone at all. */
      readonly isHeld?: true;
      /** Absent: it serves. */
      readonly heldBecause?: HeldReason;
    };

/** Why AWS refused this very action; undefined when it did not. */
export const refusalOf = (
  refused: readonly RefusedAction[] | undefined,
  { id }: UndoAction,
): string | undefined => refused?.find(({ actionId }) => actionId === id)?.sentence;
