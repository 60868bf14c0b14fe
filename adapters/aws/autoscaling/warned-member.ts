/** Reads a member that EC2 takes back, and what of its group bears on letting it go: two calls, for there are two minutes. */
import type { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import type { WarnedMember } from "../../../core/model/kubernetes/warned.ts";
import { describeGroup, describeHooks } from "./describe.ts";
import { sourcesOf } from "./group-settings.ts";

const terminating = "autoscaling:EC2_INSTANCE_TERMINATING";

/** Undefined: it is not a member, or there is no such group. */
export const readWarnedMember = async (
  autoScaling: AutoScalingClient,
  { asgName, instanceId }: { readonly asgName: string; readonly instanceId: string },
): Promise<WarnedMember | undefined> => {
  const [group, hooks] = await Promise.all([
    describeGroup(autoScaling, asgName),
    describeHooks(autoScaling, asgName),
  ]);
  const member = group?.Instances?.find(({ InstanceId }) => InstanceId === instanceId);
  if (group === undefined || member === undefined) return undefined;
  const { targetGroupArns, classicNames, others } = sourcesOf(group);
  return {
    lifecycleState: member.LifecycleState ?? "unknown",
    desiredCapacity: group.DesiredCapacity ?? 0,
    isLaunchSuspended: (group.SuspendedProcesses ?? []).some(
      ({ ProcessName }) => ProcessName === "Launch",
    ),
    replacesAhead: group.CapacityRebalance === true,
    hasTerminatingHook: hooks.some(
      ({ LifecycleTransition }) => LifecycleTransition === terminating,
    ),
    hasTraffic: targetGroupArns.length + classicNames.length + others.length > 0,
  };
};

/** Whatever its state there. */
export const isMember = async (
  autoScaling: AutoScalingClient,
  { asgName, instanceId }: { readonly asgName: string; readonly instanceId: string },
): Promise<boolean> => {
  const group = await describeGroup(autoScaling, asgName);
  return group?.Instances?.some(({ InstanceId }) => InstanceId === instanceId) ?? false;
};
