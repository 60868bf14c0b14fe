/**
 * Runs a document of Systems Manager on an instance, once under each id: asked again, it goes on where it was. What the document
 * prints is neither read nor kept.
 */
import { findCommand, readCommand, readPingStatus, sendCommand } from "../../adapters/aws/ssm.ts";
import { getIntentWithCalls, updateIntent } from "../../adapters/store/intents.ts";
import { nextOfCommand, sentenceOnEnd } from "../../core/decide/switch/command.ts";
import type { HookName } from "../../core/model/command.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import type { CommandChange } from "../../core/model/intents/command.ts";
import { perform } from "./perform.ts";
import type { EvaluationSession } from "./session.ts";

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
  | {
      readonly kind: "SUCCEEDED" | "FAILED";
      readonly sentence: string;
      /** When that was found. ISO 8601 */
      readonly at: string;
    };

type Session<Mode extends PipelineMode> = EvaluationSession<Mode, "ssm">;

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
      ? { ...stored, status: "ACTED", change: { ...stored.change, ...added } }
      : stored,
  );
};

const send = async <Mode extends PipelineMode>(
  session: Session<Mode>,
  { id, document, instanceId, seconds, hook }: CommandWish,
): Promise<CommandStanding> => {
  const comment = `spot-optimizer ${session.evaluation.evaluationId} ${id}`;
  const { ssm } = await session.customer();
  const ping = await readPingStatus(ssm, instanceId);
  // What is sent to an agent that does not answer may run minutes later, when nobody waits for it.
  if (ping !== "Online") return unmanaged(instanceId, ping);
  const sent = await perform(session, {
    intent: {
      id,
      change: {
        kind: "RUN_COMMAND",
        document,
        instanceId,
        comment,
        ...(hook === undefined ? {} : { hook }),
      },
    },
    action: "SendCommand",
    resource: instanceId,
    call: () => sendCommand(ssm, { document, instanceId, seconds, comment }),
    acted: (answer, planned) =>
      planned.kind === "RUN_COMMAND" && answer.kind === "SENT"
        ? { ...planned, commandId: answer.commandId }
        : planned,
    refused: (answer) => (answer.kind === "NOT_MANAGED" ? answer.message : undefined),
  });
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

/**
 * Throws what `perform` throws. FAILED too, where it stays unknown whether the command was sent: it is not sent again.
 */
export const runCommand = async <Mode extends PipelineMode>(
  session: Session<Mode>,
  wish: CommandWish,
): Promise<CommandStanding> => {
  const { context, evaluation } = session;
  const { id, document, instanceId } = wish;
  const planned = await getIntentWithCalls(context.table, evaluation.evaluationId, id);
  const next = nextOfCommand(planned, context.now());
  switch (next.kind) {
    case "SEND":
      return send(session, wish);
    case "FIND":
      return find(session, wish, next);
    case "READ":
      return follow(session, wish, next.commandId);
    case "UNKNOWN":
      return {
        kind: "FAILED",
        sentence: `Whether document ${document} was sent to ${instanceId} is not known, and it is not sent twice.`,
        at: context.now().toISOString(),
      };
    case "ENDED": {
      const { end } = next;
      const about = planned?.intent.change.kind === "RUN_COMMAND" ? planned.intent.change : wish;
      const sentence = sentenceOnEnd(about, end);
      return { kind: end.hasSucceeded ? "SUCCEEDED" : "FAILED", sentence, at: end.at };
    }
  }
};
