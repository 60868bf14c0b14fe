/**
 * Runs a document of Systems Manager on an instance, once under each id: asked again, it goes on where it was. What the document
 * prints is neither read nor kept.
 */
import {
  findCommand,
  readCommand,
  readPingStatus,
  sendCommand,
  type Sent,
} from "../../adapters/aws/ssm.ts";
import { getIntentWithCalls, planIntent, updateIntent } from "../../adapters/store/intents.ts";
import { nextOfCommand, sentenceOnEnd } from "../../core/decide/switch/command.ts";
import type { HookName } from "../../core/model/command.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import { fenceOf } from "../../core/model/evaluation.ts";
import type { CommandChange } from "../../core/model/intents/command.ts";
import { assertNotStopped, perform, recordEffect } from "./perform.ts";
import type { DueSession, EvaluationSession } from "./session.ts";

export interface CommandWish {
  /** Of the intent; with the evaluation's own it names the command. */
  readonly id: string;
  readonly document: string;
  readonly instanceId: string;
  readonly hook?: HookName;
  /** Not begun within it, it never runs. */
  readonly seconds: number;
}

export type CommandStanding =
  /** UNMANAGED: its agent does not answer, so that nothing was sent. */
  | { readonly kind: "RUNNING" | "UNMANAGED"; readonly sentence: string }
  /** Whether it was sent is not known, and will not be: it is not sent again. */
  | { readonly kind: "UNKNOWN"; readonly sentence: string }
  | {
      readonly kind: "SUCCEEDED" | "FAILED";
      readonly sentence: string;
      /** When that was found. ISO 8601 */
      readonly at: string;
    };

type Session<Mode extends PipelineMode> = DueSession<Mode, "ssm">;

/** Makes the call under an intent of these words. */
type Send = (change: CommandChange) => Promise<Sent>;

const running = (sentence: string): CommandStanding => ({ kind: "RUNNING", sentence });

const unmanaged = (instanceId: string, ping: string | undefined): CommandStanding => ({
  kind: "UNMANAGED",
  sentence:
    ping === undefined
      ? `Systems Manager does not manage ${instanceId}, or not yet.`
      : `Systems Manager shows the agent of ${instanceId} as ${ping}.`,
});

const change = async <Mode extends PipelineMode>(
  { context, evaluation }: Session<Mode>,
  id: string,
  added: Pick<CommandChange, "commandId" | "end">,
): Promise<void> => {
  await updateIntent(context.table, evaluation.evaluationId, id, (stored) =>
    stored.change.kind === "RUN_COMMAND"
      ? {
          ...stored,
          status: stored.status === "PLANNED" ? "ACTED" : stored.status,
          change: { ...stored.change, ...added },
        }
      : stored,
  );
};

const changeOf = (
  { evaluation: { evaluationId } }: Pick<DueSession, "evaluation">,
  { id, document, instanceId, hook }: CommandWish,
): CommandChange => ({
  kind: "RUN_COMMAND",
  document,
  instanceId,
  comment: `spot-optimizer ${evaluationId} ${id}`,
  ...(hook === undefined ? {} : { hook }),
});

const begin = async <Mode extends PipelineMode>(
  session: Session<Mode>,
  wish: CommandWish,
  send: Send,
): Promise<CommandStanding> => {
  const { document, instanceId } = wish;
  const { ssm } = await session.customer();
  const ping = await readPingStatus(ssm, instanceId);
  // What is sent to an agent that does not answer may run minutes later, when nobody waits for it.
  if (ping !== "Online") return unmanaged(instanceId, ping);
  const sent = await send(changeOf(session, wish));
  return sent.kind === "SENT"
    ? running(`Document ${document} was sent to ${instanceId} (command ${sent.commandId}).`)
    : unmanaged(instanceId, undefined);
};

const find = async <Mode extends PipelineMode>(
  session: Session<Mode>,
  { id, document, instanceId }: CommandWish,
  { comment, after }: { readonly comment: string; readonly after: string },
): Promise<CommandStanding> => {
  const { ssm } = await session.customer();
  const commandId = await findCommand(ssm, { instanceId, comment, after });
  if (commandId === undefined) {
    return running(`Whether document ${document} was sent to ${instanceId} is not known yet.`);
  }
  await change(session, id, { commandId });
  return running(`Document ${document} was sent to ${instanceId} (command ${commandId}).`);
};

const follow = async <Mode extends PipelineMode>(
  session: Session<Mode>,
  wish: CommandWish,
  commandId: string,
): Promise<CommandStanding> => {
  const { document, instanceId } = wish;
  const { ssm } = await session.customer();
  const reading = await readCommand(ssm, { commandId, instanceId });
  if (reading?.kind !== "ENDED") {
    const status = reading?.status ?? "not visible yet";
    return running(`Document ${document} on ${instanceId} is ${status} (command ${commandId}).`);
  }
  const { kind: _ended, ...end } = reading;
  const at = session.context.now().toISOString();
  await change(session, wish.id, { commandId, end: { ...end, at } });
  const sentence = sentenceOnEnd({ document, instanceId, commandId }, end);
  return { kind: end.hasSucceeded ? "SUCCEEDED" : "FAILED", sentence, at };
};

const advance = async <Mode extends PipelineMode>(
  session: Session<Mode>,
  wish: CommandWish,
  send: Send,
): Promise<CommandStanding> => {
  const { context, evaluation } = session;
  const { id, document, instanceId } = wish;
  const planned = await getIntentWithCalls(context.table, evaluation.evaluationId, id);
  const next = nextOfCommand(planned, context.now());
  switch (next.kind) {
    case "SEND":
      return begin(session, wish, send);
    case "FIND":
      return find(session, wish, next);
    case "READ":
      return follow(session, wish, next.commandId);
    case "UNKNOWN":
      return {
        kind: "UNKNOWN",
        sentence: `Whether document ${document} was sent to ${instanceId} is not known, and it is not sent twice.`,
      };
    case "ENDED": {
      const { end } = next;
      const about = planned?.intent.change.kind === "RUN_COMMAND" ? planned.intent.change : wish;
      const sentence = sentenceOnEnd(about, end);
      return { kind: end.hasSucceeded ? "SUCCEEDED" : "FAILED", sentence, at: end.at };
    }
  }
};

const call = async <Mode extends PipelineMode>(
  session: Session<Mode>,
  { document, instanceId, seconds }: CommandWish,
  { comment }: CommandChange,
): Promise<Sent> =>
  sendCommand((await session.customer()).ssm, { document, instanceId, seconds, comment });

const refused = (answer: Sent): string | undefined =>
  answer.kind === "NOT_MANAGED" ? answer.message : undefined;

/** Of an evaluation that goes on. Throws what `perform` throws. */
export const runCommand = <Mode extends PipelineMode>(
  session: EvaluationSession<Mode, "ssm">,
  wish: CommandWish,
): Promise<CommandStanding> =>
  advance(session, wish, (change) =>
    perform(session, {
      intent: { id: wish.id, change },
      action: "SendCommand",
      resource: wish.instanceId,
      call: () => call(session, wish, change),
      acted: (answer, planned) =>
        planned.kind === "RUN_COMMAND" && answer.kind === "SENT"
          ? { ...planned, commandId: answer.commandId }
          : planned,
      refused,
    }),
  );

/**
 * After it has ended, for what is due since. The intent is committed from the start: it leaves nothing open. Where the answer was lost
 * the document is run again: only for those that change nothing. Throws StaleKillSwitch, and what the call throws.
 */
export const runDueCommand = <Mode extends PipelineMode>(
  session: Session<Mode>,
  wish: CommandWish,
): Promise<CommandStanding> =>
  advance(session, wish, async (planned) => {
    const { context, evaluation } = session;
    await assertNotStopped(session);
    await planIntent(context.table, evaluation.evaluationId, {
      id: wish.id,
      status: "COMMITTED",
      fence: fenceOf(evaluation),
      plannedAt: context.now().toISOString(),
      change: planned,
    });
    const sent = await recordEffect(session, {
      action: "SendCommand",
      resource: wish.instanceId,
      call: () => call(session, wish, planned),
      refused,
    });
    if (sent.kind === "SENT") await change(session, wish.id, { commandId: sent.commandId });
    return sent;
  });
