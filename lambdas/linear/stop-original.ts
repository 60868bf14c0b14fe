/** Stopping the original: to freeze it before its data are taken over, or to retire it once it is replaced. */
import { stopInstance } from "../../adapters/aws/ec2/instances.ts";
import { listIntents } from "../../adapters/store/intents.ts";
import type { InstanceFacts } from "../../core/model/instance.ts";
import { perform } from "../evaluation/perform.ts";
import { revalidateOriginal } from "./guards.ts";
import { type LinearSession } from "./session.ts";

const intentId = "stop-original";
const running = ["running"] as const;

export interface StoppedOriginal {
  /** As it is then. */
  readonly original: InstanceFacts;
  /** When our stop was planned: the last instant at which the original surely served. */
  readonly plannedAt: string;
}

/**
 * Stops the original unless our stop has acted. It is ours once its intent is written, acted or not. Throws StaleOriginal when
 * somebody else stopped it: that was not our decision, and starting it again would not be either.
 */
export const stopOriginal = async (session: LinearSession): Promise<StoppedOriginal> => {
  const intents = await listIntents(session.context.table, session.evaluation.evaluationId);
  const intent = intents.find(({ id }) => id === intentId);
  const states =
    intent === undefined ? running : [...running, "stopping" as const, "stopped" as const];
  const original = await revalidateOriginal(session, states, intents);
  if (intent?.status === "ACTED") return { original, plannedAt: intent.plannedAt };
  const { ec2 } = await session.customer();
  const { instanceId } = original;
  const { state, plannedAt } = await perform(session, {
    intent: { id: intentId, change: { kind: "STOP_INSTANCE", instanceId } },
    action: "StopInstances",
    resource: instanceId,
    call: async (planned) => ({
      ...(await stopInstance(ec2, instanceId)),
      plannedAt: planned.plannedAt,
    }),
  });
  return { original: { ...original, state }, plannedAt };
};
