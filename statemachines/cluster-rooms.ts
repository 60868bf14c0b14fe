/**
 * The rooms through which each batch of a group goes, whatever the strategy: plan, surplus, verify, remove, restore. A strategy furnishes
 * them; that nothing leaves before what takes over serves, and that no batch begins before the group is restored, is said here
 * (docs/decisions/0027).
 */
import type { States } from "./chapters.ts";

/** By what came of a room: the state that is next. */
export type Exits<Ending extends string> = Readonly<Record<Ending, string>>;

interface Room<Ending extends string> {
  /** The first of its states. */
  readonly entrance: string;
  /** In the order of execution. */
  readonly states: (exits: Exits<Ending>) => States;
}

export interface Strategy {
  /** Which members are next, on a group that is as its owner has it. DONE: none. */
  readonly plan: Room<"BATCH" | "DONE">;
  /** Capacity beside them comes into the group. NONE: for none of them, and what was begun is to be undone. */
  readonly surplus: Room<"MADE" | "NONE">;
  /** It serves as members do: in service, healthy everywhere, warmed up. NONE: as above. */
  readonly verify: Room<"SERVING" | "NONE">;
  /** As many originals leave as serve beside them, and as are not asked for by their owner since. */
  readonly remove: Room<"REMOVED">;
  /** What failed is undone, each by itself, and what we set is set back. */
  readonly restore: Room<"NEXT" | "NEEDS_OPERATOR">;
}

/** Of the chapter `ending`. */
const recording = "Record outcome";

export const batchIn = ({ plan, surplus, verify, remove, restore }: Strategy): States => ({
  ...plan.states({ BATCH: surplus.entrance, DONE: recording }),
  ...surplus.states({ MADE: verify.entrance, NONE: restore.entrance }),
  ...verify.states({ SERVING: remove.entrance, NONE: restore.entrance }),
  ...remove.states({ REMOVED: restore.entrance }),
  ...restore.states({ NEXT: plan.entrance, NEEDS_OPERATOR: recording }),
});
