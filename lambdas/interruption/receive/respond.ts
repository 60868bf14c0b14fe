/**
 * Answers what is told of the end of an instance: finds the target that it serves, by the inventory, and starts the response of that target's
 * mode. What is started reads the world itself, so that an event which is wrong, late or told twice changes nothing.
 */
import { loadEvaluation, type StoredEvaluation } from "../../../adapters/store/evaluations.ts";
import { getTarget } from "../../../adapters/store/targets.ts";
import type { Account } from "../../../core/model/account.ts";
import { eventStarter } from "../../../core/model/evaluation.ts";
import { isRecovery, isResponse } from "../../../core/model/evaluation-kind.ts";
import { evaluationIdSchema } from "../../../core/model/ids.ts";
import type { SpotEventOf } from "../../../core/model/spot-event.ts";
import type { SpotInstance } from "../../../core/model/spot-instance.ts";
import type { Target } from "../../../core/model/target.ts";
import { startResponse, type ResponseStart } from "../../evaluation/respond.ts";
import type { StartContext } from "../../evaluation/start.ts";
import { isOver } from "../../evaluation/swap-changes.ts";
import type { Log } from "../../runtime/log.ts";

export type EndEvent = SpotEventOf<"INTERRUPTION_WARNING"> | SpotEventOf<"STATE_CHANGE">;

export type Responded =
  | Exclude<ResponseStart["kind"], "BUSY">
  /** Disconnected, or disabled. */
  | "UNKNOWN_ACCOUNT"
  /** The inventory does not know it: no evaluation has launched it, and no sweep has seen it. */
  | "UNKNOWN_INSTANCE"
  /** It serves no target that is registered. */
  | "NO_TARGET"
  /** The recovery of that target goes on. */
  | "ALREADY_ANSWERED"
  /** Another evaluation of that target goes on: asked again in a moment. */
  | "AWAITED"
  /** The same, for so long that the next sweep is to find the loss. */
  | "LEFT_TO_SWEEP";

export interface RespondContext extends StartContext {
  readonly log: Log;
}

/** The notice, and three minutes more. Its message would be a dead letter after ten. */
const awaitedMs = 5 * 60_000;

/**
 * What goes on already answers for it. Of a group: if it was announced when that began, was decided about since, or is a replacement that is still on
 * its way, which is given up.
 */
const isAnsweredBy = (
  { evaluation, swaps }: StoredEvaluation,
  { at, instanceId }: EndEvent,
): boolean => {
  if (!isRecovery(evaluation) && !isResponse(evaluation)) return false;
  if (evaluation.mode !== "CLUSTER") return true;
  const { startedAt, progress } = evaluation;
  return (
    at <= startedAt ||
    progress.decided?.includes(instanceId) === true ||
    swaps.some((swap) => swap.replacement?.instanceId === instanceId && !isOver(swap))
  );
};

const whileBusy = async (
  { table, now }: RespondContext,
  event: EndEvent,
  holder: string,
): Promise<Responded> => {
  const evaluationId = evaluationIdSchema.safeParse(holder);
  const held = evaluationId.success ? await loadEvaluation(table, evaluationId.data) : undefined;
  if (held !== undefined && isAnsweredBy(held, event)) return "ALREADY_ANSWERED";
  return now().getTime() - Date.parse(event.at) < awaitedMs ? "AWAITED" : "LEFT_TO_SWEEP";
};

const answer = async (
  context: RespondContext,
  event: EndEvent,
  target: Target,
): Promise<Responded> => {
  const { instanceId } = event;
  const started = await startResponse(context, target, {
    instanceId,
    startedBy: eventStarter,
    ...(event.kind === "INTERRUPTION_WARNING" && { announcedAt: event.at }),
  });
  if (started.kind === "BUSY") return whileBusy(context, event, started.holder);
  if (started.kind === "UNFINISHED") {
    const { targetId } = target;
    const keys = { targetId, evaluationId: started.evaluationId };
    context.log.warn(`The end of ${instanceId} is not answered. ${started.sentence}`, keys);
  }
  return started.kind;
};

/** @throws what the table or Step Functions answers: the message comes again */
export const respond = async (
  context: RespondContext,
  event: EndEvent,
  known: { readonly account: Account | undefined; readonly instance: SpotInstance | undefined },
): Promise<Responded> => {
  const { account, instance } = known;
  if (account === undefined || account.status === "DISABLED") return "UNKNOWN_ACCOUNT";
  if (instance === undefined) return "UNKNOWN_INSTANCE";
  const target =
    instance.targetId === undefined ? undefined : await getTarget(context.table, instance.targetId);
  // Whoever tells of an instance can only mean one of his own account.
  if (target?.accountId !== event.accountId || target.region !== event.region) return "NO_TARGET";
  return answer(context, event, target);
};
