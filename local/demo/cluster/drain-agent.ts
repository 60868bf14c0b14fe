/** The customer's own software behind a terminating hook: it drains a member that leaves, and then lets it go. */
import * as z from "zod";
import type { GroupName } from "../../cloud/autoscaling/control.ts";
import type { LabAccount } from "../../lab/account.ts";

/** A member that was drained. */
export interface Drain {
  readonly instanceId: string;
  readonly endedMs: number;
  /** EC2 had it still running when the draining was done. */
  readonly wasRunning: boolean;
}

export const drainHook = "drain";
const drainSeconds = 40;

const detailSchema = z.object({
  AutoScalingGroupName: z.string(),
  LifecycleHookName: z.string(),
  LifecycleActionToken: z.string(),
  EC2InstanceId: z.string(),
});

/** Hears of each member that waits, works for a while, and completes the action as the user guide tells. */
export const startDrainAgent = (
  { platform, clock, accountId, region }: LabAccount,
  group: GroupName,
): readonly Drain[] => {
  const drains: Drain[] = [];
  const { accessKeyId } = platform.cloud.identities.addUser({ accountId, name: "drain-agent" });
  platform.autoScaling.control.onEvent(({ "detail-type": type, detail }) => {
    if (type !== "EC2 Instance-terminate Lifecycle Action") return;
    const action = detailSchema.parse(detail);
    if (action.AutoScalingGroupName !== group.name) return;
    const instanceId = action.EC2InstanceId;
    clock.schedule(clock.now() + drainSeconds * 1000, async () => {
      const wasRunning = platform.ec2.control.find(instanceId)?.state === "running";
      drains.push({ instanceId, endedMs: clock.now(), wasRunning });
      await platform.cloud.call({
        service: "autoscaling",
        operation: "CompleteLifecycleAction",
        region,
        accessKeyId,
        input: {
          AutoScalingGroupName: group.name,
          LifecycleHookName: action.LifecycleHookName,
          LifecycleActionToken: action.LifecycleActionToken,
          InstanceId: instanceId,
          LifecycleActionResult: "CONTINUE",
        },
      });
    });
  });
  return drains;
};
