/**
 * Says what an undo does next, in words that all modes share. The actions and the planner are the mode's; the loop that
 * reads, plans and acts is shared.
 */

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

export type UndoPlan<Action extends UndoAction> =
  /** Nothing that we created is left, and all is as it was. */
  | { readonly kind: "DONE" }
  | { readonly kind: "ACT"; readonly action: Action }
  /** Something is under way or not visible; the caller's deadline decides how long to wait. */
  | { readonly kind: "WAIT"; readonly sentence: string }
  /** A person must decide; nothing more is undone. */
  | { readonly kind: "NEEDS_OPERATOR"; readonly sentence: string };

/** Why AWS refused this very action; undefined when it did not. */
export const refusalOf = (
  refused: readonly RefusedAction[] | undefined,
  { id }: UndoAction,
): string | undefined => refused?.find(({ actionId }) => actionId === id)?.sentence;
