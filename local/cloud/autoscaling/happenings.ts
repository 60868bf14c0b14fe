/** What happens around a group and moves it: events of EC2 and of load balancers, and its own time. */
import type { Ec2Event } from "../ec2/events.ts";
import { countedIn, targetGroupsOf, type AutoScalingContext } from "./context.ts";
import { advanceJoining, advanceLeaving, loseJoining } from "./members.ts";
import { reconcile } from "./reconcile.ts";
import { heedRecommendation } from "./replacing.ts";
import type { Group, Member } from "./state.ts";

const isLeaving = ({ state }: Member): boolean =>
  /^(Terminating|Detaching|EnteringStandby)/.test(state);

const stateChanged = (
  context: AutoScalingContext,
  group: Group,
  seen: { readonly member: Member; readonly state: string },
): void => {
  const { member, state } = seen;
  if (isLeaving(member)) {
    advanceLeaving(context, group, member);
    return;
  }
  const isJoining = member.state.startsWith("Pending");
  if (state === "running") {
    if (member.state === "Pending" && !member.isAttached) advanceJoining(context, group, member);
    return;
  }
  context.changed(group, { kind: "MEMBERS" });
  if (state === "terminated" && isJoining) {
    const reason = `instance ${member.instanceId} was terminated`;
    loseJoining(context, group, { member, reason });
    return;
  }
  context.wake(group, context.settings.healthCheckMs);
};

/** Of a member: what happens to other instances is not heard. */
export const hearEc2 = (context: AutoScalingContext, event: Ec2Event): void => {
  const { "instance-id": instanceId = "", state = "" } = event.detail;
  const group = context.memberships.get(instanceId);
  const member = group?.members.get(instanceId);
  if (group === undefined || member === undefined) return;
  if (event["detail-type"] === "EC2 Instance State-change Notification") {
    stateChanged(context, group, { member, state });
    return;
  }
  // A notice too: "…when you receive a notification that a Spot Instance is at an elevated risk, or is to be interrupted".
  heedRecommendation(context, group, member);
  context.changed(group, { kind: "MEMBERS" });
};

const groupsIn = (context: AutoScalingContext): readonly Group[] =>
  [...context.regions.values()].flatMap(({ groups }) => [...groups.values()]);

export const hearTargets = (context: AutoScalingContext, arn: string): void => {
  for (const group of groupsIn(context)) {
    if (!targetGroupsOf(group).includes(arn)) continue;
    for (const member of [...group.members.values()]) {
      if (isLeaving(member)) advanceLeaving(context, group, member);
    }
    const isAnyUnhealthy = countedIn(group).some(
      ({ instanceId }) => context.targets.stateOf(arn, instanceId) === "unhealthy",
    );
    if (isAnyUnhealthy) context.wake(group, context.settings.healthCheckMs);
    context.changed(group, { kind: "MEMBERS" });
  }
};

export const hearChecks = (context: AutoScalingContext): void => {
  for (const group of groupsIn(context)) {
    context.changed(group, { kind: "MEMBERS" });
    context.wake(group, context.settings.healthCheckMs);
  }
};

/** Each look asks for the next one that it needs, so that an earlier one may take the place of a later. */
export const wake = (context: AutoScalingContext, group: Group, afterMs: number): void => {
  const atMs = context.clock.now() + afterMs;
  if (group.wakesAt !== undefined && group.wakesAt <= atMs) return;
  group.wakesAt = atMs;
  context.timeline.at(atMs, () => {
    if (group.wakesAt !== atMs) return;
    group.wakesAt = undefined;
    reconcile(context, group);
  });
};
