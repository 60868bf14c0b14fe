/**
 * Answers what is told of the end of an instance: finds the target that it serves, by the inventory, and starts the response of that target's
 * mode. What is started reads the world itself, so that an event which is wrong, late or told twice changes nothing.
 */
import { loadEvaluation, type StoredEvaluation } from "../../../adapters/store/evaluations.ts";
import { eventStarter } from "../../../core/model/starter.ts";
import { isRecovery, isResponse } from "../../../core/model/evaluation-kind.ts";
import { evaluationIdSchema } from "../../../core/model/ids.ts";
import type { SpotEventOf } from "../../../core/model/spot-event.ts";
import type { Target } from "../../../core/model/target.ts";
import type { LossFinding } from "../../evaluation/recover.ts";
import { startResponse, type ResponseStart } from "../../evaluation/respond.ts";
import type { StartContext } from "../../evaluation/start.ts";
import { isOver } from "../../evaluation/swap-changes.ts";
import type { Log } from "../../runtime/log.ts";
import { readServed, type Known, type NotServed } from "./served.ts";

export type EndEvent = SpotEventOf<"INTERRUPTION_WARNING"> | SpotEventOf<"STATE_CHANGE">;

export type Responded =
  | Exclude<ResponseStart["kind"], "BUSY">
  | NotServed
  /** The recovery of that target goes on. */
  | "ALREADY_ANSWERED"
  /** Another evaluation of that target goes on: asked again in a moment. */
  | "AWAITED"
  /** The same, for so long that the next sweep is to find the loss. */
  | "LEFT_TO_SWEEP";

export interface RespondContext extends StartContext {
  readonly log: Log;
}

/** How it was told, and what our own store knows of it. */
export interface Told extends Known {
  /** How often its message was received, this time too. */
  readonly receipts: number;
}

/** Each ten seconds one: the notice, and three minutes more. Its message would be a dead letter after twice as many. Counted, so that no clock is asked. */
const awaitedReceipts = 30;

/** By our clock, which sets deadlines: nothing is announced later than it was heard. */
const announcedAt = ({ at, receivedAt }: EndEvent): string => (at < receivedAt ? at : receivedAt);

/**
 * What goes on already answers for it. Of a group: if it was announced when that began, was decided about since, or is a replacement that is still on
 * its way, which is given up. What the recovery of an instance has launched itself is another loss, to be answered when that has ended.
 */
const isAnsweredBy = ({ evaluation, swaps }: StoredEvaluation, event: EndEvent): boolean => {
  const { instanceId } = event;
  if (!isRecovery(evaluation) && !isResponse(evaluation)) return false;
  if (evaluation.mode === "LINEAR") return evaluation.subject.instanceId === instanceId;
  if (evaluation.mode !== "CLUSTER") return true;
  const { startedAt, progress } = evaluation;
  return (
    announcedAt(event) <= startedAt ||
    progress.decided?.includes(instanceId) === true ||
    swaps.some((swap) => swap.replacement?.instanceId === instanceId && !isOver(swap))
  );
};

const whileBusy = async (
  { table }: RespondContext,
  event: EndEvent,
  { holder, receipts }: { readonly holder: string } & Pick<Told, "receipts">,
): Promise<Responded> => {
  const evaluationId = evaluationIdSchema.safeParse(holder);
  const held = evaluationId.success ? await loadEvaluation(table, evaluationId.data) : undefined;
  if (held !== undefined && isAnsweredBy(held, event)) return "ALREADY_ANSWERED";
  return receipts < awaitedReceipts ? "AWAITED" : "LEFT_TO_SWEEP";
};

const findingOf = (event: EndEvent): LossFinding => ({
  instanceId: event.instanceId,
  startedBy: eventStarter,
  told: event.kind === "STATE_CHANGE" ? event.state : event.kind,
  ...(event.kind === "INTERRUPTION_WARNING" && { announcedAt: announcedAt(event) }),
});

const answer = async (
  context: RespondContext,
  event: EndEvent,
  { target, receipts }: { readonly target: Target } & Pick<Told, "receipts">,
): Promise<Responded> => {
  const { instanceId } = event;
  const started = await startResponse(context, target, findingOf(event));
  if (started.kind === "BUSY") return whileBusy(context, event, { ...started, receipts });
  if (started.kind === "STARTED" && started.isRepeated === true) return "ALREADY_ANSWERED";
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
  told: Told,
): Promise<Responded> => {
  const served = await readServed(context, event, told);
  if (typeof served === "string") return served;
  const { target } = served;
  return answer(context, event, { target, receipts: told.receipts });
};
