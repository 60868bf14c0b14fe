/** What a group does by itself. Sources: Auto Scaling user guide and API reference, as the rules' comments in the service name them. */
import {
  CompleteLifecycleActionCommand,
  DescribeInstanceRefreshesCommand,
  DescribeScalingActivitiesCommand,
  EnterStandbyCommand,
  ExitStandbyCommand,
  AttachInstancesCommand,
  PutAccountSettingCommand,
  PutScheduledUpdateGroupActionCommand,
  RecordLifecycleActionHeartbeatCommand,
  ResumeProcessesCommand,
  SetDesiredCapacityCommand,
  SetInstanceProtectionCommand,
  SuspendProcessesCommand,
  TerminateInstanceInAutoScalingGroupCommand,
  type Instance,
} from "@aws-sdk/client-auto-scaling";
import { describe, expect, it } from "@jest/globals";
import { refusalOf } from "../cloud-fixture.ts";
import { createWorld, type World } from "./world.ts";

const AutoScalingGroupName = "web";

const desired = (world: World, DesiredCapacity: number) =>
  world.client.send(new SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity }));

const suspend = (world: World, ...ScalingProcesses: readonly string[]) =>
  world.client.send(
    new SuspendProcessesCommand({ AutoScalingGroupName, ScalingProcesses: [...ScalingProcesses] }),
  );

const resume = (world: World, ...ScalingProcesses: readonly string[]) =>
  world.client.send(
    new ResumeProcessesCommand({ AutoScalingGroupName, ScalingProcesses: [...ScalingProcesses] }),
  );

const terminate = (world: World, InstanceId: string, ShouldDecrementDesiredCapacity = true) =>
  world.client.send(
    new TerminateInstanceInAutoScalingGroupCommand({ InstanceId, ShouldDecrementDesiredCapacity }),
  );

const idsOf = (members: readonly Instance[]): readonly string[] =>
  members.map(({ InstanceId: id = "" }) => id);

const firstId = async (world: World): Promise<string> => idsOf(await world.members())[0] ?? "";

const causes = async (world: World): Promise<readonly string[]> => {
  const { Activities = [] } = await world.client.send(
    new DescribeScalingActivitiesCommand({ AutoScalingGroupName }),
  );
  return Activities.map(({ Cause: cause = "" }) => cause);
};

const inZones = (members: readonly Instance[]): readonly number[] => {
  const zones = new Map<string, number>();
  for (const { AvailabilityZone: zone = "", LifecycleState: state } of members) {
    if (state === "InService") zones.set(zone, (zones.get(zone) ?? 0) + 1);
  }
  return [...zones.values()].sort();
};

const hook = (transition: "LAUNCHING" | "TERMINATING", more: object = {}) => ({
  LifecycleHookName: "hook",
  LifecycleTransition: `autoscaling:EC2_INSTANCE_${transition}`,
  HeartbeatTimeout: 60,
  ...more,
});

describe("desired capacity", () => {
  it("raised: launches On-Demand from the template in the emptiest zones, and says why", async () => {
    const world = createWorld();
    await desired(world, 6);
    await world.pass(60);
    const members = await world.members();
    expect(inZones(members)).toEqual([3, 3]);
    for (const id of idsOf(members)) {
      expect(world.ec2Service.control.find(id)?.lifecycle).toBeUndefined();
    }
    expect((await causes(world))[1]).toBe(
      "At 2024-01-01T00:00:00Z a user request explicitly set group desired capacity changing the desired capacity from 4 to 6.  " +
        "At 2024-01-01T00:00:10Z an instance was started in response to a difference between desired and actual capacity, increasing the capacity from 4 to 5.",
    );
  });

  it("out of bounds is refused in AWS's words", async () => {
    const world = createWorld({ min: 2 });
    expect((await refusalOf(desired(world, 11))).message).toBe(
      "New SetDesiredCapacity value 11 is above max value 10 for the AutoScalingGroup.",
    );
    expect((await refusalOf(desired(world, 1))).message).toContain("below min value 2");
  });

  it("lowered: terminates unprotected members alone, and none when all are protected", async () => {
    const world = createWorld();
    const ids = idsOf(await world.members());
    await world.client.send(
      new SetInstanceProtectionCommand({
        AutoScalingGroupName,
        InstanceIds: ids.slice(0, 3),
        ProtectedFromScaleIn: true,
      }),
    );
    await desired(world, 2);
    await world.pass(150);
    expect(idsOf(await world.members())).toEqual(ids.slice(0, 3));
    const { Activities = [] } = await world.client.send(
      new DescribeScalingActivitiesCommand({ AutoScalingGroupName }),
    );
    expect(Activities.map(({ StatusMessage: message }) => message)).toContain(
      "Could not scale to desired capacity because all remaining instances are protected from scale-in.",
    );
  });

  // User guide, "Use instance scale-in protection": it "can't terminate the required number of instances until their … settings are disabled".
  it("lowered while all are protected: as many leave as are too many, once they are released", async () => {
    const world = createWorld();
    const ids = idsOf(await world.members());
    const protect = (ProtectedFromScaleIn: boolean) =>
      world.client.send(
        new SetInstanceProtectionCommand({
          AutoScalingGroupName,
          InstanceIds: [...ids],
          ProtectedFromScaleIn,
        }),
      );
    await protect(true);
    await desired(world, 2);
    await world.pass(150);
    expect(idsOf(await world.members())).toEqual(ids);
    await protect(false);
    await world.pass(150);
    expect(await world.members()).toHaveLength(2);
  });

  it("lowered while all in service are protected: what is on its way leaves again", async () => {
    const world = createWorld();
    const ids = idsOf(await world.members());
    await world.client.send(
      new SetInstanceProtectionCommand({
        AutoScalingGroupName,
        InstanceIds: [...ids],
        ProtectedFromScaleIn: true,
      }),
    );
    await desired(world, ids.length + 1);
    await world.pass(10);
    const launched = idsOf(await world.members()).filter((id) => !ids.includes(id));
    expect(launched).toHaveLength(1);
    await desired(world, ids.length);
    await world.pass(150);
    expect(idsOf(await world.members())).toEqual(ids);
  });

  it.each([
    ["NewestInstance", 0],
    ["OldestInstance", 2],
    // All are of one template and version: the next billing hour decides.
    ["ClosestToNextInstanceHour", 1],
    ["Default", 1],
  ])("lowered: %s takes the member at place %d", async (policy, place) => {
    const world = createWorld({
      zones: 1,
      ages: [10.2, 20.9, 40.5, 30.1],
      definition: { TerminationPolicies: [policy] },
    });
    const ids = idsOf(await world.members());
    await desired(world, 3);
    await world.pass(150);
    const left = idsOf(await world.members());
    expect(ids.filter((id) => !left.includes(id))).toEqual([ids[place]]);
  });

  // "OldestLaunchTemplate … terminates instances that use the noncurrent launch template first": so one that was attached goes first.
  it("lowered: by default one of another template goes first", async () => {
    const world = createWorld({ zones: 1 });
    const id = world.outsider();
    await world.client.send(
      new AttachInstancesCommand({ AutoScalingGroupName, InstanceIds: [id] }),
    );
    await world.pass(10);
    await desired(world, 4);
    await world.pass(150);
    expect(await world.stateOf(id)).toBe("absent");
  });

  it("a policy changes it to an absolute value, unless alarms are suspended", async () => {
    const world = createWorld();
    const { control } = world.autoScaling;
    control.applyPolicy(world.name, { desired: 6, policy: "track" });
    expect((await world.group()).DesiredCapacity).toBe(6);
    await suspend(world, "AlarmNotification");
    control.applyPolicy(world.name, { desired: 8 });
    expect((await world.group()).DesiredCapacity).toBe(6);
  });

  it("a scheduled action sets sizes at its time", async () => {
    const world = createWorld();
    await world.client.send(
      new PutScheduledUpdateGroupActionCommand({
        AutoScalingGroupName,
        ScheduledActionName: "night",
        StartTime: new Date(world.clock.now() + 100_000),
        MinSize: 1,
        MaxSize: 3,
        DesiredCapacity: 2,
      }),
    );
    await world.pass(99);
    expect((await world.group()).DesiredCapacity).toBe(4);
    await world.pass(1);
    expect(await world.group()).toMatchObject({ DesiredCapacity: 2, MaxSize: 3 });
  });
});

describe("suspended processes", () => {
  it("Launch: nothing is launched until it is resumed; Terminate: nothing is terminated", async () => {
    const world = createWorld();
    await suspend(world, "Launch", "Terminate");
    expect((await world.group()).SuspendedProcesses).toMatchObject([
      { ProcessName: "Launch", SuspensionReason: "User suspended at 2024-01-01T00:00:00Z" },
      { ProcessName: "Terminate" },
    ]);
    await desired(world, 6);
    await world.pass(60);
    expect(await world.members()).toHaveLength(4);
    await desired(world, 2);
    await world.pass(60);
    expect(await world.members()).toHaveLength(4);
    await resume(world);
    await world.pass(150);
    expect(await world.members()).toHaveLength(2);
  });

  it("of no such name is refused", async () => {
    const world = createWorld();
    expect((await refusalOf(suspend(world, "Sleep"))).code).toBe("ValidationError");
  });
});

describe("AZRebalance", () => {
  const attachTwo = async (world: World): Promise<readonly string[]> => {
    const ids = [world.outsider(), world.outsider()];
    await world.client.send(
      new AttachInstancesCommand({ AutoScalingGroupName, InstanceIds: [...ids] }),
    );
    return ids;
  };

  // Adding instances so that zones become uneven makes the group rebalance: it launches, then it kills.
  it("launches in the other zone, and kills in the full one", async () => {
    const world = createWorld();
    const before = idsOf(await world.members());
    const ids = await attachTwo(world);
    await world.pass(200);
    const members = await world.members();
    expect(inZones(members)).toEqual([3, 3]);
    expect(idsOf(members).filter((id) => ![...before, ...ids].includes(id))).toHaveLength(1);
    expect((await causes(world)).join()).toContain("instances were launched to balance instances");
  });

  it("kills none while the emptier zone gives no instance", async () => {
    const world = createWorld();
    const ids = await attachTwo(world);
    const full = world.ec2Service.control.find(ids[0] ?? "")?.zoneId;
    for (const { id: zoneId } of world.ec2Service.control.zones(
      world.name.accountId,
      world.name.region,
    )) {
      if (zoneId === full) continue;
      const pool = { zoneId, instanceType: "m5.large", purchase: "on-demand" } as const;
      world.ec2Service.control.setCapacity(pool, 0);
    }
    const before = idsOf(await world.members());
    await world.pass(2_000);
    expect(idsOf(await world.members())).toEqual(before);
  });

  it("suspended, leaves them uneven", async () => {
    const world = createWorld();
    await suspend(world, "AZRebalance");
    await attachTwo(world);
    await world.pass(200);
    expect(inZones(await world.members())).toEqual([2, 4]);
  });
});

describe("lifecycle hooks", () => {
  it("a launch waits in Pending:Wait; its time over, the default abandons it", async () => {
    const world = createWorld({ hooks: [hook("LAUNCHING")] });
    await desired(world, 5);
    await world.pass(40);
    const fresh = (await world.members()).find(
      ({ LifecycleState }) => LifecycleState !== "InService",
    );
    expect(fresh?.LifecycleState).toBe("Pending:Wait");
    const id = fresh?.InstanceId ?? "";
    await world.client.send(
      new RecordLifecycleActionHeartbeatCommand({
        AutoScalingGroupName,
        LifecycleHookName: "hook",
        InstanceId: id,
      }),
    );
    await world.pass(55);
    expect(await world.stateOf(id)).toBe("Pending:Wait Healthy");
    await world.pass(10);
    expect(await world.stateOf(id)).toContain("Terminating");
  });

  it("completed, the launch goes on; without one there is no action to complete", async () => {
    const world = createWorld({ hooks: [hook("LAUNCHING")] });
    await desired(world, 5);
    await world.pass(40);
    const fresh = (await world.members()).find(
      ({ LifecycleState }) => LifecycleState !== "InService",
    );
    const complete = () =>
      world.client.send(
        new CompleteLifecycleActionCommand({
          AutoScalingGroupName,
          LifecycleHookName: "hook",
          InstanceId: fresh?.InstanceId,
          LifecycleActionResult: "CONTINUE",
        }),
      );
    await complete();
    await world.pass(3);
    expect(await world.stateOf(fresh?.InstanceId ?? "")).toBe("InService Healthy");
    expect((await refusalOf(complete())).message).toBe(
      `No active Lifecycle Action found with instance ID ${fresh?.InstanceId ?? ""}`,
    );
  });

  // Bad day 8. User guide, "Configure instance retention".
  it("an abandoned terminating hook under retain leaves Terminating:Retained, running, and another is launched", async () => {
    const world = createWorld({
      hooks: [hook("TERMINATING")],
      definition: {
        InstanceLifecyclePolicy: { RetentionTriggers: { TerminateHookAbandon: "retain" } },
      },
    });
    const id = await firstId(world);
    await terminate(world, id, false);
    await world.pass(121);
    expect(await world.stateOf(id)).toBe("Terminating:Retained Healthy");
    expect(world.ec2Service.control.find(id)?.state).toBe("running");
    await world.pass(60);
    expect(await world.members()).toHaveLength(5);
    expect((await refusalOf(terminate(world, id))).message).toContain("cannot be decremented");
    // Removing it later enters the hook again.
    await terminate(world, id, false);
    expect(await world.stateOf(id)).toBe("Terminating:Wait Healthy");
  });
});

describe("health", () => {
  it("a stopped member is replaced at once, whatever the grace period", async () => {
    const world = createWorld({ definition: { HealthCheckGracePeriod: 100_000 } });
    const id = await firstId(world);
    world.ec2Service.control.terminateByOwner(id);
    await world.pass(120);
    expect(await world.stateOf(id)).toBe("absent");
    expect(inZones(await world.members())).toEqual([2, 2]);
    expect((await causes(world)).join()).toContain(
      "an instance was launched in response to an unhealthy instance needing to be replaced",
    );
  });

  it("with EC2 checks a member that fails its target group stays Healthy; with ELB it is replaced after the grace", async () => {
    const world = createWorld();
    const id = await firstId(world);
    world.elb.setApplicationHealthy(id, false);
    await world.pass(100);
    expect(await world.stateOf(id)).toBe("InService Healthy");
    const other = createWorld({ definition: { HealthCheckType: "ELB" } });
    const failing = await firstId(other);
    other.elb.setApplicationHealthy(failing, false);
    await other.pass(120);
    expect(await other.stateOf(failing)).toBe("absent");
  });

  it("HealthCheck suspended, nothing is marked; ReplaceUnhealthy suspended, it is marked and stays", async () => {
    const world = createWorld();
    await suspend(world, "ReplaceUnhealthy");
    const id = await firstId(world);
    world.ec2Service.control.terminateByOwner(id);
    await world.pass(100);
    expect(await world.stateOf(id)).toBe("InService Unhealthy");
    const other = createWorld();
    await suspend(other, "HealthCheck");
    const lost = await firstId(other);
    other.ec2Service.control.terminateByOwner(lost);
    await other.pass(100);
    expect(await other.stateOf(lost)).toBe("InService Healthy");
  });

  it("a failed status check replaces, after the grace period", async () => {
    const world = createWorld();
    const id = await firstId(world);
    world.ec2Service.control.failChecks((instance) => instance.id === id);
    await world.pass(150);
    expect(await world.stateOf(id)).toBe("absent");
  });

  it("launchBeforeTerminate launches the replacement first", async () => {
    const world = createWorld({ definition: { HealthCheckType: "ELB" } });
    await world.client.send(
      new PutAccountSettingCommand({ Name: "launchBeforeTerminate", Value: "enabled" }),
    );
    const id = await firstId(world);
    world.elb.setApplicationHealthy(id, false);
    await world.pass(15);
    expect(await world.stateOf(id)).toBe("InService Unhealthy");
    expect(await world.members()).toHaveLength(5);
    await world.pass(120);
    expect(await world.stateOf(id)).toBe("absent");
  });
});

describe("Spot members", () => {
  it("one that is taken back is replaced On-Demand, from the template", async () => {
    const world = createWorld();
    const id = world.outsider({ lifecycle: "spot" });
    await world.client.send(
      new AttachInstancesCommand({ AutoScalingGroupName, InstanceIds: [id] }),
    );
    await world.pass(30);
    world.ec2Service.control.interrupt(id);
    await world.pass(300);
    const members = await world.members();
    expect(members).toHaveLength(5);
    for (const each of idsOf(members)) {
      expect(world.ec2Service.control.find(each)?.lifecycle).toBeUndefined();
    }
  });

  // Bad day 16.
  it("with Capacity Rebalancing a recommendation brings a replacement first", async () => {
    const world = createWorld({ definition: { CapacityRebalance: true } });
    const id = world.outsider({ lifecycle: "spot" });
    await suspend(world, "AZRebalance");
    await world.client.send(
      new AttachInstancesCommand({ AutoScalingGroupName, InstanceIds: [id] }),
    );
    await world.pass(30);
    world.ec2Service.control.interrupt(id, { rebalanceSeconds: 600 });
    await world.pass(5);
    expect(await world.members()).toHaveLength(6);
    expect(await world.stateOf(id)).toBe("InService Healthy");
    await world.pass(200);
    expect(await world.stateOf(id)).toBe("absent");
    expect(await world.members()).toHaveLength(5);
  });
});

describe("standby", () => {
  it("with a decrement lowers desired; leaving it raises desired again", async () => {
    const world = createWorld();
    const id = await firstId(world);
    const InstanceIds = [id];
    await world.client.send(
      new EnterStandbyCommand({
        AutoScalingGroupName,
        InstanceIds,
        ShouldDecrementDesiredCapacity: true,
      }),
    );
    expect((await world.group()).DesiredCapacity).toBe(3);
    await world.pass(61);
    expect(await world.stateOf(id)).toBe("Standby Healthy");
    await world.client.send(new ExitStandbyCommand({ AutoScalingGroupName, InstanceIds }));
    expect((await world.group()).DesiredCapacity).toBe(4);
    await world.pass(3);
    expect(await world.stateOf(id)).toBe("InService Healthy");
  });
});

describe("instance refresh", () => {
  // Bad day 14: "Wait: waits one hour, and then it fails."
  it("waits for a protected member, and fails after an hour", async () => {
    const world = createWorld();
    const id = await firstId(world);
    await world.client.send(
      new SetInstanceProtectionCommand({
        AutoScalingGroupName,
        InstanceIds: [id],
        ProtectedFromScaleIn: true,
      }),
    );
    world.autoScaling.control.startRefresh(world.name);
    await world.pass(900);
    const status = async () => {
      const { InstanceRefreshes = [] } = await world.client.send(
        new DescribeInstanceRefreshesCommand({ AutoScalingGroupName }),
      );
      return InstanceRefreshes[0]?.Status;
    };
    expect(await status()).toBe("InProgress");
    const members = idsOf(await world.members());
    expect(members).toHaveLength(4);
    expect(members).toContain(id);
    await world.pass(3_700);
    expect(await status()).toBe("Failed");
  });

  it("replaces all, and is successful", async () => {
    const world = createWorld();
    const before = idsOf(await world.members());
    world.autoScaling.control.startRefresh(world.name);
    await world.pass(1_200);
    const { InstanceRefreshes = [] } = await world.client.send(
      new DescribeInstanceRefreshesCommand({ AutoScalingGroupName }),
    );
    expect(InstanceRefreshes[0]?.Status).toBe("Successful");
    expect(idsOf(await world.members()).filter((id) => before.includes(id))).toEqual([]);
  });
});

describe("what stands in the way of a launch", () => {
  const closeAll = (world: World): void => {
    for (const { zoneId } of world.ec2Service.control.fleet.subnets(world.name)) {
      world.ec2Service.control.setCapacity(
        { zoneId, instanceType: "m5.large", purchase: "on-demand" },
        0,
      );
    }
  };

  it("no capacity: an activity fails, it is tried again, and after a day the group is suspended", async () => {
    const world = createWorld();
    closeAll(world);
    await desired(world, 5);
    await world.pass(30);
    const { Activities = [] } = await world.client.send(
      new DescribeScalingActivitiesCommand({ AutoScalingGroupName }),
    );
    expect(Activities[0]).toMatchObject({ StatusCode: "Failed" });
    expect(Activities[0]?.StatusMessage).toContain("Launching EC2 instance failed.");
    await world.pass(25 * 3_600);
    expect((await world.group()).SuspendedProcesses?.[0]?.SuspensionReason).toContain(
      "Administratively suspended",
    );
  });

  it("a zonal shift: the other zones alone are launched in, and policies do not lower desired", async () => {
    const world = createWorld();
    const zone = (await world.members())[0]?.AvailabilityZone ?? "";
    world.autoScaling.control.shiftZone(world.name, zone);
    world.autoScaling.control.applyPolicy(world.name, { desired: 2 });
    expect((await world.group()).DesiredCapacity).toBe(4);
    await desired(world, 6);
    await world.pass(60);
    const members = await world.members();
    expect(members.filter(({ AvailabilityZone: each }) => each === zone)).toHaveLength(2);
    expect(members).toHaveLength(6);
  });

  it("a shift at the load balancer: the target stays healthy, and does not serve", () => {
    const world = createWorld();
    const { control } = world.autoScaling;
    expect(control.serving(world.name)).toHaveLength(4);
    const zone = control.find(world.name)?.members[0]?.zoneName;
    world.elb.shiftZone(world.loadBalancerArn, zone);
    expect(control.serving(world.name)).toHaveLength(2);
  });
});

describe("members that are too old", () => {
  it("are replaced when their lifetime is over", async () => {
    const world = createWorld({ definition: { MaxInstanceLifetime: 30 * 86_400 + 600 } });
    const before = idsOf(await world.members());
    await world.pass(1_200);
    const after = idsOf(await world.members());
    expect(after).toHaveLength(4);
    expect(after.filter((id) => before.includes(id))).toEqual([]);
  });
});
