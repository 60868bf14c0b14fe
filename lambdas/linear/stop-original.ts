/** Stopping the original: to freeze it before its data are taken over, or to retire it once it is replaced. */
import { stopInstance } from "../../adapters/aws/ec2/instances.ts";
import { getIntent } from "../../adapters/store/intents.ts";
import type { InstanceFacts } from "../../core/model/instance.ts";
import type { Intent } from "../../core/model/intent.ts";
import { perform } from "../evaluation/perform.ts";
import { revalidateOriginal } from "./guards.ts";
import { type LinearSession } from "./session.ts";

const intentId = "stop-original";

/** Ours once written, acted or not; its `plannedAt` is the last instant at which the original surely served. */
export const stopIntent = ({ context, evaluation }: LinearSession): Promise<Intent | undefined> =>
  getIntent(context.table, evaluation.evaluationId, intentId);

/**
 * Stops the original unless our stop has acted, and returns it as it is then. Throws StaleOriginal when somebody
 * else stopped it: that was not our decision, and starting it again would not be either.
 */
export const stopOriginal = async (session: LinearSession): Promise<InstanceFacts> => {
  const intent = await stopIntent(session);
  const original = await revalidateOriginal(
    session,
    intent === undefined ? ["running"] : ["running", "stopping", "stopped"],
  );
  if (intent?.status === "ACTED") return original;
  const { ec2 } = await session.customer();
  const { instanceId } = original;
  const { state } = await perform(session, {
    intent: { id: intentId, change: { kind: "STOP_INSTANCE", instanceId } },
    action: "StopInstances",
    resource: instanceId,
    call: () => stopInstance(ec2, instanceId),
  });
  return { ...original, state };
};
