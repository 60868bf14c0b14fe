/** What a mode says of its undo to the loop that is shared: how the world is read, what is planned, and how it is called. */
import type { RefusedAction, UndoAction, UndoPlan } from "../../core/decide/switch/undo-plan.ts";
import type { SpotOptimizerError } from "../../core/errors.ts";
import type { EvaluationId } from "../../core/model/ids.ts";
import type { Intent } from "../../core/model/intent.ts";
import type { EvaluationSession } from "./session.ts";
import type { PartReaders } from "./undo-view.ts";

/** What is planned from. */
export interface UndoState<World> {
  readonly world: World;
  readonly intents: readonly Intent[];
  readonly refused: readonly RefusedAction[];
  /** Another evaluation was begun at the subject since: what is not this one's own is that one's. Absent: none was. */
  readonly supersededBy?: EvaluationId;
}

/** What a mode undoes, and how. `World` has a member for each part that is read on its own. */
export interface Undo<
  Session extends EvaluationSession,
  World extends object,
  Action extends UndoAction,
> {
  /** Name of the phase in the record: waiting counts from its first invocation that came to an end. */
  readonly phase: string;
  /** From 1, where the workflow comes by once for each batch. */
  readonly round?: number;
  /** Waiting for longer than this needs a person. */
  readonly deadlineMinutes: number;
  /** For all that the intents name, as it is now. Made anew for each invocation. */
  readonly readers: (session: Session) => PartReaders<World>;
  /** Parts that are read only when the plan asks to look at them. */
  readonly onDemand?: readonly (keyof World & string)[];
  /** Parts that look different once the action is carried out. */
  readonly touches: (action: Action) => readonly (keyof World & string)[];
  /** Nothing brings back what it ends: it is planned on a world of which all was read right before. */
  readonly isIrreversible: (action: Action) => boolean;
  /** All that it changes is in the parts that it touches: what else was read a moment ago is still so. */
  readonly leavesRest: (action: Action) => boolean;
  /** Does not plan what was refused; must be the same for the same state. */
  readonly plan: (state: UndoState<World>) => UndoPlan<Action, keyof World & string>;
  /** One call, recorded as an effect. Throws what the call throws; nothing is assumed to have happened then. */
  readonly carryOut: (session: Session, action: Action) => Promise<void>;
}

/** AWS's answer to an action that it did not carry out. */
export interface Refusal extends RefusedAction {
  /** Its name, code and resource say what would have to change for another answer. */
  readonly error: SpotOptimizerError;
}
