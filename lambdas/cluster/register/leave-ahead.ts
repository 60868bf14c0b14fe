/** Takes members that EC2 has announced to take out of the target groups of Network Load Balancers, while their replacements get healthy there. */
import { deregisterTarget } from "../../../adapters/aws/elb.ts";
import { listWarned } from "../../../adapters/store/spot-events.ts";
import { leavingTargets, type LeavingTarget } from "../../../core/decide/cluster/doomed-targets.ts";
import { isRecovery } from "../../../core/model/evaluation-kind.ts";
import type { GroupTargets } from "../../../core/model/group-traffic.ts";
import { actedIntent, perform } from "../../evaluation/perform.ts";
import { launchedUnderWay, type LiveSession } from "../session.ts";

const leave = async (
  session: LiveSession,
  { arn, port, instanceId }: LeavingTarget,
): Promise<void> => {
  const swap = launchedUnderWay(session).find(({ originalId }) => originalId === instanceId);
  const id = `leave-${instanceId}-${String(port)}-${arn.split("/").slice(1).join("-")}`;
  if (swap === undefined || (await actedIntent(session, id)) !== undefined) return;
  const { elb } = await session.customer();
  await perform(session, {
    intent: {
      id,
      swapId: swap.swapId,
      change: { kind: "DEREGISTER_TARGET", targetGroupArn: arn, port, instanceId },
    },
    action: "DeregisterTargets",
    resource: `${instanceId} in ${arn}`,
    call: () => deregisterTarget(elb, { arn, port, instanceId }),
  });
};

/** Those alone for which something was launched: of the others nobody would know. */
export const leaveAhead = async (
  session: LiveSession,
  groups: readonly GroupTargets[],
): Promise<void> => {
  const { context, evaluation, now } = session;
  if (!isRecovery(evaluation)) return;
  const warned = await listWarned(context.table, evaluation, evaluation.startedAt);
  const doomed = launchedUnderWay(session).flatMap(({ originalId: instanceId }) => {
    const announcedAt = warned.get(instanceId)?.at;
    return announcedAt === undefined ? [] : [{ instanceId, announcedAt }];
  });
  for (const target of leavingTargets(groups, doomed, now.toISOString())) {
    await leave(session, target);
  }
};
