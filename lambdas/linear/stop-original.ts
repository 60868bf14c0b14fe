/** Stopping the original: to freeze it before its data are taken over, or to retire it once it is replaced. */
import {
  showInstance,
  stopInstance,
  type InstanceReading,
} from "../../adapters/aws/ec2/instances.ts";
import { getIntent } from "../../adapters/store/intents.ts";
import { ownersStopOf } from "../../core/decide/linear/who-stopped.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { InstanceFacts } from "../../core/model/instance.ts";
import type { Intent } from "../../core/model/intent.ts";
import type { TargetGroupFacts } from "../../core/model/target-group.ts";
import { perform } from "../evaluation/perform.ts";
import { revalidateOriginal, revalidateShown } from "./guards.ts";
import { type LinearSession } from "./session.ts";

const intentId = "stop-original";

export type StoppedOriginal = Pick<InstanceFacts, "instanceId" | "state"> & {
  /** When our stop was planned: the last instant at which the original surely served. */
  readonly plannedAt: string;
  /** As EC2 shows them once it is stopped and was compared; `launchedAt` moves with each start. */
  readonly compared?: Pick<InstanceFacts, "launchedAt" | "tags">;
};

/** Ours once written, acted or not; undefined where EC2 refused it, too. */
export const stopIntent = async ({
  context,
  evaluation,
}: LinearSession): Promise<Intent | undefined> => {
  const intent = await getIntent(context.table, evaluation.evaluationId, intentId);
  return intent?.status === "UNDONE" ? undefined : intent;
};

/** The owner's own stop is not ours to undo, nor what we took for the end of his writes. Throws StaleOriginal. */
const refuseOwnersStop = (
  { facts: { instanceId, launchedAt }, stop }: Pick<InstanceReading, "facts" | "stop">,
  intent: Intent | undefined,
): void => {
  const stopped = { instanceId, launchedAt, ...(stop !== undefined && { stop }) };
  const theirs = stop && intent && ownersStopOf(stopped, [intent]);
  if (theirs === undefined) return;
  throw new SpotOptimizerError("StaleOriginal", theirs.sentence, {
    resource: instanceId,
    nextStep: "Nothing: it is left stopped. Evaluate again when it runs.",
  });
};

/** How far the stop is. While it lasts only the state is asked for; once it is over, all is compared again. */
const afterStop = async (session: LinearSession, intent: Intent): Promise<StoppedOriginal> => {
  const { plannedAt } = intent;
  const { instanceId } = session.evaluation.subject;
  const { ec2 } = await session.customer();
  const shown = await showInstance(ec2, instanceId);
  const state = shown?.state;
  if (state === "running" || state === "stopping") return { instanceId, state, plannedAt };
  const reading = await revalidateShown(session, { states: ["stopped"], shown });
  refuseOwnersStop(reading, intent);
  const { launchedAt, tags } = reading.facts;
  return { instanceId, state: "stopped", plannedAt, compared: { launchedAt, tags } };
};

/**
 * Stops the original unless our stop has acted, and says how it is then. Throws StaleOriginal when somebody
 * else stopped it: that was not our decision, and starting it again would not be either.
 * @param intent that of the stop, as `stopIntent` has just read it
 * @param targetGroups those that hold it now, where it is given up by this stop: then all is compared that the replacement has
 *   of it. Once a stop was tried it is too late to be that strict.
 */
export const stopOriginal = async (
  session: LinearSession,
  intent: Intent | undefined,
  targetGroups?: readonly TargetGroupFacts[],
): Promise<StoppedOriginal> => {
  const { instanceId } = session.evaluation.subject;
  if (intent?.status === "ACTED") return afterStop(session, intent);
  const reading = await revalidateOriginal(session, {
    states: intent === undefined ? ["running"] : ["running", "stopping", "stopped"],
    withProtections: true,
    ...(targetGroups !== undefined && intent === undefined && { targetGroups, isLastLook: true }),
  });
  refuseOwnersStop(reading, intent);
  const { ec2 } = await session.customer();
  const { state, plannedAt } = await perform(session, {
    intent: { id: intentId, change: { kind: "STOP_INSTANCE", instanceId } },
    action: "StopInstances",
    resource: instanceId,
    call: async (planned) => ({
      ...(await stopInstance(ec2, instanceId)),
      plannedAt: planned.plannedAt,
    }),
  });
  return { instanceId, state, plannedAt };
};
