/** AZRebalance of a group rests while originals and replacements stand side by side in it: it would launch, and end what serves. */
import { describeGroup } from "../../adapters/aws/autoscaling/describe.ts";
import { shownGroup } from "../../adapters/aws/autoscaling/live-group.ts";
import { suspendAzRebalance } from "../../adapters/aws/autoscaling/settings.ts";
import { getIntent, updateIntent } from "../../adapters/store/intents.ts";
import {
  azRebalance,
  isOwnSuspension,
  mustSuspendAzRebalance,
  zoneSpread,
} from "../../core/decide/switch/az-rebalance.ts";
import { suspensionOf, type GroupFacts } from "../../core/model/group.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import { perform } from "./perform.ts";
import type { EvaluationSession } from "./session.ts";

type Session = EvaluationSession<PipelineMode, "autoScaling">;

const suspensionId = (round: number): string => `suspend-az-rebalance-${String(round)}`;

/** The step died before it could note the reason: it is noted at the first look after that, lest a later suspension of its owner's is taken for our own. */
const noteSuspension = async (
  { context, evaluation }: Session,
  id: string,
  reason: string,
): Promise<void> => {
  const intent = await getIntent(context.table, evaluation.evaluationId, id);
  if (intent?.change.kind !== "SUSPEND_AZ_REBALANCE") return;
  const { change, status } = intent;
  if (status !== "PLANNED" || !isOwnSuspension(change, intent, reason)) return;
  await updateIntent(context.table, evaluation.evaluationId, id, (stored) => ({
    ...stored,
    status: "ACTED",
    change: { ...change, reason },
  }));
};

/**
 * With the reason that the group shows for it: by that it is known again as our own.
 * @returns the group as it was seen last: its members by the look after the call, where there was one
 */
export const restAzRebalance = async (
  session: Session,
  group: GroupFacts,
  round: number,
): Promise<GroupFacts> => {
  const id = suspensionId(round);
  const suspension = suspensionOf(group, azRebalance);
  if (suspension !== undefined) {
    await noteSuspension(session, id, suspension.reason);
    return group;
  }
  if (!mustSuspendAzRebalance(group)) return group;
  const { autoScaling } = await session.customer();
  const { asgName } = group;
  let reason: string | undefined;
  let seen = group;
  await perform(session, {
    intent: {
      id,
      change: { kind: "SUSPEND_AZ_REBALANCE", asgName },
      before: { spread: zoneSpread(group) },
    },
    action: "SuspendProcesses",
    resource: `${azRebalance} of ${asgName}`,
    call: async () => {
      const answer = await suspendAzRebalance(autoScaling, asgName);
      const now = await describeGroup(autoScaling, asgName);
      reason = now?.SuspendedProcesses?.find(
        ({ ProcessName }) => ProcessName === azRebalance,
      )?.SuspensionReason;
      if (now !== undefined) seen = { ...group, members: shownGroup(now, group).members };
      return answer;
    },
    acted: (_answer, change) =>
      change.kind === "SUSPEND_AZ_REBALANCE" && reason !== undefined
        ? { ...change, reason }
        : change,
  });
  return seen;
};
