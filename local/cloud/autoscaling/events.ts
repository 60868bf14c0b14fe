/** What the simulated Auto Scaling tells: EventBridge's events, and each change for whoever watches capacity. */
import type { Call } from "../contract.ts";
import { newId, type AutoScalingContext } from "./context.ts";
import type { ActivityRecord, Group, LifecycleWait, Member } from "./state.ts";

/** Auto Scaling user guide, "Amazon EC2 Auto Scaling event reference". Best effort, says it. */
export interface AutoScalingEvent {
  readonly version: "0";
  readonly id: string;
  readonly "detail-type":
    | "EC2 Instance Launch Successful"
    | "EC2 Instance Launch Unsuccessful"
    | "EC2 Instance Terminate Successful"
    | "EC2 Instance Terminate Unsuccessful"
    | "EC2 Instance-launch Lifecycle Action"
    | "EC2 Instance-terminate Lifecycle Action";
  readonly source: "aws.autoscaling";
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Of a group: who is in it, how its members are, or how many are wanted. */
export type Change =
  | { readonly kind: "MEMBERS" }
  | {
      readonly kind: "DESIRED";
      readonly from: number;
      readonly to: number;
      /** The call that changed it; absent: a policy, a scheduled action, Auto Scaling itself. */
      readonly call?: Call | undefined;
    };

export type AutoScalingListener = (event: AutoScalingEvent) => void;
export type ChangeListener = (group: Group, change: Change) => void;

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
    time: new Date(context.clock.now()).toISOString().replace(/\.\d+/, ""),
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
