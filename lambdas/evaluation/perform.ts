/**
 * The only way to change something in a customer's account: lease and kill switch are checked again, the intent is written
 * with the call as one of which nothing is known, the call is made, and its answer is noted by the write that marks the intent.
 */
import {
  actionOf,
  requestIdOf,
  unknownRequestId,
  wasRefused,
} from "../../adapters/aws/translate-error.ts";
import { answerEffect, appendEffect } from "../../adapters/store/evaluations.ts";
import {
  getIntent,
  noteAnswer,
  planCall,
  type PlannedIntent,
} from "../../adapters/store/intents.ts";
import { engagedFor } from "../../adapters/store/kill-switch.ts";
import { familyOf, SpotOptimizerError } from "../../core/errors.ts";
import { fenceOf, type Effect } from "../../core/model/evaluation.ts";
import type { Intent, IntentChange } from "../../core/model/intent.ts";
import { holdLease } from "./lease.ts";
import type { DueSession, EvaluationSession } from "./session.ts";

export interface Acted {
  readonly requestId: string;
  /** AWS refused the call, for what it is to do was found done: the intent has acted, this call has not. */
  readonly doneBefore?: string;
}

export interface Performance<Result extends Acted> {
  readonly intent: Pick<Intent, "id" | "change" | "swapId" | "before" | "callDigest">;
  /** API action, for instance `RunInstances`. */
  readonly action: string;
  readonly resource: string;
  /** Makes the call; is given the intent as stored, which an earlier attempt may have written. */
  readonly call: (intent: Intent) => Promise<Result>;
  /** What the call made, to be noted in the intent. */
  readonly acted?: (result: Result, change: IntentChange) => IntentChange;
  /** The API's answer was a refusal (capacity, quota): nothing was changed, nothing is to be undone. */
  readonly refused?: (result: Result) => string | undefined;
}

/** Throws StaleKillSwitch while the switch is on, or the account is disabled. */
export const assertNotStopped = async (session: DueSession): Promise<void> => {
  const { context, evaluation } = session;
  const stopped = await engagedFor(context.table, evaluation.accountId);
  const nextStep = "Lift it, then evaluate again.";
  if (stopped !== undefined) {
    throw new SpotOptimizerError("StaleKillSwitch", `The kill switch is on: ${stopped.reason}`, {
      resource: evaluation.accountId,
      nextStep,
    });
  }
  const account = await session.account();
  if (account.status === "DISABLED") {
    throw new SpotOptimizerError(
      "StaleKillSwitch",
      `Account ${account.accountId} was disabled meanwhile.`,
      { resource: account.accountId, nextStep },
    );
  }
};

const assertMayAct = async (session: EvaluationSession): Promise<void> => {
  const { evaluation } = session;
  if (evaluation.isShadowMode) {
    throw new SpotOptimizerError(
      "BrokenRequest",
      `Evaluation ${evaluation.evaluationId} is in shadow mode and must not change anything.`,
    );
  }
  await assertNotStopped(session);
  await holdLease(session);
};

export interface RecordedCall<Result extends Acted> extends Pick<
  Effect,
  "action" | "resource" | "swapId"
> {
  readonly call: () => Promise<Result>;
  /** The API's answer was a refusal (capacity, quota): its message. */
  readonly refused?: (result: Result) => string | undefined;
}

/** Written before the call: whatever becomes of this function, the record says that it may have been made. */
const callOf = (
  { context }: DueSession,
  { swapId, action, resource }: Pick<Effect, "action" | "resource" | "swapId">,
): Effect => ({
  ...(swapId === undefined ? {} : { swapId }),
  action,
  resource,
  at: context.now().toISOString(),
  requestId: unknownRequestId,
  outcome: "UNKNOWN",
  message: "No answer was noted.",
});

const refusedWith = (call: Effect, requestId: string, message: string): Effect => ({
  ...call,
  requestId,
  outcome: "REFUSED",
  message,
});

const doneWith = ({ message: _unanswered, ...call }: Effect, requestId: string): Effect => ({
  ...call,
  requestId,
  outcome: "DONE",
});

/** What the error says of the call; undefined where nobody knows what it says. */
const answerIn = (call: Effect, error: unknown): Effect | undefined => {
  if (!(error instanceof SpotOptimizerError)) return undefined;
  const { message } = error;
  // What was read around the call, to find out what its own answer meant, says nothing of it.
  if ((actionOf(error) ?? call.action) !== call.action) return { ...call, message };
  const requestId = requestIdOf(error);
  return wasRefused(error)
    ? refusedWith(call, requestId, message)
    : { ...call, requestId, message };
};

/** The same answer, to the call of another part. */
const answeredAs = (
  { message: _unanswered, ...call }: Effect,
  { requestId, outcome, message }: Effect,
): Effect => ({ ...call, requestId, outcome, ...(message === undefined ? {} : { message }) });

type Called<Result> = {
  readonly result: Result;
  readonly effect: Effect;
  readonly refusal?: string;
};

/** Makes the call; what is known of its answer is noted before an error is thrown. */
const callOrTell = async <Result extends Acted>(
  call: Effect,
  { call: make, refused }: Pick<RecordedCall<Result>, "call" | "refused">,
  note: (answered: Effect, error: unknown) => Promise<void>,
): Promise<Called<Result>> => {
  let result: Result;
  try {
    result = await make();
  } catch (error) {
    const answered = answerIn(call, error);
    if (answered !== undefined) await note(answered, error);
    throw error;
  }
  const { requestId, doneBefore } = result;
  const refusal = refused?.(result);
  const words = refusal ?? doneBefore;
  return {
    result,
    effect: words === undefined ? doneWith(call, requestId) : refusedWith(call, requestId, words),
    ...(refusal === undefined ? {} : { refusal }),
  };
};

/** Makes one call, and records it in the evaluation's story whether it was carried out or refused, or nobody knows. */
export const recordEffect = async <Result extends Acted>(
  session: DueSession,
  recorded: RecordedCall<Result>,
): Promise<Result> => {
  const { context, evaluation } = session;
  const call = callOf(session, recorded);
  const written = await appendEffect(context.table, evaluation.evaluationId, call);
  const note = (answered: Effect): Promise<void> => answerEffect(context.table, written, answered);
  const { result, effect } = await callOrTell(call, recorded, note);
  await note(effect);
  return result;
};

/** What one call is to do: an intent, and the resource that its effect names. */
type Part = Pick<Performance<Acted>, "intent" | "resource">;

interface PlannedPart {
  readonly planned: PlannedIntent;
  /** As one of which nothing is known. */
  readonly call: Effect;
}

const planPart = async (
  session: EvaluationSession,
  action: string,
  { intent: wanted, resource }: Part,
): Promise<PlannedPart> => {
  const { context, evaluation } = session;
  const { swapId } = wanted;
  const call = callOf(session, { action, resource, ...(swapId === undefined ? {} : { swapId }) });
  const intent: Intent = {
    status: "PLANNED",
    fence: fenceOf(evaluation),
    plannedAt: context.now().toISOString(),
    ...wanted,
  };
  const planned = await planCall(context.table, evaluation.evaluationId, { intent, effect: call });
  return { planned, call };
};

/** Makes the call, and notes its answer with each of its parts. */
const callFor = async <Result extends Acted>(
  { context }: EvaluationSession,
  [first, ...others]: readonly [PlannedPart, ...PlannedPart[]],
  { call, refused, acted }: Pick<Performance<Result>, "call" | "refused" | "acted">,
): Promise<Result> => {
  const parts = [first, ...others];
  /** The same answer for each, with what it names itself. */
  const noteWith = async (
    answered: Effect,
    change: (stored: Intent, part: PlannedPart) => Intent,
  ): Promise<void> => {
    for (const part of parts) {
      await noteAnswer(context.table, part.planned, answeredAs(part.call, answered), (stored) =>
        change(stored, part),
      );
    }
  };
  const made = {
    call: () => call(first.planned.intent),
    ...(refused === undefined ? {} : { refused }),
  };
  const { result, effect, refusal } = await callOrTell(first.call, made, (answered, error) =>
    noteWith(answered, (stored, { planned }) => {
      // What AWS refused at once has not acted; anything else may have, and its intent stays as it is.
      const isOver =
        planned.isFirst && answered.outcome === "REFUSED" && familyOf(error) === "Broken";
      return isOver ? { ...stored, status: "UNDONE" } : stored;
    }),
  );
  await noteWith(effect, (stored) => ({
    ...stored,
    status: refusal === undefined ? "ACTED" : "UNDONE",
    actedAt: context.now().toISOString(),
    change: acted?.(result, stored.change) ?? stored.change,
  }));
  return result;
};

/**
 * Throws StaleKillSwitch or StaleLease before anything is written; whatever the call throws afterwards, with
 * the intent left PLANNED where the call may have acted.
 */
export const perform = async <Result extends Acted>(
  session: EvaluationSession,
  performance: Performance<Result>,
): Promise<Result> => {
  await assertMayAct(session);
  return callFor(session, [await planPart(session, performance.action, performance)], performance);
};

/**
 * One call for several intents, which AWS carries out as a whole or not at all: each is written before the call, and each has the answer. Throws
 * as `perform`.
 */
export const performTogether = async <Result extends Acted>(
  session: EvaluationSession,
  performance: Pick<Performance<Result>, "action" | "refused"> & {
    readonly parts: readonly [Part, ...Part[]];
    readonly call: () => Promise<Result>;
  },
): Promise<Result> => {
  await assertMayAct(session);
  const { action, parts } = performance;
  const [first, ...others] = parts;
  const planned: [PlannedPart, ...PlannedPart[]] = [await planPart(session, action, first)];
  for (const part of others) planned.push(await planPart(session, action, part));
  return callFor(session, planned, performance);
};

/** The intent once its call is known to have acted; undefined while the call must be made (again). */
export const actedIntent = async (
  { context, evaluation }: EvaluationSession,
  id: string,
): Promise<Intent | undefined> => {
  const intent = await getIntent(context.table, evaluation.evaluationId, id);
  return intent?.status === "ACTED" ? intent : undefined;
};
