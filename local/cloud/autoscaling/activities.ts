/** Scaling activities: what the group did, to which instance, and why, in AWS's words. */
import type { ScalingActivityStatusCode } from "@aws-sdk/client-auto-scaling";
import { newId, type AutoScalingContext } from "./context.ts";
import { emitActivity } from "./telling.ts";
import type { ActivityRecord, Group } from "./state.ts";

/** A sentence of a cause, with the time at which it happened. */
export const sentence = ({ clock }: AutoScalingContext, text: string): string =>
  `At ${new Date(clock.now()).toISOString().replace(/\.\d+/, "")} ${text}.`;

/** What changed the group's desired capacity, and has not been acted on yet. */
export const takeCauses = (group: Group): readonly string[] => {
  const { causes } = group;
  group.causes = [];
  return causes;
};

interface NewActivity {
  readonly instanceId?: string | undefined;
  readonly description: string;
  readonly causes: readonly string[];
  readonly zoneName?: string | undefined;
  readonly subnetId?: string | undefined;
  readonly status?: ScalingActivityStatusCode;
}

const detailsOf = ({ zoneName, subnetId }: NewActivity): string =>
  JSON.stringify({
    ...(subnetId !== undefined && { "Subnet ID": subnetId }),
    ...(zoneName !== undefined && { "Availability Zone": zoneName }),
  });

export const begin = (
  context: AutoScalingContext,
  group: Group,
  asked: NewActivity,
): ActivityRecord => {
  const activity: ActivityRecord = {
    ActivityId: newId(context),
    AutoScalingGroupName: group.name,
    AutoScalingGroupARN: group.arn,
    Description: asked.description,
    Cause: asked.causes.join("  "),
    StartTime: new Date(context.clock.now()),
    StatusCode: asked.status ?? "InProgress",
    Progress: 50,
    Details: detailsOf(asked),
    instanceId: asked.instanceId,
  };
  group.activities.unshift(activity);
  return activity;
};

/** Without effect on one that has ended. */
export const end = (
  context: AutoScalingContext,
  group: Group,
  ending: {
    readonly activity: ActivityRecord | undefined;
    readonly status: "Successful" | "Failed" | "Cancelled";
    readonly message?: string | undefined;
  },
): void => {
  const { activity, status, message } = ending;
  if (activity === undefined || activity.EndTime !== undefined) return;
  activity.StatusCode = status;
  activity.EndTime = new Date(context.clock.now());
  activity.Progress = 100;
  if (message !== undefined) activity.StatusMessage = message;
  const isOfInstance = /^(Launching|Attaching|Terminating)/.test(activity.Description ?? "");
  if (isOfInstance) emitActivity(context, group, activity);
};

export const isOpen = ({ EndTime: endTime }: ActivityRecord): boolean => endTime === undefined;
