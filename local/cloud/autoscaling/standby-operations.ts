/** Standby, protection from scale-in, and health as a caller sets it. */
import type {
  EnterStandbyAnswer,
  EnterStandbyQuery,
  ExitStandbyAnswer,
  ExitStandbyQuery,
  SetInstanceHealthQuery,
  SetInstanceProtectionQuery,
} from "@aws-sdk/client-auto-scaling";
import type { Call } from "../contract.ts";
import { begin, sentence } from "./activities.ts";
import { setDesired } from "./capacity.ts";
import { groupOf, isSuspended, type AutoScalingContext } from "./context.ts";
import { requireCalm } from "./group-operations.ts";
import { graceEndsAt, markUnhealthy } from "./health.ts";
import { enter, join, standBy } from "./members.ts";
import { membersOf, named, requireState, takeOut, terminable } from "./named-members.ts";
import { exceeded, invalid, wrongSizes } from "./refusals.ts";
import { viewActivity } from "./view.ts";

const enterStandby =
  (context: AutoScalingContext) =>
  (call: Call, input: EnterStandbyQuery): EnterStandbyAnswer => {
    const group = groupOf(context, call, input.AutoScalingGroupName);
    requireCalm(context, call, group.name);
    const ids = named(input.InstanceIds, "place into standby");
    const members = membersOf(group, ids);
    requireState(members, ["InService"]);
    const decrements = input.ShouldDecrementDesiredCapacity === true;
    if (decrements && group.desired - ids.length < group.minSize) {
      throw wrongSizes(group, "place into standby", ids.length);
    }
    return {
      Activities: takeOut(context, group, {
        members,
        decrements,
        call,
        leave: standBy,
        cause: ({ instanceId }, shrinks) =>
          `instance ${instanceId} was moved to standby in response to a user request${shrinks}`,
      }) as EnterStandbyAnswer["Activities"],
    };
  };

/** It is registered again, without hooks, and desired rises. (User guide, "Temporarily remove instances".) */
const exitStandby =
  (context: AutoScalingContext) =>
  (call: Call, input: ExitStandbyQuery): ExitStandbyAnswer => {
    const group = groupOf(context, call, input.AutoScalingGroupName);
    requireCalm(context, call, group.name);
    const ids = named(input.InstanceIds, "move out of standby");
    const members = membersOf(group, ids);
    requireState(members, ["Standby"]);
    if (isSuspended(group, "Launch")) {
      throw invalid(
        `Cannot move instances out of Standby for AutoScalingGroup ${group.name} while the Launch process is suspended`,
      );
    }
    if (group.desired + ids.length > group.maxSize) {
      throw wrongSizes(group, "move out of standby", ids.length);
    }
    const Activities = members.map((member) => {
      const from = group.desired;
      setDesired(context, group, { to: from + 1, call });
      const { instanceId, zoneName } = member;
      const text = `instance ${instanceId} was moved out of standby in response to a user request, increasing the capacity from ${String(from)} to ${String(from + 1)}`;
      member.activity = begin(context, group, {
        instanceId,
        description: `Moving EC2 instance out of Standby: ${instanceId}`,
        causes: [sentence(context, text)],
        zoneName,
        status: "PreInService",
      });
      enter(context, group, { member, state: "Pending" });
      join(context, group, member);
      return viewActivity(member.activity);
    });
    return { Activities };
  };

/** "If you exceed your maximum limit of instance IDs, which is 50 per Auto Scaling group, the call fails." */
const mostProtected = 50;

const protect =
  (context: AutoScalingContext) =>
  (call: Call, input: SetInstanceProtectionQuery): Record<string, never> => {
    const group = groupOf(context, call, input.AutoScalingGroupName);
    requireCalm(context, call, group.name);
    const ids = input.InstanceIds ?? [];
    if (ids.length > mostProtected) {
      throw exceeded("The number of instance IDs exceeds the limit of 50 for this call.");
    }
    const members = membersOf(group, ids);
    requireState(members, ["InService", "EnteringStandby", "Standby"]);
    for (const member of members) member.isProtected = input.ProtectedFromScaleIn === true;
    context.changed(group, { kind: "MEMBERS" });
    context.wake(group);
    return {};
  };

const setHealth =
  (context: AutoScalingContext) =>
  (call: Call, input: SetInstanceHealthQuery): Record<string, never> => {
    const { group, member } = terminable(context, call, input.InstanceId ?? "");
    requireCalm(context, call, group.name);
    const isUnhealthy = input.HealthStatus === "Unhealthy";
    const isEarly =
      (input.ShouldRespectGracePeriod ?? true) && graceEndsAt(group, member) > context.clock.now();
    if (isUnhealthy && isEarly) return {};
    if (isUnhealthy) markUnhealthy(context, group, { member, because: "a user health-check" });
    else member.health = "Healthy";
    context.wake(group);
    return {};
  };

export const standbyOperations = (context: AutoScalingContext) => ({
  EnterStandby: enterStandby(context),
  ExitStandby: exitStandby(context),
  SetInstanceProtection: protect(context),
  SetInstanceHealth: setHealth(context),
});
