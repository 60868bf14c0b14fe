/** Shapes what Auto Scaling tells EventBridge: launches and terminations that have ended, and lifecycle actions that begin. */
import { eventTime } from "../aws-event.ts";
import { newId, type AutoScalingContext } from "./context.ts";
import type { AutoScalingEvent } from "./events.ts";
import type { ActivityRecord, Group, LifecycleWait, Member } from "./state.ts";

const emit = (
  context: AutoScalingContext,
  group: Group,
  event: {
    readonly type: AutoScalingEvent["detail-type"];
    readonly instanceId: string | undefined;
    readonly detail: Readonly<Record<string, unknown>>;
  },
): void => {
  const { type, instanceId, detail } = event;
  context.emit({
    version: "0",
    id: newId(context),
    "detail-type": type,
    source: "aws.autoscaling",
    account: group.accountId,
    time: eventTime(context.clock.now()),
    region: group.region,
    resources: [
      group.arn,
      ...(instanceId === undefined
        ? []
        : [`arn:aws:ec2:${group.region}:${group.accountId}:instance/${instanceId}`]),
    ],
    detail: { AutoScalingGroupName: group.name, ...detail },
  });
};

/** Also for attachments, as a published SNS notification has it; † for EventBridge. */
export const emitActivity = (
  context: AutoScalingContext,
  group: Group,
  activity: ActivityRecord,
): void => {
  const isLaunch = /^(Launching|Attaching)/.test(activity.Description ?? "");
  const outcome = activity.StatusCode === "Successful" ? "Successful" : "Unsuccessful";
  emit(context, group, {
    type: `EC2 Instance ${isLaunch ? "Launch" : "Terminate"} ${outcome}`,
    instanceId: activity.instanceId,
    detail: {
      ActivityId: activity.ActivityId,
      Cause: activity.Cause,
      Description: activity.Description,
      Details: JSON.parse(activity.Details ?? "{}"),
      EC2InstanceId: activity.instanceId,
      StartTime: activity.StartTime?.toISOString(),
      EndTime: activity.EndTime?.toISOString(),
      StatusCode: activity.StatusCode,
      StatusMessage: activity.StatusMessage ?? "",
    },
  });
};

export const emitWait = (
  context: AutoScalingContext,
  group: Group,
  waiting: { readonly member: Member; readonly wait: LifecycleWait; readonly transition: string },
): void => {
  const { member, wait, transition } = waiting;
  const isLaunch = transition === "autoscaling:EC2_INSTANCE_LAUNCHING";
  emit(context, group, {
    type: `EC2 Instance-${isLaunch ? "launch" : "terminate"} Lifecycle Action`,
    instanceId: member.instanceId,
    detail: {
      LifecycleActionToken: wait.token,
      LifecycleHookName: wait.hookName,
      EC2InstanceId: member.instanceId,
      LifecycleTransition: transition,
      Origin: isLaunch ? "EC2" : "AutoScalingGroup",
      Destination: isLaunch ? "AutoScalingGroup" : "EC2",
    },
  });
};
