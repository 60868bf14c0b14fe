/** Waits until EC2 shows which members it takes back, where a warning has told of some and the group's reading shows none of them yet. */
import { readSpotStatusesOf } from "../../../adapters/aws/autoscaling/members.ts";
import { toLaunchAnew } from "../../../core/decide/cluster/convertible.ts";
import { isRecovery } from "../../../core/model/evaluation-kind.ts";
import { isInterrupted, isOnSpot, type GroupFacts } from "../../../core/model/group.ts";
import { untilShown } from "../../evaluation/until-shown.ts";
import { policyOf } from "../group.ts";
import type { ClusterSession } from "../session.ts";

/** @returns whether one is shown that was not in the group's reading: that is to be read again */
export const awaitTaken = async (
  session: ClusterSession<"ec2">,
  group: GroupFacts,
): Promise<boolean> => {
  if (!isRecovery(session.evaluation)) return false;
  if (toLaunchAnew(group, policyOf(session, group)).members.length > 0) return false;
  const staying = group.members.filter((member) => isOnSpot(member) && !isInterrupted(member));
  if (staying.length === 0) return false;
  const ids = staying.map(({ instanceId }) => instanceId);
  const { ec2 } = await session.customer();
  const isTaken = (statuses: ReadonlyMap<string, string>): boolean =>
    staying.some(({ instanceId, instance }) => {
      const spotStatus = statuses.get(instanceId);
      if (instance === undefined || spotStatus === undefined) return false;
      return isInterrupted({ instance: { ...instance, spotStatus } });
    });
  return isTaken(await untilShown(session, () => readSpotStatusesOf(ec2, ids), isTaken));
};
