/**
 * One invocation of an undo: action by action, as far as it gets. What an action changed is read again after it, or after
 * all of its kind that the plan names with it.
 */
import { listIntents, updateIntent } from "../../adapters/store/intents.ts";
import type { UndoAction, UndoPlan, UndoWait } from "../../core/decide/switch/undo-plan.ts";
import { familyOf, SpotOptimizerError } from "../../core/errors.ts";
import type { EvaluationId } from "../../core/model/ids.ts";
import type { Intent } from "../../core/model/intent.ts";
import type { EvaluationSession } from "./session.ts";
import type { Refusal, Undo } from "./undo.ts";
import type { UndoView } from "./undo-view.ts";
import type { Seen } from "./undo-wait.ts";

/** Plans in one invocation: each takes a second or two with its readings, and the function has 60 s. */
export const maxPlans = 12;

/** Calls in one invocation: those that are made without a reading in between take a fifth of a second each. */
export const maxCalls = 60;

export type WaitingEnd = Pick<UndoWait, "kind" | "sentence" | "takes" | "minutes"> & {
  /** Absent: the next round must read everything. */
  readonly seen?: Seen;
};

/** A plan for which all that it asked for was looked at. */
type Settled<Action extends UndoAction, Part extends string> = Exclude<
  UndoPlan<Action, Part>,
  { readonly kind: "LOOK" }
>;

/** Why the invocation ends. */
type End = Exclude<UndoPlan<never>, { readonly kind: "ACT" | "WAIT" | "LOOK" }> | WaitingEnd;

export interface Undoing {
  readonly end: End;
  readonly refused: readonly Refusal[];
}

export interface Round<
  Session extends EvaluationSession,
  World extends object,
  Action extends UndoAction,
> {
  readonly session: Session;
  readonly undo: Undo<Session, World, Action>;
  readonly view: UndoView<World>;
  readonly refused: Refusal[];
  /** Ids of the actions that were carried out in this invocation. */
  readonly done: Set<string>;
  /** Another evaluation was begun at the subject since. */
  readonly supersededBy?: EvaluationId;
}

const isUndone = ({ status, undoneAt }: Intent): boolean =>
  status === "UNDONE" && undoneAt !== undefined;

/** What an earlier undo has marked, of an earlier batch for instance, stays as it is. */
const markUndone = async (
  { context, evaluation }: EvaluationSession,
  intents: readonly Intent[],
): Promise<void> => {
  for (const { id } of intents.filter((intent) => !isUndone(intent))) {
    await updateIntent(context.table, evaluation.evaluationId, id, (stored) => ({
      ...stored,
      status: "UNDONE",
      undoneAt: stored.undoneAt ?? context.now().toISOString(),
    }));
  }
};

/** What the undo itself decided to keep stays committed. */
const isToBeUndone = ({ status }: Intent): boolean => status !== "COMMITTED";
/** AWS said no to the call, or to us. A record that could not be written says nothing of it: it may be done by now. */
const isRefusal = (error: unknown): error is SpotOptimizerError =>
  error instanceof SpotOptimizerError &&
  familyOf(error) === "Broken" &&
  error.code !== undefined &&
  !error.isOwn;

/** Undefined when it was carried out. Throws what the workflow repeats, and what we do not know. */
const attempt = async (
  { id }: UndoAction,
  carryOut: () => Promise<void>,
): Promise<Refusal | undefined> => {
  try {
    await carryOut();
    return undefined;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { actionId: id, sentence: error.message, error };
  }
};

/** An irreversible action must also be the next one in a world of which all was read right before, and so must the end. */
const planNext = async <
  Session extends EvaluationSession,
  World extends object,
  Action extends UndoAction,
>(
  { undo, view, refused, supersededBy }: Round<Session, World, Action>,
  intents: readonly Intent[],
): Promise<Settled<Action, keyof World & string>> => {
  const known = { intents, refused, ...(supersededBy === undefined ? {} : { supersededBy }) };
  const looked = async (
    plan: UndoPlan<Action, keyof World & string>,
    given: readonly string[] = [],
  ): Promise<Settled<Action, keyof World & string>> => {
    if (plan.kind !== "LOOK") return plan;
    if (plan.at.every((part) => given.includes(part))) {
      throw new Error(`The plan asks again for ${plan.at.join(", ")}, which it was given.`);
    }
    await view.read(plan.at, intents);
    const next = undo.plan({ ...known, world: await view.whole(intents) });
    return looked(next, [...given, ...plan.at]);
  };
  const plan = await looked(undo.plan({ ...known, world: await view.whole(intents) }));
  const isFinal = plan.kind === "DONE" || (plan.kind === "ACT" && undo.isIrreversible(plan.action));
  if (!isFinal || view.isFresh()) return plan;
  return looked(undo.plan({ ...known, world: await view.fresh(intents) }));
};

/** Carries out those that are of one kind. @returns the intents as they are now */
const carryOut = async <
  Session extends EvaluationSession,
  World extends object,
  Action extends UndoAction,
>(
  { session, undo, view, refused, done }: Round<Session, World, Action>,
  intents: readonly Intent[],
  actions: readonly [Action, ...Action[]],
): Promise<readonly Intent[]> => {
  const { context, evaluation } = session;
  for (const action of actions) {
    const refusal = await attempt(action, () => undo.carryOut(session, action));
    if (refusal === undefined) {
      await markUndone(
        session,
        intents.filter(({ id }) => id === action.undoes),
      );
      done.add(action.id);
    } else refused.push(refusal);
  }
  const left = await listIntents(context.table, evaluation.evaluationId);
  if (!undo.leavesRest(actions[0])) view.outdate();
  await view.read(undo.touches(actions[0]), left);
  return left;
};

const waiting = <
  Session extends EvaluationSession,
  World extends object,
  Action extends UndoAction,
>(
  { session, view, refused }: Round<Session, World, Action>,
  { on, isTimed, ...wait }: UndoWait<keyof World & string>,
): WaitingEnd => {
  // What was refused is tried again in the next round, whatever it then sees.
  if (refused.length > 0 || isTimed === true) return wait;
  const wholeAt = session.now.toISOString();
  return { ...wait, seen: { parts: [...on], print: view.printOf(on), takes: wait.takes, wholeAt } };
};

const goesOn: WaitingEnd = { kind: "WAIT", sentence: "The roll-back goes on.", takes: "SECONDS" };

/** Each turn carries out an action or has it refused, so that the plan moves on. */
export const undoWhatCanBe = async <
  Session extends EvaluationSession,
  World extends object,
  Action extends UndoAction,
>(
  round: Round<Session, World, Action>,
  planned: readonly Intent[],
): Promise<Undoing> => {
  const { session, refused, done } = round;
  let intents = planned;
  for (let plans = 0; plans < maxPlans && done.size + refused.length < maxCalls; plans += 1) {
    const plan = await planNext(round, intents);
    if (plan.kind === "DONE") await markUndone(session, intents.filter(isToBeUndone));
    if (plan.kind === "WAIT") return { end: waiting(round, plan), refused };
    if (plan.kind !== "ACT") return { end: plan, refused };
    const { action, alike = [] } = plan;
    const [next, ...others] = [action, ...alike].filter(({ id }) => !done.has(id));
    if (next === undefined) {
      // A reading that is behind: repeating the call at once would tell us nothing new.
      const sentence = `AWS does not show yet what was done: ${action.id}.`;
      return { end: { kind: "WAIT", sentence, takes: "SECONDS" }, refused };
    }
    intents = await carryOut(round, intents, [next, ...others]);
  }
  return { end: goesOn, refused };
};
