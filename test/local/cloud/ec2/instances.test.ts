import { describe, expect, it } from "@jest/globals";
import {
  account,
  createWorld,
  describeOne,
  present,
  refusalOf,
  runningSpot,
  spotLaunchOf,
} from "./world.ts";

describe("the life of an instance", () => {
  it("boots in about 20 s, and stops in about 30 s, by the clock", async () => {
    const world = createWorld();
    const id = world.addInstance();
    world.call("StopInstances", { InstanceIds: [id] });
    await world.pass(29);
    expect(describeOne(world, id).State?.Name).toBe("stopping");
    await world.pass(2);
    expect(describeOne(world, id).State?.Name).toBe("stopped");
    world.call("StartInstances", { InstanceIds: [id] });
    await world.pass(19);
    expect(describeOne(world, id).State?.Name).toBe("pending");
    await world.pass(2);
    expect(describeOne(world, id).State?.Name).toBe("running");
  });

  it("sees time that passed inside a call as well as time between jobs", () => {
    const world = createWorld();
    const id = world.addInstance();
    world.call("StopInstances", { InstanceIds: [id] });
    world.clock.elapse(31_000);
    expect(describeOne(world, id).State?.Name).toBe("stopped");
  });

  it("dates events by when they were due, not by when somebody looked", () => {
    const world = createWorld();
    const id = world.addInstance();
    world.call("StopInstances", { InstanceIds: [id] });
    world.clock.elapse(600_000);
    describeOne(world, id);
    expect(world.events.map((event) => [event.detail["state"], event.time])).toEqual([
      ["stopping", "2026-03-02T10:00:00Z"],
      ["stopped", "2026-03-02T10:00:30Z"],
    ]);
  });

  it("moves the launch time at a start", async () => {
    const world = createWorld();
    const id = world.addInstance({ state: "stopped" });
    const before = describeOne(world, id).LaunchTime;
    world.call("StartInstances", { InstanceIds: [id] });
    await world.pass(30);
    expect(describeOne(world, id).LaunchTime).not.toEqual(before);
  });

  it("cannot be started while it is stopping", () => {
    const world = createWorld();
    const id = world.addInstance();
    world.call("StopInstances", { InstanceIds: [id] });
    expect(refusalOf(() => world.call("StartInstances", { InstanceIds: [id] }))).toBe(
      "IncorrectInstanceState",
    );
  });

  it.each([
    ["stop of a stopped instance", "stopped", "StopInstances"],
    ["start of a running instance", "running", "StartInstances"],
  ] as const)("takes a %s as done", (_name, state, operation) => {
    const world = createWorld();
    const id = world.addInstance({ state });
    world.call(operation, { InstanceIds: [id] });
    expect(describeOne(world, id).State?.Name).toBe(state);
  });

  it("cannot be started when On-Demand capacity is gone", () => {
    const world = createWorld();
    const id = world.addInstance({ state: "stopped" });
    const zoneId = present(world.ec2.control.find(id)).zoneId;
    world.ec2.control.setCapacity({ zoneId, instanceType: "m5.large", purchase: "on-demand" }, 0);
    expect(refusalOf(() => world.call("StartInstances", { InstanceIds: [id] }))).toBe(
      "InsufficientInstanceCapacity",
    );
  });

  it("refuses termination and stop while these are protected", () => {
    const world = createWorld();
    const id = world.addInstance({ disableApiTermination: true, disableApiStop: true });
    expect(refusalOf(() => world.call("TerminateInstances", { InstanceIds: [id] }))).toBe(
      "OperationNotPermitted",
    );
    expect(refusalOf(() => world.call("StopInstances", { InstanceIds: [id] }))).toBe(
      "OperationNotPermitted",
    );
  });

  it("touches none of several instances when one is refused", () => {
    const world = createWorld();
    const free = world.addInstance();
    const held = world.addInstance({ disableApiTermination: true });
    refusalOf(() => world.call("TerminateInstances", { InstanceIds: [free, held] }));
    expect(describeOne(world, free).State?.Name).toBe("running");
  });

  it("stays visible for an hour after termination, then is unknown", async () => {
    const world = createWorld();
    const id = world.addInstance();
    world.call("TerminateInstances", { InstanceIds: [id] });
    await world.pass(3000);
    expect(describeOne(world, id).State?.Name).toBe("terminated");
    await world.pass(1200);
    expect(refusalOf(() => describeOne(world, id))).toBe("InvalidInstanceID.NotFound");
  });

  it("a launch that fails at boot ends as terminated with its reason", async () => {
    const world = createWorld();
    const original = world.addInstance();
    world.ec2.control.failBoots((instance) => instance.lifecycle === "spot");
    const id = await runningSpot(world, original);
    const seen = describeOne(world, id);
    expect([seen.State?.Name, seen.StateReason?.Code]).toEqual([
      "terminated",
      "Client.InternalError",
    ]);
  });

  it("an owner's termination ignores the protection", async () => {
    const world = createWorld();
    const id = world.addInstance({ disableApiTermination: true });
    world.ec2.control.terminateByOwner(id);
    await world.pass(40);
    expect(world.ec2.control.find(id)?.state).toBe("terminated");
  });
});

describe("what goes with a terminated instance", () => {
  it("deletes volumes by deleteOnTermination and keeps the others", async () => {
    const world = createWorld();
    const id = world.addInstance({ dataVolumes: [{ sizeGib: 20 }] });
    const [root, data] = present(world.ec2.control.find(id)).volumes;
    world.call("TerminateInstances", { InstanceIds: [id] });
    await world.pass(40);
    const volumes = world.call("DescribeVolumes", {}).Volumes ?? [];
    expect(volumes.map((volume) => [volume.VolumeId, volume.State])).toEqual([
      [data?.volumeId, "available"],
    ]);
    expect(root?.volumeId).not.toBe(data?.volumeId);
  });

  it("honours a deleteOnTermination that was changed while it ran", async () => {
    const world = createWorld();
    const id = world.addInstance();
    world.call("ModifyInstanceAttribute", {
      InstanceId: id,
      BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { DeleteOnTermination: false } }],
    });
    world.call("TerminateInstances", { InstanceIds: [id] });
    await world.pass(40);
    expect(world.call("DescribeVolumes", {}).Volumes).toHaveLength(1);
  });

  it("frees a secondary interface with its Elastic IP, and deletes the primary", async () => {
    const world = createWorld();
    const id = world.addInstance({ secondaryInterfaces: 1, elasticIp: true });
    world.call("TerminateInstances", { InstanceIds: [id] });
    await world.pass(40);
    const interfaces = world.call("DescribeNetworkInterfaces", {}).NetworkInterfaces ?? [];
    expect(interfaces.map((each) => [each.Status, each.Description])).toEqual([
      ["available", "secondary"],
    ]);
    expect(world.call("DescribeAddresses", {}).Addresses?.[0]?.AssociationId).toBeUndefined();
  });
});

describe("public addresses", () => {
  it("an assigned public address is lost at a stop, and another one comes at the start", async () => {
    const world = createWorld();
    const id = world.addInstance({ publicIp: true });
    const before = describeOne(world, id);
    expect(before.NetworkInterfaces?.[0]?.Association?.IpOwnerId).toBe("amazon");
    world.call("StopInstances", { InstanceIds: [id] });
    await world.pass(31);
    expect(describeOne(world, id).PublicIpAddress).toBeUndefined();
    world.call("StartInstances", { InstanceIds: [id] });
    await world.pass(25);
    const after = describeOne(world, id).PublicIpAddress;
    expect(after).toBeDefined();
    expect(after).not.toBe(before.PublicIpAddress);
  });

  it("an Elastic IP stays through stop and start", async () => {
    const world = createWorld();
    const id = world.addInstance({ elasticIp: true });
    const before = describeOne(world, id).PublicIpAddress;
    world.call("StopInstances", { InstanceIds: [id] });
    await world.pass(31);
    expect(describeOne(world, id).PublicIpAddress).toBe(before);
  });
});

describe("eventual consistency", () => {
  const slow = { visibilityMs: [2000, 2000] as const };

  it("does not know a new instance for a moment, by id or by tag", async () => {
    const world = createWorld(slow);
    const original = world.addInstance();
    const id = present(
      world.call("RunInstances", {
        ...spotLaunchOf(world, original),
        TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "run", Value: "1" }] }],
      }).Instances?.[0]?.InstanceId,
    );
    expect(refusalOf(() => describeOne(world, id))).toBe("InvalidInstanceID.NotFound");
    const byTag = { Filters: [{ Name: "tag:run", Values: ["1"] }] };
    expect(world.call("DescribeInstances", byTag).Reservations).toEqual([]);
    expect(refusalOf(() => world.call("TerminateInstances", { InstanceIds: [id] }))).toBe(
      "InvalidInstanceID.NotFound",
    );
    await world.pass(2.1);
    expect(describeOne(world, id).InstanceId).toBe(id);
  });

  it("may refuse tags even after the instance is seen", async () => {
    const world = createWorld(slow);
    const original = world.addInstance();
    const answer = world.call("RunInstances", spotLaunchOf(world, original));
    const id = present(answer.Instances?.[0]?.InstanceId);
    const tag = () =>
      world.call("CreateTags", { Resources: [id], Tags: [{ Key: "a", Value: "b" }] });
    await world.pass(2.1);
    expect(describeOne(world, id).InstanceId).toBe(id);
    expect(refusalOf(tag)).toBe("InvalidInstanceID.NotFound");
    await world.pass(1);
    expect(refusalOf(tag)).toBe("not refused");
  });

  it("draws the delay from the seed", () => {
    const ids = [1, 2].map(() => {
      const world = createWorld({ visibilityMs: [300, 3000] });
      return world.call("RunInstances", spotLaunchOf(world, world.addInstance())).Instances?.[0]
        ?.InstanceId;
    });
    expect(ids[0]).toBe(ids[1]);
  });
});

describe("DescribeInstances", () => {
  it.each([
    [{ Name: "tag:Name", Values: ["web-*"] }, 2],
    [{ Name: "tag:Name", Values: ["web-?"] }, 2],
    [{ Name: "tag-key", Values: ["Owner"] }, 1],
    [{ Name: "instance-lifecycle", Values: ["spot"] }, 1],
    [{ Name: "instance-state-name", Values: ["stopped", "stopping"] }, 1],
    [{ Name: "instance-type", Values: ["m5.*"] }, 3],
  ])("filters by %j", (filter, count) => {
    const world = createWorld();
    world.addInstance({ tags: { Name: "web-1", Owner: "me" } });
    world.addInstance({ tags: { Name: "web-2" }, lifecycle: "spot" });
    world.addInstance({ tags: { Name: "db" }, state: "stopped" });
    const { Reservations = [] } = world.call("DescribeInstances", { Filters: [filter] });
    expect(Reservations).toHaveLength(count);
  });

  it("refuses a filter that EC2 does not know", () => {
    const world = createWorld();
    const input = { Filters: [{ Name: "colour", Values: ["red"] }] };
    expect(refusalOf(() => world.call("DescribeInstances", input))).toBe("InvalidParameterValue");
  });

  it("gives every instance once over its pages", () => {
    const world = createWorld();
    const ids = Array.from({ length: 13 }, () => world.addInstance());
    const seen: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const page = world.call("DescribeInstances", { MaxResults: 5, NextToken });
      seen.push(...(page.Reservations ?? []).map((each) => each.Instances?.[0]?.InstanceId));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(seen.sort()).toEqual([...ids].sort());
  });

  it("refuses ids together with MaxResults, and malformed ids", () => {
    const world = createWorld();
    const id = world.addInstance();
    expect(
      refusalOf(() => world.call("DescribeInstances", { InstanceIds: [id], MaxResults: 5 })),
    ).toBe("InvalidParameterCombination");
    expect(refusalOf(() => world.call("DescribeInstances", { InstanceIds: ["x-1"] }))).toBe(
      "InvalidInstanceID.Malformed",
    );
  });

  it("shows another account nothing", () => {
    const world = createWorld();
    const id = world.addInstance();
    world.ec2.control.addAccount("999900001111");
    const as = { accountId: "999900001111" };
    expect(refusalOf(() => world.call("DescribeInstances", { InstanceIds: [id] }, as))).toBe(
      "InvalidInstanceID.NotFound",
    );
  });
});

describe("attributes", () => {
  it("keeps user data for those who ask for it", () => {
    const world = createWorld();
    const id = world.addInstance({ userData: "#!/bin/sh\n" });
    const { UserData } = world.call("DescribeInstanceAttribute", {
      InstanceId: id,
      Attribute: "userData",
    });
    expect(Buffer.from(UserData?.Value ?? "", "base64").toString()).toBe("#!/bin/sh\n");
  });

  it("changes the type only of a stopped instance", () => {
    const world = createWorld();
    const change = (id: string) => () =>
      world.call("ModifyInstanceAttribute", {
        InstanceId: id,
        InstanceType: { Value: "m6i.large" },
      });
    expect(refusalOf(change(world.addInstance()))).toBe("IncorrectInstanceState");
    expect(refusalOf(change(world.addInstance({ state: "stopped" })))).toBe("not refused");
  });

  it("has no termination protection for Spot", async () => {
    const world = createWorld();
    const id = await runningSpot(world, world.addInstance());
    const protect = () =>
      world.call("ModifyInstanceAttribute", {
        InstanceId: id,
        DisableApiTermination: { Value: true },
      });
    expect(refusalOf(protect)).toBe("UnsupportedOperation");
  });

  it("states the credits of burstable instances only", () => {
    const world = createWorld();
    world.addInstance();
    const id = world.addInstance({ instanceType: "t3.large" });
    const { InstanceCreditSpecifications } = world.call("DescribeInstanceCreditSpecifications", {});
    expect(InstanceCreditSpecifications).toEqual([{ InstanceId: id, CpuCredits: "unlimited" }]);
  });
});

describe("status checks", () => {
  const statusOf = (world: ReturnType<typeof createWorld>, id: string) =>
    present(world.call("DescribeInstanceStatus", { InstanceIds: [id] }).InstanceStatuses?.[0]);

  it("are initializing for minutes after running, then ok: all three", async () => {
    const world = createWorld();
    const id = await runningSpot(world, world.addInstance());
    expect(statusOf(world, id).SystemStatus?.Status).toBe("initializing");
    await world.pass(150);
    const status = statusOf(world, id);
    expect([
      status.SystemStatus?.Status,
      status.InstanceStatus?.Status,
      status.AttachedEbsStatus?.Status,
    ]).toEqual(["ok", "ok", "ok"]);
  });

  it("of attached volumes do not apply on Xen", () => {
    const world = createWorld();
    const id = world.addInstance({ instanceType: "i3.large" });
    expect(statusOf(world, id).AttachedEbsStatus?.Status).toBe("not-applicable");
  });

  it("are impaired as long as a scenario says so", () => {
    const world = createWorld();
    const id = world.addInstance();
    const release = world.ec2.control.failChecks((instance) => instance.id === id, "system");
    expect(statusOf(world, id).SystemStatus?.Status).toBe("impaired");
    release();
    expect(statusOf(world, id).SystemStatus?.Status).toBe("ok");
  });

  it("leave out what does not run unless all are asked for", () => {
    const world = createWorld();
    const id = world.addInstance({ state: "stopped" });
    expect(world.call("DescribeInstanceStatus", {}).InstanceStatuses).toEqual([]);
    const all = world.call("DescribeInstanceStatus", { IncludeAllInstances: true });
    expect(
      all.InstanceStatuses?.map((each) => [each.InstanceId, each.SystemStatus?.Status]),
    ).toEqual([[id, "not-applicable"]]);
  });

  it("show scheduled events", () => {
    const world = createWorld();
    const id = world.addInstance({
      scheduledEvents: [{ Code: "instance-retirement", Description: "degraded" }],
    });
    expect(statusOf(world, id).Events?.[0]?.Code).toBe("instance-retirement");
  });
});

describe("what scenarios look at", () => {
  it("finds what carries our tag, less what is meant to be there", async () => {
    const world = createWorld();
    const Tags = [{ Key: "ManagedBy", Value: "SpotOptimizer" }];
    const launch = {
      ...spotLaunchOf(world, world.addInstance()),
      TagSpecifications: [
        { ResourceType: "instance" as const, Tags },
        { ResourceType: "volume" as const, Tags },
      ],
    };
    const [keep, lose] = [1, 2].map(() =>
      present(world.call("RunInstances", launch).Instances?.[0]?.InstanceId),
    );
    await world.pass(30);
    const orphans = world.ec2.control.orphans({ accountId: account, except: [present(keep)] });
    expect(orphans.map((orphan) => orphan.kind)).toEqual(["instance", "volume"]);
    expect(orphans[0]?.id).toBe(lose);
  });

  it("tells the running instances of an account", () => {
    const world = createWorld();
    const id = world.addInstance();
    world.addInstance({ state: "stopped" });
    expect(world.ec2.control.running(account).map((each) => each.instanceId)).toEqual([id]);
  });
});
