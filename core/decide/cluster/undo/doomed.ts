/** Gives a member its traffic back that EC2 had announced to take, and has not. */
import { isInterrupted, memberOf, type GroupMember } from "../../../model/group.ts";
import { changesOf, type ChangeOf } from "../../../model/intent.ts";
import { isMember } from "../../../model/target-group.ts";
import { act, undone, wait, type OpenPair, type PairUndo } from "./pair.ts";
import type { UndoGroup, UndoInput } from "./world.ts";

/** "If EC2 fails to terminate the instance, the request status is set to fulfilled": the two minutes, and what it may take to show. */
const decidedWithinMs = 10 * 60_000;

/** The member as it stands in service without the traffic that we have taken. Undefined: it has gone, or has it. */
const withoutTraffic = (
  group: UndoGroup | undefined,
  { targetGroupArn, port, instanceId }: ChangeOf<"DEREGISTER_TARGET">,
): GroupMember | undefined => {
  const member = group && memberOf(group, instanceId);
  const found = group?.traffic.targetGroups.find(({ arn }) => arn === targetGroupArn);
  if (member?.lifecycleState !== "InService" || found === undefined) return undefined;
  const own = found.targets.find(
    (target) => target.instanceId === instanceId && target.port === port,
  );
  return own !== undefined && isMember(own.standing) ? undefined : member;
};

/** As long as EC2 may still take it, it is waited for: it would get connections for the last seconds. */
export const registerAgain = (
  { group, now }: Pick<UndoInput, "group" | "now">,
  { intents }: OpenPair,
): PairUndo => {
  for (const intent of intents) {
    const [change] = changesOf([intent], "DEREGISTER_TARGET");
    const member = change && withoutTraffic(group, change);
    if (change === undefined || member === undefined) continue;
    const { targetGroupArn: arn, port, instanceId } = change;
    const isUndecided = Date.parse(now) - Date.parse(intent.plannedAt) < decidedWithinMs;
    if (isInterrupted(member) && isUndecided) {
      return wait(`EC2 has announced to take ${instanceId}.`, ["group"], "MINUTES");
    }
    const id = `REGISTER_AGAIN ${arn} ${instanceId}`;
    return act({ kind: "REGISTER_AGAIN", id, arn, port, instanceId });
  }
  return undone;
};
