import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  DescribeLifecycleHooksCommand,
  type AutoScalingGroup,
} from "@aws-sdk/client-auto-scaling";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { isMember, readWarnedMember } from "../../../../adapters/aws/autoscaling/warned-member.ts";

const client = new AutoScalingClient({ region: "eu-central-1" });
const mock = mockClient(client);
const wanted = { asgName: "workers", instanceId: "i-1" };

const shows = (change: Partial<AutoScalingGroup> = {}): void => {
  mock.on(DescribeAutoScalingGroupsCommand, { AutoScalingGroupNames: ["workers"] }).resolves({
    AutoScalingGroups: [
      {
        AutoScalingGroupName: "workers",
        MinSize: 1,
        MaxSize: 4,
        DesiredCapacity: 3,
        DefaultCooldown: 300,
        AvailabilityZones: ["eu-central-1a"],
        HealthCheckType: "EC2",
        CreatedTime: new Date(0),
        Instances: [
          {
            InstanceId: "i-1",
            AvailabilityZone: "eu-central-1a",
            LifecycleState: "InService",
            HealthStatus: "Healthy",
            ProtectedFromScaleIn: false,
          },
        ],
        ...change,
      },
    ],
  });
};

const plain = {
  lifecycleState: "InService",
  desiredCapacity: 3,
  isLaunchSuspended: false,
  replacesAhead: false,
  hasTerminatingHook: false,
  hasTraffic: false,
};

beforeEach(() => {
  mock.reset();
  mock.on(DescribeLifecycleHooksCommand).resolves({ LifecycleHooks: [] });
});

describe("a member that EC2 takes back", () => {
  it.each<readonly [string, Partial<AutoScalingGroup>, Partial<typeof plain>]>([
    ["of a plain group", {}, {}],
    [
      "whose group launches nothing",
      { SuspendedProcesses: [{ ProcessName: "Launch" }] },
      { isLaunchSuspended: true },
    ],
    ["whose group rebalances ahead", { CapacityRebalance: true }, { replacesAhead: true }],
    ["with a target group", { TargetGroupARNs: ["arn:aws:tg"] }, { hasTraffic: true }],
    ["with a classic balancer", { LoadBalancerNames: ["old"] }, { hasTraffic: true }],
    [
      "with a source of another kind",
      { TrafficSources: [{ Identifier: "arn:aws:lattice", Type: "vpc-lattice" }] },
      { hasTraffic: true },
    ],
  ])("%s", async (_, change, read) => {
    shows(change);
    await expect(readWarnedMember(client, wanted)).resolves.toEqual({ ...plain, ...read });
  });

  it("with a terminating hook, and not with a launching one", async () => {
    shows();
    const hook = (transition: string) => ({ LifecycleTransition: transition });
    mock.on(DescribeLifecycleHooksCommand).resolves({
      LifecycleHooks: [hook("autoscaling:EC2_INSTANCE_LAUNCHING")],
    });
    await expect(readWarnedMember(client, wanted)).resolves.toEqual(plain);
    mock.on(DescribeLifecycleHooksCommand).resolves({
      LifecycleHooks: [hook("autoscaling:EC2_INSTANCE_TERMINATING")],
    });
    await expect(readWarnedMember(client, wanted)).resolves.toMatchObject({
      hasTerminatingHook: true,
    });
  });

  it("is none where it has left, or its group is gone", async () => {
    shows({ Instances: [] });
    await expect(readWarnedMember(client, wanted)).resolves.toBeUndefined();
    await expect(isMember(client, wanted)).resolves.toBe(false);
    mock.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: [] });
    await expect(readWarnedMember(client, wanted)).resolves.toBeUndefined();
    await expect(isMember(client, wanted)).resolves.toBe(false);
    shows();
    await expect(isMember(client, wanted)).resolves.toBe(true);
  });
});
