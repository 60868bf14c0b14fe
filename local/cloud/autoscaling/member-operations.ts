/** What callers do with single members: attach, detach, terminate. */
import type {
  ActivityType,
  AttachInstancesQuery,
  DetachInstancesAnswer,
  DetachInstancesQuery,
  TerminateInstanceInAutoScalingGroupType,
} from "@aws-sdk/client-auto-scaling";
import type { Call } from "../contract.ts";
import type { FleetInstance } from "../ec2/fleet.ts";
import { begin, sentence } from "./activities.ts";
import { setDesired, shrinking } from "./capacity.ts";
import {
  classicOf,
  groupOf,
  isSuspended,
  targetGroupsOf,
  zonesOf,
  type AutoScalingContext,
} from "./context.ts";
import { requireCalm, requireRole, requireUnblocked } from "./group-operations.ts";
import { propagatedTags } from "./launching.ts";
import { addMember, detachMember, join, memberOf, terminateMember } from "./members.ts";
import { membersOf, named, requireState, takeOut, terminable } from "./named-members.ts";
import { deadBalancer, inProgress, invalid, tooMany, wrongSizes } from "./refusals.ts";
import type { Group, Member } from "./state.ts";

/** A load balancer or target group of the group is gone. */
const requireBalancers = (context: AutoScalingContext, group: Group): void => {
  const isDead =
    targetGroupsOf(group).some((arn) => !context.targets.isThere(arn)) ||
    classicOf(group).some((name) => !context.classic.isThere({ ...group, name }));
  if (isDead) throw deadBalancer();
};

/**
 * "The instance is in the running state. The AMI used to launch the instance still exists. The instance is not a member of another group.
 * The instance is launched into one of the Availability Zones defined in your group. If the group has an attached load balancer target
 * group, the instance and the load balancer must both be in the same VPC." (User guide, "Detach or attach instances".) † The words.
 */
const attachable = (
  context: AutoScalingContext,
  group: Group,
  instanceId: string,
): FleetInstance => {
  const other = context.memberships.get(instanceId);
  if (other !== undefined) {
    throw invalid(`The Instance: ${instanceId} is already part of AutoScalingGroup:${other.name}`);
  }
  const instance = context.fleet.find(group, instanceId);
  if (instance === undefined) throw invalid(`Invalid Instance ID(s): [${instanceId}] specified`);
  if (instance.state !== "running") {
    throw invalid(`Instance ${instanceId} is not in correct state: it is ${instance.state}.`);
  }
  if (!context.fleet.hasImage(group, instance.imageId)) {
    throw invalid(`The AMI ${instance.imageId} of instance ${instanceId} does not exist.`);
  }
  if (!zonesOf(context, group).includes(instance.zoneName)) {
    throw invalid(
      `The availability zone ${instance.zoneName} of instance ${instanceId} is not part of AutoScalingGroup:${group.name}`,
    );
  }
  return instance;
};

const ownTemplate = ({ launchTemplate: from }: FleetInstance): Member["template"] =>
  from === undefined
    ? undefined
    : {
        LaunchTemplateId: from.id,
        LaunchTemplateName: from.name,
        Version: String(from.version),
      };

/** Desired is raised by the call, before the member serves. † exact instant. */
const attachAll = (
  context: AutoScalingContext,
  group: Group,
  order: { readonly instances: readonly FleetInstance[]; readonly call: Call },
): void => {
  const { instances, call } = order;
  const to = group.desired + instances.length;
  const tags = propagatedTags(group).map(({ Key: key = "", Value: value = "" }) => [key, value]);
  for (const instance of instances) {
    const member = memberOf(group, instance, {
      isAttached: true,
      joinedAt: context.clock.now(),
      template: ownTemplate(instance),
      launchConfigurationName: undefined,
    });
    // "…without Subnet ID" in a published notification.
    const cause = `an instance was added in response to user request. Keeping the capacity at the new ${String(to)}`;
    member.activity = begin(context, group, {
      instanceId: instance.instanceId,
      description: `Attaching an existing EC2 instance: ${instance.instanceId}`,
      causes: [sentence(context, cause)],
      zoneName: instance.zoneName,
    });
    // The group's tags overwrite the instance's. † Those that propagate.
    context.fleet.tag(
      group,
      instance.instanceId,
      Object.fromEntries(tags) as Record<string, string>,
    );
    addMember(context, group, member);
    join(context, group, member);
  }
  setDesired(context, group, { to, call });
};

const attach =
  (context: AutoScalingContext) =>
  (call: Call, input: AttachInstancesQuery): Record<string, never> => {
    const group = groupOf(context, call, input.AutoScalingGroupName);
    requireCalm(context, call, group.name);
    requireRole(context, call);
    const ids = named(input.InstanceIds, "attach");
    if (isSuspended(group, "Launch")) {
      throw invalid(
        `Cannot attach instances to AutoScalingGroup ${group.name} while the Launch process is suspended`,
      );
    }
    const instances = ids.map((id) => attachable(context, group, id));
    if (group.desired + ids.length > group.maxSize) throw wrongSizes(group, "attach", ids.length);
    requireBalancers(context, group);
    attachAll(context, group, { instances, call });
    return {};
  };

const detach =
  (context: AutoScalingContext) =>
  (call: Call, input: DetachInstancesQuery): DetachInstancesAnswer => {
    const group = groupOf(context, call, input.AutoScalingGroupName);
    requireCalm(context, call, group.name);
    const ids = named(input.InstanceIds, "detach");
    const decrements = input.ShouldDecrementDesiredCapacity === true;
    const members = membersOf(group, ids);
    requireState(members, ["InService", "Standby", "Terminating:Retained"]);
    const isRetained = members.some(({ state }) => state === "Terminating:Retained");
    if (isRetained && decrements) {
      throw invalid("Desired capacity cannot be decremented for instances that are retained.");
    }
    if (decrements && group.desired - ids.length < group.minSize) {
      throw wrongSizes(group, "detach", ids.length);
    }
    return {
      Activities: takeOut(context, group, {
        members,
        decrements,
        call,
        leave: detachMember,
        cause: ({ instanceId }, shrinks) =>
          `instance ${instanceId} was detached in response to a user request${shrinks}`,
      }) as DetachInstancesAnswer["Activities"],
    };
  };

/** "InstanceIds … up to 100"; one call may name one or many. */
const mostTerminated = 100;

const isLeaving = ({ state }: Member): boolean =>
  ["Terminating", "Terminating:Wait", "Terminating:Proceed", "Detaching"].includes(state);

const checkTermination = (
  context: AutoScalingContext,
  call: Call,
  order: {
    readonly group: Group;
    readonly members: readonly Member[];
    readonly decrements: boolean;
  },
): void => {
  const { group, members, decrements } = order;
  requireCalm(context, call, group.name);
  requireUnblocked(context, group);
  // † How it refuses a second termination.
  const leaving = members.find(isLeaving);
  if (leaving !== undefined) throw inProgress(leaving.activity?.ActivityId ?? "");
  requireBalancers(context, group);
  if (!decrements) return;
  if (members.some(({ state }) => state === "Terminating:Retained")) {
    throw invalid("Desired capacity cannot be decremented for instances that are retained.");
  }
  if (group.desired - members.length < group.minSize) {
    throw invalid(
      `Currently, desiredSize equals minSize (${String(group.minSize)}). Terminating instance without replacement will violate group's min size constraint. ` +
        "Either set shouldDecrementDesiredCapacity flag to false or lower group's min size.",
    );
  }
};

/**
 * It is deregistered, its terminating hooks run, protection from scale-in is ignored. Without a decrement the group launches another from
 * its template. (User guide, "Use instance scale-in protection"; API reference, TerminateInstanceInAutoScalingGroup.)
 */
const terminate =
  (context: AutoScalingContext) =>
  (call: Call, input: TerminateInstanceInAutoScalingGroupType): ActivityType => {
    const { InstanceId: one, InstanceIds: many, ShouldDecrementDesiredCapacity } = input;
    const ids = [...new Set([...(one === undefined ? [] : [one]), ...(many ?? [])])];
    if (ids.length === 0) throw invalid("Either InstanceId or InstanceIds must be specified.");
    if (ids.length > mostTerminated) throw tooMany("terminate");
    const found = ids.map((id) => terminable(context, call, id));
    const [group] = new Set(found.map((each) => each.group));
    if (group === undefined || found.some((each) => each.group !== group)) {
      throw invalid("All instances must be in the same Auto Scaling group.");
    }
    const members = found.map(({ member }) => member);
    const decrements = ShouldDecrementDesiredCapacity === true;
    checkTermination(context, call, { group, members, decrements });
    const activities = takeOut(context, group, {
      members,
      decrements,
      call,
      leave: terminateMember,
      cause: (_, shrinks) =>
        `an instance was taken out of service in response to a user request${decrements ? shrinks : `, ${shrinking(group, false)}`}`,
    }) as NonNullable<ActivityType["Activities"]>;
    const [first] = activities;
    return many === undefined && first !== undefined
      ? { Activity: first }
      : { Activities: activities };
  };

export const memberOperations = (context: AutoScalingContext) => ({
  AttachInstances: attach(context),
  DetachInstances: detach(context),
  TerminateInstanceInAutoScalingGroup: terminate(context),
});
