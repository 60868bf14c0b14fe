/**
 * Undoes what an evaluation began: reads the world, plans one action, carries it out, and looks again, until nothing is
 * left. What is read, planned and called is the mode's. The kill switch does not stop an undo.
 */
import * as z from "zod";
import { listIntents, updateIntent } from "../../adapters/store/intents.ts";
import {
  type RefusedAction,
  type UndoAction,
  type UndoPlan,
} from "../../core/decide/switch/undo-plan.ts";
import { familyOf, SpotOptimizerError } from "../../core/errors.ts";
import type { Evaluation } from "../../core/model/evaluation.ts";
import type { Intent } from "../../core/model/intent.ts";
import { nameOf } from "../../core/model/subject.ts";
import { acquireLeases } from "./lease.ts";
import type { EvaluationSession } from "./session.ts";

export const undoOutputSchema = z.object({
  kind: z.enum(["UNDONE", "WAITING", "NEEDS_OPERATOR"]),
  summary: z.string(),
});
type UndoOutput = z.infer<typeof undoOutputSchema>;

/** What a mode undoes, and how. */
export interface Undo<Session extends EvaluationSession, World, Action extends UndoAction> {
  /** Name of the phase in the record: waiting counts from its first invocation that came to an end. */
  readonly phase: string;
  /** Waiting for longer than this needs a person. */
  readonly deadlineMinutes: number;
  /** All that the intents name, as it is now. */
  readonly read: (session: Session, intents: readonly Intent[]) => Promise<World>;
  /** Does not plan what was refused; must be the same for the same world. */
  readonly plan: (world: World, refused: readonly RefusedAction[]) => UndoPlan<Action>;
  /** One call, recorded as an effect. Throws what the call throws; nothing is assumed to have happened then. */
  readonly carryOut: (session: Session, action: Action) => Promise<void>;
}

/** AWS's answer to an action that it did not carry out. */
interface Refusal extends RefusedAction {
  /** Its name, code and resource say what would have to change for another answer. */
  readonly error: SpotOptimizerError;
}

export interface Undone {
  readonly output: UndoOutput;
  /** In this invocation. */
  readonly refused: readonly Refusal[];
  /** What is added to the record; absent when there is nothing. */
  readonly change?: <Stored extends Evaluation>(record: Stored) => Stored;
}

/** Calls in one invocation: each takes a second or two with its readings, and the function has 60 s. */
export const maxActions = 12;

/** AWS shows a change of state after seconds; what it still refuses after this, it refuses for a reason. */
export const refusalMinutes = 5;

/** A thing between two states, or not known yet: in a moment AWS may say yes. A missing permission stays missing. */
const mayPass = ({ error }: Refusal): boolean =>
  error.name === "BrokenRequest" || error.name === "BrokenNotFound";

const markUndone = async (
  { context, evaluation }: EvaluationSession,
  intents: readonly Intent[],
): Promise<void> => {
  for (const { id } of intents) {
    await updateIntent(context.table, evaluation.evaluationId, id, (stored) => ({
      ...stored,
      status: "UNDONE",
    }));
  }
};

/** Undefined when it was carried out. Throws what the workflow repeats, and what we do not know. */
const attempt = async (
  { id }: UndoAction,
  carryOut: () => Promise<void>,
): Promise<Refusal | undefined> => {
  try {
    await carryOut();
    return undefined;
  } catch (error) {
    if (!(error instanceof SpotOptimizerError) || familyOf(error) !== "Broken") throw error;
    return { actionId: id, sentence: error.message, error };
  }
};

interface Undoing {
  /** Why the invocation ends. */
  readonly end: Exclude<UndoPlan<never>, { readonly kind: "ACT" }>;
  readonly refused: readonly Refusal[];
}

/** Each turn carries out one action or has it refused, so that the plan moves on. */
const undoWhatCanBe = async <Session extends EvaluationSession, World, Action extends UndoAction>(
  session: Session,
  undo: Undo<Session, World, Action>,
  planned: readonly Intent[],
): Promise<Undoing> => {
  const { context, evaluation } = session;
  const refused: Refusal[] = [];
  let intents = planned;
  for (let actions = 0; actions < maxActions; actions += 1) {
    const plan = undo.plan(await undo.read(session, intents), refused);
    if (plan.kind === "DONE") await markUndone(session, intents);
    if (plan.kind !== "ACT") return { end: plan, refused };
    const { action } = plan;
    const refusal = await attempt(action, () => undo.carryOut(session, action));
    if (refusal === undefined) {
      await markUndone(
        session,
        intents.filter(({ id }) => id === action.undoes),
      );
    } else refused.push(refusal);
    intents = await listIntents(context.table, evaluation.evaluationId);
  }
  return { end: { kind: "WAIT", sentence: "The roll-back goes on." }, refused };
};

const minuteMs = 60_000;

/** Since the first invocation that came to an end. */
const waitedMinutes = ({ evaluation, now }: EvaluationSession, phase: string): number => {
  const begun = evaluation.phases.find(({ name }) => name === phase)?.startedAt;
  return (now.getTime() - Date.parse(begun ?? now.toISOString())) / minuteMs;
};

const needsOperator = (sentence: string): Undone => ({
  output: { kind: "NEEDS_OPERATOR", summary: sentence },
  refused: [],
  change: (record) => ({ ...record, rollbackProblem: sentence }),
});

/** What the loop needs to know of a mode's undo to say how long it may last. */
type Limits = Pick<Undo<never, never, never>, "phase" | "deadlineMinutes">;

const stillWaiting = (
  session: EvaluationSession,
  { phase, deadlineMinutes }: Limits,
  sentence: string,
): Undone =>
  waitedMinutes(session, phase) > deadlineMinutes
    ? needsOperator(`${sentence} Waited ${String(deadlineMinutes)} minutes for it.`)
    : { output: { kind: "WAITING", summary: sentence }, refused: [] };

const settle = (session: EvaluationSession, limits: Limits, { end, refused }: Undoing): Undone => {
  switch (end.kind) {
    case "DONE": {
      const summary = `${nameOf(session.evaluation.subject)} is as it was; nothing that we created is left.`;
      return { output: { kind: "UNDONE", summary }, refused };
    }
    case "WAIT":
      return { ...stillWaiting(session, limits, end.sentence), refused };
    case "NEEDS_OPERATOR": {
      const isEarly = waitedMinutes(session, limits.phase) < refusalMinutes;
      const isPassing = isEarly && refused.some(mayPass);
      return {
        ...(isPassing ? stillWaiting(session, limits, end.sentence) : needsOperator(end.sentence)),
        refused,
      };
    }
  }
};

/**
 * As far as one invocation gets. Waits while another evaluation works on the subject: two at once must not, and that
 * one ends soon. Throws what the workflow repeats.
 */
export const undoUntilDone = async <
  Session extends EvaluationSession,
  World,
  Action extends UndoAction,
>(
  session: Session,
  undo: Undo<Session, World, Action>,
): Promise<Undone> => {
  const { context, evaluation } = session;
  const { evaluationId: owner, subject } = evaluation;
  const intents = await listIntents(context.table, owner);
  if (intents.length === 0) return settle(session, undo, { end: { kind: "DONE" }, refused: [] });
  const held = await acquireLeases(context.table, { subject, owner, now: context.now() });
  if (held.kind === "BUSY") {
    const sentence = `Evaluation ${held.owner} holds ${nameOf(subject)} by now.`;
    return stillWaiting(session, undo, sentence);
  }
  const undone = settle(session, undo, await undoWhatCanBe(session, undo, intents));
  // Another may have had the leases in between: they are released under the numbers that hold now.
  const { leases } = held;
  return {
    ...undone,
    change: (record) => ({ ...(undone.change?.(record) ?? record), leases }),
  };
};
