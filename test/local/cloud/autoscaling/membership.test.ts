/** Attaching, detaching and terminating members. Sources: Auto Scaling API reference and user guide, and what people report, beside each test. */
import {
  AttachInstancesCommand,
  DescribeScalingActivitiesCommand,
  DetachInstancesCommand,
  PutLifecycleHookCommand,
  CompleteLifecycleActionCommand,
  SuspendProcessesCommand,
  TerminateInstanceInAutoScalingGroupCommand,
  UpdateAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import {
  CreateImageCommand,
  DeregisterImageCommand,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import { describe, expect, it } from "@jest/globals";
import { refusalOf } from "../cloud-fixture.ts";
import { createWorld, type World } from "./world.ts";

const attach = (world: World, ...ids: readonly string[]) =>
  world.client.send(
    new AttachInstancesCommand({ AutoScalingGroupName: "web", InstanceIds: [...ids] }),
  );

const first = async (world: World): Promise<string> => (await world.members())[0]?.InstanceId ?? "";

describe("AttachInstances", () => {
  // "increases the desired capacity of the group by the number of instances"; Pending until registered, some three seconds.
  it("raises desired at the call, and the member is in service once it is registered", async () => {
    const world = createWorld();
    const id = world.outsider({ lifecycle: "spot" });
    await attach(world, id);
    expect(await world.group()).toMatchObject({ DesiredCapacity: 5 });
    expect(await world.stateOf(id)).toBe("Pending Healthy");
    await world.pass(3);
    expect(await world.stateOf(id)).toBe("InService Healthy");
    // "InService" says registered; the target is healthy only later.
    expect(world.elb.healthyIn(world.targetGroupArn)).not.toContain(id);
    await world.pass(20);
    expect(world.elb.healthyIn(world.targetGroupArn)).toContain(id);
  });

  // User guide, "Tag Auto Scaling groups": tags overwrite, and aws:autoscaling:groupName is added. Protection is inherited.
  it("gives the group's tags, the group's name and the group's protection", async () => {
    const world = createWorld({
      tags: [{ Key: "team", Value: "shop", PropagateAtLaunch: true }],
      definition: { NewInstancesProtectedFromScaleIn: true },
    });
    const id = world.outsider();
    await attach(world, id);
    expect(world.ec2Service.control.find(id)?.tags).toMatchObject({
      team: "shop",
      "aws:autoscaling:groupName": "web",
    });
    await world.pass(3);
    const found = (await world.members()).find(({ InstanceId }) => InstanceId === id);
    expect(found?.ProtectedFromScaleIn).toBe(true);
  });

  it("says what it did, without a subnet", async () => {
    const world = createWorld();
    const id = world.outsider();
    await attach(world, id);
    await world.pass(3);
    const { Activities = [] } = await world.client.send(
      new DescribeScalingActivitiesCommand({ AutoScalingGroupName: "web" }),
    );
    expect(Activities[0]).toMatchObject({
      Description: `Attaching an existing EC2 instance: ${id}`,
      Cause:
        "At 2024-01-01T00:00:00Z an instance was added in response to user request. Keeping the capacity at the new 5.",
      StatusCode: "Successful",
    });
    expect(Activities[0]?.Details).not.toContain("Subnet");
  });

  it("is refused over the maximum, in the words of AutoSpotting #407", async () => {
    const world = createWorld({ max: 4 });
    const refusal = await refusalOf(attach(world, world.outsider()));
    expect(refusal).toEqual({
      code: "ValidationError",
      status: 400,
      message:
        "AutoScalingGroup web has min-size=1, max-size=4, and desired-size=4. To attach 1 instance, please update the AutoScalingGroup sizes appropriately.",
    });
    expect(await world.group()).toMatchObject({ DesiredCapacity: 4 });
  });

  it("is refused for who is a member already", async () => {
    const world = createWorld();
    const id = await first(world);
    const refusal = await refusalOf(attach(world, id));
    expect(refusal.message).toBe(`The Instance: ${id} is already part of AutoScalingGroup:web`);
  });

  // "The AMI used to launch the instance must still exist."
  it("is refused for one whose image was deregistered", async () => {
    const world = createWorld();
    const { ec2Client } = world;
    const { ImageId } = await ec2Client.send(
      new CreateImageCommand({ InstanceId: await first(world), Name: "own" }),
    );
    await world.pass(300);
    const subnet = world.ec2Service.control.fleet.subnets(world.name)[0]?.id;
    const { Instances } = await ec2Client.send(
      new RunInstancesCommand({
        ImageId,
        InstanceType: "m5.large",
        SubnetId: subnet,
        MinCount: 1,
        MaxCount: 1,
      }),
    );
    await world.pass(60);
    await ec2Client.send(new DeregisterImageCommand({ ImageId }));
    const refusal = await refusalOf(attach(world, Instances?.[0]?.InstanceId ?? ""));
    expect(refusal.message).toContain(`The AMI ${ImageId ?? ""}`);
    expect(await world.group()).toMatchObject({ DesiredCapacity: 4 });
  });

  it("is refused in another zone, for one that is not there or stopped, and while Launch is suspended", async () => {
    const world = createWorld();
    const zones = world.ec2Service.control.fleet.subnets(world.name);
    const elsewhere = world.outsider({ zone: zones[2]?.zoneName ?? "" });
    expect((await refusalOf(attach(world, elsewhere))).message).toContain("availability zone");
    expect((await refusalOf(attach(world, "i-00000000000000000"))).message).toContain(
      "Invalid Instance ID(s)",
    );
    const stopped = world.ec2Service.control.addInstance({
      accountId: world.name.accountId,
      region: world.name.region,
      instanceType: "m5.large",
      state: "stopped",
    });
    await world.pass(60);
    expect((await refusalOf(attach(world, stopped))).message).toContain("it is stopped");
    const id = world.outsider();
    await world.client.send(
      new SuspendProcessesCommand({ AutoScalingGroupName: "web", ScalingProcesses: ["Launch"] }),
    );
    expect((await refusalOf(attach(world, id))).message).toBe(
      "Cannot attach instances to AutoScalingGroup web while the Launch process is suspended",
    );
  });

  // "You can specify up to 20 instances."
  it("takes 20 ids at most", async () => {
    const world = createWorld({ max: 100 });
    const ids = Array.from({ length: 21 }, (_, index) => `i-${String(index).padStart(17, "0")}`);
    expect((await refusalOf(attach(world, ...ids))).message).toContain(
      "exceeds the maximum number of instances to attach",
    );
  });

  // ResourceContention and ServiceLinkedRoleFailure are what it declares.
  it("meets contention, and a role that is not ready", async () => {
    const world = createWorld();
    const id = world.outsider();
    const { control } = world.autoScaling;
    const release = control.contend(world.name, ["AttachInstances"]);
    expect(await refusalOf(attach(world, id))).toMatchObject({
      code: "ResourceContentionFault",
      status: 500,
    });
    release();
    const ready = control.withoutRole(world.name.accountId);
    expect((await refusalOf(attach(world, id))).code).toBe("ServiceLinkedRoleFailure");
    ready();
    await attach(world, id);
    expect(await world.stateOf(id)).toBe("Pending Healthy");
  });

  it("of one whose target group was deleted is refused as AutoSpotting #351 saw it", async () => {
    const world = createWorld();
    world.elb.removeTargetGroup(world.targetGroupArn);
    expect((await refusalOf(attach(world, world.outsider()))).message).toBe(
      "Provided Load Balancers may not be valid. Please ensure they exist and try again.",
    );
  });
});

describe("DetachInstances", () => {
  const detach = (world: World, id: string, decrements = true) =>
    world.client.send(
      new DetachInstancesCommand({
        AutoScalingGroupName: "web",
        InstanceIds: [id],
        ShouldDecrementDesiredCapacity: decrements,
      }),
    );

  it("drains first, skips the hooks, and leaves the instance running", async () => {
    const world = createWorld();
    await world.client.send(
      new PutLifecycleHookCommand({
        AutoScalingGroupName: "web",
        LifecycleHookName: "drain",
        LifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
      }),
    );
    const id = await first(world);
    const { Activities = [] } = await detach(world, id);
    expect(Activities[0]?.Cause).toContain("shrinking the capacity from 4 to 3");
    expect(await world.group()).toMatchObject({ DesiredCapacity: 3 });
    expect(await world.stateOf(id)).toBe("Detaching Healthy");
    expect((await refusalOf(detach(world, id))).message).toBe(
      `The instance ${id} is not in InService or Standby.`,
    );
    await world.pass(60);
    expect(await world.stateOf(id)).toBe("absent");
    const found = world.ec2Service.control.find(id);
    expect(found?.state).toBe("running");
    expect(found?.tags["aws:autoscaling:groupName"]).toBeUndefined();
    expect((await refusalOf(detach(world, id))).message).toBe(
      `The instance ${id} is not part of Auto Scaling group web.`,
    );
  });

  it("below the minimum is refused", async () => {
    const world = createWorld({ min: 4 });
    expect((await refusalOf(detach(world, await first(world)))).message).toBe(
      "AutoScalingGroup web has min-size=4, max-size=10, and desired-size=4. To detach 1 instance, please update the AutoScalingGroup sizes appropriately.",
    );
  });

  it("without a decrement makes the group launch another from its template", async () => {
    const world = createWorld();
    await detach(world, await first(world), false);
    await world.pass(120);
    const members = await world.members();
    expect(members).toHaveLength(4);
    const fresh = members.filter(({ LaunchTemplate }) => LaunchTemplate?.Version === "1");
    expect(fresh).toHaveLength(4);
  });
});

describe("TerminateInstanceInAutoScalingGroup", () => {
  const terminate = (world: World, id: string, decrements = true) =>
    world.client.send(
      new TerminateInstanceInAutoScalingGroupCommand({
        InstanceId: id,
        ShouldDecrementDesiredCapacity: decrements,
      }),
    );

  it("drains, waits for the terminating hook, and ends it; protection does not hinder", async () => {
    const world = createWorld({
      definition: { NewInstancesProtectedFromScaleIn: true },
      hooks: [
        {
          LifecycleHookName: "drain",
          LifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
        },
      ],
    });
    const id = await first(world);
    const { Activity } = await terminate(world, id);
    expect(Activity?.Cause).toContain(
      "an instance was taken out of service in response to a user request, shrinking the capacity from 4 to 3",
    );
    expect(await world.stateOf(id)).toBe("Terminating Healthy");
    await world.pass(60);
    expect(await world.stateOf(id)).toBe("Terminating:Wait Healthy");
    // EC2 shows it running: the lifecycle state alone tells (AutoSpotting #320, #434).
    expect(world.ec2Service.control.find(id)?.state).toBe("running");
    expect((await refusalOf(terminate(world, id))).code).toBe("ScalingActivityInProgressFault");
    await world.client.send(
      new CompleteLifecycleActionCommand({
        AutoScalingGroupName: "web",
        LifecycleHookName: "drain",
        InstanceId: id,
        LifecycleActionResult: "CONTINUE",
      }),
    );
    await world.pass(31);
    expect(await world.stateOf(id)).toBe("absent");
    expect(world.ec2Service.control.find(id)?.state).toBe("terminated");
    expect(await world.members()).toHaveLength(3);
  });

  it("ends one that EC2 would not terminate", async () => {
    const world = createWorld();
    const id = world.ec2Service.control.addInstance({
      accountId: world.name.accountId,
      region: world.name.region,
      instanceType: "m5.large",
      disableApiTermination: true,
    });
    await attach(world, id);
    await world.pass(3);
    await terminate(world, id);
    await world.pass(100);
    expect(world.ec2Service.control.find(id)?.state).toBe("terminated");
  });

  it("at the minimum is refused with a decrement, and replaced without", async () => {
    const world = createWorld({ min: 4 });
    const id = await first(world);
    expect((await refusalOf(terminate(world, id))).message).toBe(
      "Currently, desiredSize equals minSize (4). Terminating instance without replacement will violate group's min size constraint. Either set shouldDecrementDesiredCapacity flag to false or lower group's min size.",
    );
    await terminate(world, id, false);
    await world.pass(60);
    const members = await world.members();
    expect(members.filter(({ LifecycleState }) => LifecycleState === "InService")).toHaveLength(4);
    expect((await refusalOf(terminate(world, "i-00000000000000000"))).message).toBe(
      "Instance Id not found - No managed instance found for instance ID: i-00000000000000000",
    );
  });
});

describe("the maximum", () => {
  // API reference, UpdateAutoScalingGroup.
  it("below the size lowers desired, and members are terminated", async () => {
    const world = createWorld();
    await world.client.send(
      new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: "web", MaxSize: 2 }),
    );
    expect(await world.group()).toMatchObject({ DesiredCapacity: 2, MaxSize: 2 });
    await world.pass(120);
    expect(await world.members()).toHaveLength(2);
  });
});
