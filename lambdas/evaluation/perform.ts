/**
 * The only way to change something in a customer's account: lease and kill switch are checked again, the intent
 * is written, the call is made, and its request id is recorded by the write that marks the intent.
 */
import { isPlainRefusal, requestIdOf } from "../../adapters/aws/translate-error.ts";
import { appendEffect } from "../../adapters/store/evaluations.ts";
import {
  getIntent,
  noteActed,
  planIntent,
  updateIntent,
  type PlannedIntent,
} from "../../adapters/store/intents.ts";
import { engagedFor } from "../../adapters/store/kill-switch.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import { fenceOf, type Effect } from "../../core/model/evaluation.ts";
import type { Intent, IntentChange } from "../../core/model/intent.ts";
import { holdLease } from "./lease.ts";
import type { DueSession, EvaluationSession } from "./session.ts";

export interface Acted {
  readonly requestId: string;
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

const effectOf = (
  { context }: DueSession,
  { swapId, action, resource }: Pick<Effect, "action" | "resource" | "swapId">,
  { requestId, refusal }: { readonly requestId: string; readonly refusal: string | undefined },
): Effect => ({
  ...(swapId === undefined ? {} : { swapId }),
  action,
  resource,
  at: context.now().toISOString(),
  requestId,
  ...(refusal === undefined ? { outcome: "DONE" } : { outcome: "REFUSED", message: refusal }),
});

/** Makes the call; what AWS answers with an error is in the evaluation's story before it is thrown. */
const callOrTell = async <Result extends Acted>(
  session: DueSession,
  recorded: RecordedCall<Result>,
): Promise<{ readonly result: Result; readonly effect: Effect; readonly refusal?: string }> => {
  const { context, evaluation } = session;
  try {
    const result = await recorded.call();
    const { requestId } = result;
    const refusal = recorded.refused?.(result);
    const effect = effectOf(session, recorded, { requestId, refusal });
    return { result, effect, ...(refusal === undefined ? {} : { refusal }) };
  } catch (error) {
    if (error instanceof SpotOptimizerError) {
      const answer = { requestId: requestIdOf(error), refusal: error.message };
      const effect = effectOf(session, recorded, answer);
      await appendEffect(context.table, evaluation.evaluationId, effect);
    }
    throw error;
  }
};

/** Makes one call, and records it in the evaluation's story whether it was carried out or refused. */
export const recordEffect = async <Result extends Acted>(
  session: DueSession,
  recorded: RecordedCall<Result>,
): Promise<Result> => {
  const { context, evaluation } = session;
  const { result, effect } = await callOrTell(session, recorded);
  await appendEffect(context.table, evaluation.evaluationId, effect);
  return result;
};

/** What AWS refused at once has not acted; anything else may have, and its intent stays as it is. */
const noteRefused = async (
  { context, evaluation }: EvaluationSession,
  { intent, isFirst }: PlannedIntent,
  error: unknown,
): Promise<void> => {
  if (!isFirst || !(error instanceof SpotOptimizerError) || !isPlainRefusal(error)) return;
  await updateIntent(context.table, evaluation.evaluationId, intent.id, (stored) => ({
    ...stored,
    status: "UNDONE",
  }));
};

/**
 * Throws StaleKillSwitch or StaleLease before anything is written; whatever the call throws afterwards, with
 * the intent left PLANNED where the call may have acted.
 */
export const perform = async <Result extends Acted>(
  session: EvaluationSession,
  performance: Performance<Result>,
): Promise<Result> => {
  const { context, evaluation } = session;
  await assertMayAct(session);
  const planned = await planIntent(context.table, evaluation.evaluationId, {
    status: "PLANNED",
    fence: fenceOf(evaluation),
    plannedAt: context.now().toISOString(),
    ...performance.intent,
  });
  const { action, resource, refused } = performance;
  const { swapId } = planned.intent;
  const { result, effect, refusal } = await callOrTell(session, {
    ...(swapId === undefined ? {} : { swapId }),
    action,
    resource,
    call: () => performance.call(planned.intent),
    ...(refused === undefined ? {} : { refused }),
  }).catch(async (error: unknown) => {
    await noteRefused(session, planned, error);
    throw error;
  });
  await noteActed(context.table, planned, effect, (stored) => ({
    ...stored,
    status: refusal === undefined ? "ACTED" : "UNDONE",
    actedAt: context.now().toISOString(),
    change: performance.acted?.(result, stored.change) ?? stored.change,
  }));
  return result;
};

/** The intent once its call is known to have acted; undefined while the call must be made (again). */
export const actedIntent = async (
  { context, evaluation }: EvaluationSession,
  id: string,
): Promise<Intent | undefined> => {
  const intent = await getIntent(context.table, evaluation.evaluationId, id);
  return intent?.status === "ACTED" ? intent : undefined;
};
