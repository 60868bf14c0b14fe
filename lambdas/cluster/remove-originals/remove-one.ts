/** Asks one member to leave its group, with the desired capacity lowered by it. */
import {
  detachInstance,
  terminateInGroup,
  type MembershipResult,
} from "../../../adapters/aws/autoscaling/membership.ts";
import { isToBeKept } from "../../../core/decide/cluster/kept-original.ts";
import { memberOf, type GroupFacts } from "../../../core/model/group.ts";
import { perform } from "../../evaluation/perform.ts";
import type { Launched } from "../../evaluation/swap-changes.ts";
import { policyOf } from "../group.ts";
import type { LiveSession } from "../session.ts";
import { markKept } from "./keep-original.ts";
import { removalId } from "./removal-intent.ts";

export interface Leaver {
  readonly swap: Launched;
  /** The original, or whom the group has launched in its place. */
  readonly leavingId: string;
}

/** Ended through its group, or marked and detached, to be stopped and kept. */
export const removeOne = async (
  session: LiveSession,
  group: GroupFacts,
  { swap, leavingId: instanceId }: Leaver,
): Promise<MembershipResult> => {
  const { autoScaling } = await session.customer();
  const { swapId } = swap;
  const { asgName, desiredCapacity } = group;
  const { keepOriginalsHours: hours } = policyOf(session, group);
  const member = memberOf(group, instanceId);
  const isKept = member !== undefined && isToBeKept(member, { keepOriginalsHours: hours });
  if (isKept) await markKept(session, swap, { member, hours });
  return perform(session, {
    intent: {
      id: removalId(swap, instanceId),
      swapId,
      change: { kind: "REMOVE_MEMBER", asgName, instanceId, how: isKept ? "detach" : "terminate" },
      before: { desiredCapacity },
    },
    action: isKept ? "DetachInstances" : "TerminateInstanceInAutoScalingGroup",
    resource: isKept ? `${instanceId} from ${asgName}` : `${instanceId} in ${asgName}`,
    call: () => (isKept ? detachInstance : terminateInGroup)(autoScaling, { asgName, instanceId }),
    refused: (result) => (result.kind === "REFUSED" ? result.sentence : undefined),
    acted: (result, change) => {
      if (change.kind !== "REMOVE_MEMBER" || result.kind !== "DONE") return change;
      const { activityId, desiredBefore } = result;
      return {
        ...change,
        desiredSeen: desiredCapacity,
        ...(activityId === undefined ? {} : { activityId }),
        ...(desiredBefore === undefined ? {} : { desiredBefore }),
      };
    },
  });
};
