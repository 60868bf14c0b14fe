/** How members join a group and leave it. */
import type { LifecycleState } from "@aws-sdk/client-auto-scaling";
import type { FleetInstance } from "../ec2/fleet.ts";
import { begin, end, sentence } from "./activities.ts";
import { classicOf, isSuspended, targetGroupsOf, type AutoScalingContext } from "./context.ts";
import { waitForHook, type HookResult } from "./hooks.ts";
import type { Group, Member } from "./state.ts";

const groupNameTag = "aws:autoscaling:groupName";

/** Members watch time: whoever changes the state overtakes what was planned before. */
export const enter = (
  context: AutoScalingContext,
  group: Group,
  to: { readonly member: Member; readonly state: LifecycleState },
): void => {
  const { member, state } = to;
  member.state = state;
  member.transition += 1;
  context.changed(group, { kind: "MEMBERS" });
};

const unlessOvertaken = (
  context: AutoScalingContext,
  member: Member,
  when: { readonly atMs: number; readonly job: () => void },
): void => {
  const { transition } = member;
  context.timeline.at(when.atMs, () => {
    if (member.transition === transition) when.job();
  });
};

export const memberOf = (
  group: Group,
  instance: FleetInstance,
  given: Pick<Member, "isAttached" | "joinedAt" | "template" | "launchConfigurationName">,
): Member => ({
  instanceId: instance.instanceId,
  instanceType: instance.instanceType,
  zoneName: instance.zoneName,
  zoneId: instance.zoneId,
  imageId: instance.imageId,
  launchedAt: instance.launchedAt,
  ...given,
  state: "Pending",
  health: "Healthy",
  unhealthyBecause: undefined,
  // Inherited from the group, by attached instances too. (User guide, "Use instance scale-in protection".)
  isProtected: group.definition.NewInstancesProtectedFromScaleIn ?? false,
  inServiceAt: undefined,
  yielding: undefined,
  wait: undefined,
  hooksDone: new Set(),
  activity: undefined,
  transition: 0,
});

export const addMember = (context: AutoScalingContext, group: Group, member: Member): void => {
  group.members.set(member.instanceId, member);
  context.memberships.set(member.instanceId, group);
  context.fleet.tag(group, member.instanceId, { [groupNameTag]: group.name });
  context.changed(group, { kind: "MEMBERS" });
};

const removeMember = (context: AutoScalingContext, group: Group, { instanceId }: Member): void => {
  group.members.delete(instanceId);
  context.memberships.delete(instanceId);
  context.changed(group, { kind: "MEMBERS" });
  context.wake(group, 0);
};

/** As long as its target groups take to find it healthy, unless told. */
export const register = (
  context: AutoScalingContext,
  group: Group,
  joining: { readonly instanceId: string; readonly healthyAfterSeconds?: number },
): void => {
  const { instanceId, healthyAfterSeconds } = joining;
  for (const arn of targetGroupsOf(group)) {
    context.targets.register(arn, instanceId, healthyAfterSeconds);
  }
  for (const name of classicOf(group)) {
    context.classic.register({ ...group, name }, instanceId);
  }
};

const deregister = (context: AutoScalingContext, group: Group, { instanceId }: Member): void => {
  for (const arn of targetGroupsOf(group)) context.targets.deregister(arn, instanceId);
  for (const name of classicOf(group)) {
    context.classic.deregister({ ...group, name }, instanceId);
  }
};

/** "InService" says that it was registered, not that it is healthy there. (User guide, "Health checks for instances".) */
export const join = (context: AutoScalingContext, group: Group, member: Member): void => {
  // What is not added now is not added when the process is resumed. (User guide, "Suspend and resume", AddToLoadBalancer.)
  if (!isSuspended(group, "AddToLoadBalancer")) register(context, group, member);
  unlessOvertaken(context, member, {
    atMs: context.clock.now() + context.settings.joinMs,
    job: () => {
      member.inServiceAt = context.clock.now();
      enter(context, group, { member, state: "InService" });
      end(context, group, { activity: member.activity, status: "Successful" });
      member.activity = undefined;
      // Capacity, health of what has just come, and replacements that have waited for it.
      context.wake(group, 0);
    },
  });
};

/** Of one that was launched: its hooks, then the load balancers. Attached ones have no hooks. */
export const advanceJoining = (context: AutoScalingContext, group: Group, member: Member): void => {
  if (context.fleet.find(group, member.instanceId)?.state !== "running") return;
  const isWaiting = waitForHook(context, group, {
    member,
    transition: "autoscaling:EC2_INSTANCE_LAUNCHING",
    onResult: (result) => {
      afterLaunchHook(context, group, { member, result });
    },
  });
  if (isWaiting) {
    if (member.activity !== undefined) member.activity.StatusCode = "MidLifecycleAction";
    enter(context, group, { member, state: "Pending:Wait" });
    return;
  }
  if (member.state === "Pending:Wait") enter(context, group, { member, state: "Pending:Proceed" });
  join(context, group, member);
};

const afterLaunchHook = (
  context: AutoScalingContext,
  group: Group,
  done: { readonly member: Member; readonly result: HookResult },
): void => {
  const { member, result } = done;
  if (result === "CONTINUE") {
    advanceJoining(context, group, member);
    return;
  }
  const text = `Lifecycle Action with hook was abandoned: instance ${member.instanceId} is terminated`;
  end(context, group, { activity: member.activity, status: "Cancelled", message: text });
  terminateMember(context, group, {
    member,
    causes: [
      sentence(
        context,
        `instance ${member.instanceId} was taken out of service in response to an abandoned lifecycle action`,
      ),
    ],
  });
};

const isDrained = (context: AutoScalingContext, group: Group, { instanceId }: Member): boolean =>
  !targetGroupsOf(group).some((arn) => context.targets.isIn(arn, instanceId));

type Leaving = "Terminating" | "Detaching" | "EnteringStandby";

const descriptions: Readonly<Record<Leaving, string>> = {
  Terminating: "Terminating EC2 instance",
  Detaching: "Detaching EC2 instance",
  EnteringStandby: "Moving EC2 instance to Standby",
};

const leave = (
  context: AutoScalingContext,
  group: Group,
  order: {
    readonly member: Member;
    readonly causes: readonly string[];
    readonly state: Leaving;
  },
): void => {
  const { member, causes, state } = order;
  const { instanceId, zoneName } = member;
  end(context, group, { activity: member.activity, status: "Cancelled" });
  member.activity = begin(context, group, {
    instanceId,
    description: `${descriptions[state]}: ${instanceId}`,
    causes,
    zoneName,
    subnetId: context.fleet.find(group, instanceId)?.subnetId,
  });
  member.wait = undefined;
  member.yielding = undefined;
  member.hooksDone.clear();
  enter(context, group, { member, state });
  deregister(context, group, member);
  advanceLeaving(context, group, member);
};

interface Departure {
  readonly member: Member;
  /** As its activity tells them. */
  readonly causes: readonly string[];
}

export const terminateMember = (
  context: AutoScalingContext,
  group: Group,
  order: Departure,
): void => {
  leave(context, group, { ...order, state: "Terminating" });
  context.wake(group);
};

/** "When you detach an instance … it is deregistered first", and no hook runs. (User guide, "Detach or attach instances".) */
export const detachMember = (context: AutoScalingContext, group: Group, order: Departure): void => {
  leave(context, group, { ...order, state: "Detaching" });
  context.wake(group);
};

export const standBy = (context: AutoScalingContext, group: Group, order: Departure): void => {
  leave(context, group, { ...order, state: "EnteringStandby" });
  context.wake(group);
};

const finish = (context: AutoScalingContext, group: Group, member: Member): void => {
  end(context, group, { activity: member.activity, status: "Successful" });
  member.activity = undefined;
};

/** Goes on with what it can: it drains first, then its hooks run, then EC2 ends it. */
export const advanceLeaving = (context: AutoScalingContext, group: Group, member: Member): void => {
  const { state } = member;
  if (state === "Terminating:Proceed") endTermination(context, group, member);
  if (!["Terminating", "Detaching", "EnteringStandby"].includes(state)) return;
  if (!isDrained(context, group, member)) {
    if (member.activity !== undefined) {
      member.activity.StatusCode = "WaitingForELBConnectionDraining";
    }
    return;
  }
  if (state === "Terminating") {
    afterDraining(context, group, member);
    return;
  }
  finish(context, group, member);
  if (state === "EnteringStandby") {
    enter(context, group, { member, state: "Standby" });
    return;
  }
  context.fleet.untag(group, member.instanceId, [groupNameTag]);
  removeMember(context, group, member);
};

const afterDraining = (context: AutoScalingContext, group: Group, member: Member): void => {
  const isWaiting = waitForHook(context, group, {
    member,
    transition: "autoscaling:EC2_INSTANCE_TERMINATING",
    onResult: (result) => {
      afterTerminatingHook(context, group, { member, result });
    },
  });
  if (isWaiting) {
    if (member.activity !== undefined) member.activity.StatusCode = "MidLifecycleAction";
    if (member.state !== "Terminating:Wait")
      enter(context, group, { member, state: "Terminating:Wait" });
    return;
  }
  enter(context, group, { member, state: "Terminating:Proceed" });
  context.fleet.terminate(group, member.instanceId);
  endTermination(context, group, member);
};

/** "ABANDON … stops any remaining actions, such as other lifecycle hooks"; the instance is terminated all the same, unless it is retained. */
const afterTerminatingHook = (
  context: AutoScalingContext,
  group: Group,
  done: { readonly member: Member; readonly result: HookResult },
): void => {
  const { member, result } = done;
  if (result === "CONTINUE") {
    afterDraining(context, group, member);
    return;
  }
  if (isRetaining(group)) {
    end(context, group, {
      activity: member.activity,
      status: "Cancelled",
      message: `Instance ${member.instanceId} is retained: its terminating lifecycle action was abandoned`,
    });
    member.activity = undefined;
    enter(context, group, { member, state: "Terminating:Retained" });
    context.wake(group);
    return;
  }
  for (const name of group.hooks.keys()) member.hooksDone.add(name);
  afterDraining(context, group, member);
};

/** User guide, "Configure instance retention": an abandoned terminating hook keeps the instance running and billed. */
const isRetaining = ({ definition }: Group): boolean =>
  definition.InstanceLifecyclePolicy?.RetentionTriggers?.TerminateHookAbandon === "retain";

const endTermination = (context: AutoScalingContext, group: Group, member: Member): void => {
  const state = context.fleet.find(group, member.instanceId)?.state ?? "terminated";
  if (state !== "terminated") return;
  finish(context, group, member);
  removeMember(context, group, member);
};

/** It was launched, or attached, and is gone before it was in service: no hook runs. */
export const loseJoining = (
  context: AutoScalingContext,
  group: Group,
  lost: { readonly member: Member; readonly reason: string },
): void => {
  const { member, reason } = lost;
  end(context, group, {
    activity: member.activity,
    status: "Failed",
    message: `Instance became unhealthy while waiting for instance to be in InService state. Termination Reason: ${reason}`,
  });
  member.activity = undefined;
  deregister(context, group, member);
  removeMember(context, group, member);
};
