/** Stopping the original: to freeze it before its data are taken over, or to retire it once it is replaced. */
import { readInstanceState, stopInstance } from "../../adapters/aws/ec2/instances.ts";
import { listIntents } from "../../adapters/store/intents.ts";
import type { InstanceId } from "../../core/model/ids.ts";
import type { InstanceFacts } from "../../core/model/instance.ts";
import type { Intent } from "../../core/model/intent.ts";
import { perform } from "../evaluation/perform.ts";
import { revalidateOriginal } from "./guards.ts";
import { type LinearSession } from "./session.ts";

const intentId = "stop-original";

type Stopping = Pick<InstanceFacts, "instanceId" | "state">;

/** Ours once written, acted or not; its `plannedAt` is the last instant at which the original surely served. */
export const stopIntent = async (session: LinearSession): Promise<Intent | undefined> => {
  const intents = await listIntents(session.context.table, session.evaluation.evaluationId);
  return intents.find((intent) => intent.id === intentId);
};

/** How far the stop is. While it lasts only the state is asked for; once it is over, all is compared again. */
const afterStop = async (session: LinearSession, instanceId: InstanceId): Promise<Stopping> => {
  const { ec2 } = await session.customer();
  const state = await readInstanceState(ec2, instanceId);
  if (state === "running" || state === "stopping") return { instanceId, state };
  const { facts } = await revalidateOriginal(session, { states: ["stopped"] });
  return facts;
};

/**
 * Stops the original unless our stop has acted, and says how it is then. Throws StaleOriginal when somebody
 * else stopped it: that was not our decision, and starting it again would not be either.
 */
export const stopOriginal = async (session: LinearSession): Promise<Stopping> => {
  const { instanceId } = session.evaluation.subject;
  const intent = await stopIntent(session);
  if (intent?.status === "ACTED") return afterStop(session, instanceId);
  await revalidateOriginal(session, {
    states: intent === undefined ? ["running"] : ["running", "stopping", "stopped"],
    withProtections: true,
  });
  const { ec2 } = await session.customer();
  const { state } = await perform(session, {
    intent: { id: intentId, change: { kind: "STOP_INSTANCE", instanceId } },
    action: "StopInstances",
    resource: instanceId,
    call: () => stopInstance(ec2, instanceId),
  });
  return { instanceId, state };
};
