/** What the simulated AWS charges for instances: all that a ledger which only counts hours gets wrong. */
import { describe, expect, it } from "@jest/globals";
import { describeOne, present } from "../ec2/world.ts";
import { billedWorld, nano } from "./billed-world.ts";

const minutes = (count: number, hourlyUsd: number): bigint => nano((hourlyUsd * count) / 60);

describe("Spot Instances on the bill", () => {
  it("takes the price at the beginning of each instance-hour, whatever the market does within it", async () => {
    const world = billedWorld();
    const original = world.addInstance();
    await world.until("10:20");
    const spot = world.launchSpot(original);
    await world.until("12:00");
    const lines = world.bill
      .lines({ from: "2026-03-02T00:00:00Z", to: "2026-03-03T00:00:00Z" })
      .filter(({ resourceId }) => resourceId === spot);
    expect(lines.map(({ startAt, endAt, costNanoUsd }) => [startAt, endAt, costNanoUsd])).toEqual([
      ["2026-03-02T10:20:00Z", "2026-03-02T11:00:00Z", minutes(40, 0.03)],
      ["2026-03-02T11:00:00Z", "2026-03-02T11:20:00Z", minutes(20, 0.03)],
      ["2026-03-02T11:20:00Z", "2026-03-02T12:00:00Z", minutes(40, 0.06)],
    ]);
    expect(lines[0]).toMatchObject({
      service: "AmazonEC2",
      usageType: "SpotUsage:m5.large",
      operation: expect.stringMatching(/^RunInstances:SV00\d$/),
      lineItemType: "Usage",
      unit: "Hrs",
      quantity: 0.6666666667,
    });
  });

  it("charges nothing where EC2 interrupts at minute 40, and 40 minutes where we end another", async () => {
    const world = billedWorld();
    const original = world.addInstance();
    const [taken, ended] = [world.launchSpot(original), world.launchSpot(original)];
    await world.until("10:40");
    world.ec2.control.interrupt(taken, { noticeSeconds: 0 });
    world.call("TerminateInstances", { InstanceIds: [ended] });
    await world.until("15:00");
    expect(world.costs(taken)).toEqual({ "SpotUsage:m5.large": 0n });
    expect(world.costs(ended)).toEqual({ "SpotUsage:m5.large": minutes(40, 0.03) });
  });

  it("charges the seconds where EC2 interrupts after the first hour", async () => {
    const world = billedWorld();
    const spot = world.launchSpot(world.addInstance());
    await world.until("11:15");
    world.ec2.control.interrupt(spot, { noticeSeconds: 0 });
    await world.until("15:00");
    expect(world.costs(spot)).toEqual({
      "SpotUsage:m5.large": nano(0.03) + minutes(15, 0.06),
    });
  });

  it("charges our own end in minute 20, although EC2 has given notice", async () => {
    const world = billedWorld();
    const spot = world.launchSpot(world.addInstance());
    await world.until("10:19");
    world.ec2.control.interrupt(spot);
    await world.until("10:20");
    world.call("TerminateInstances", { InstanceIds: [spot] });
    await world.until("15:00");
    expect(world.costs(spot)).toEqual({ "SpotUsage:m5.large": minutes(20, 0.03) });
  });

  it("charges a minute for a life of 20 seconds", async () => {
    const world = billedWorld();
    const spot = world.launchSpot(world.addInstance());
    await world.until("10:00:20");
    world.call("TerminateInstances", { InstanceIds: [spot] });
    await world.until("15:00");
    expect(world.costs(spot)).toEqual({ "SpotUsage:m5.large": minutes(1, 0.03) });
  });
});

describe("SUSE on the bill", () => {
  const suse = { platformDetails: "SUSE Linux" };

  it("charges full hours where we end it, and no partial hour where EC2 does", async () => {
    const world = billedWorld();
    const original = world.addInstance(suse);
    const [taken, ended] = [world.launchSpot(original), world.launchSpot(original)];
    await world.until("11:10");
    world.ec2.control.interrupt(taken, { noticeSeconds: 0 });
    world.call("TerminateInstances", { InstanceIds: [ended] });
    await world.until("15:00");
    expect(world.costs(taken)).toEqual({ "SpotUsage:m5.large": nano(0.03) });
    expect(world.costs(ended)).toEqual({ "SpotUsage:m5.large": nano(0.03 + 0.06) });
  });

  it("charges nothing where EC2 interrupts it in the first hour", async () => {
    const world = billedWorld();
    const spot = world.launchSpot(world.addInstance(suse));
    await world.until("10:50");
    world.ec2.control.interrupt(spot, { noticeSeconds: 0 });
    await world.until("15:00");
    expect(world.costs(spot)).toEqual({ "SpotUsage:m5.large": 0n });
  });

  it("charges a full hour of On-Demand for ten minutes", async () => {
    const world = billedWorld();
    const id = world.addInstance({ ...suse, state: "stopped" });
    world.call("StartInstances", { InstanceIds: [id] });
    await world.until("10:10");
    world.call("StopInstances", { InstanceIds: [id] });
    await world.until("15:00");
    expect(world.costs(id)).toEqual({ "BoxUsage:m5.large": nano(0.15) });
  });
});

describe("On-Demand Instances on the bill", () => {
  it("charges each start a minute at least, twice in one hour", async () => {
    const world = billedWorld();
    const id = world.addInstance({ state: "stopped" });
    for (const [on, off] of [
      ["10:05", "10:05:30"],
      ["10:40", "10:42"],
    ] as const) {
      await world.until(on);
      world.call("StartInstances", { InstanceIds: [id] });
      await world.until(off);
      world.call("StopInstances", { InstanceIds: [id] });
    }
    await world.until("15:00");
    expect(world.costs(id)).toEqual({ "BoxUsage:m5.large": minutes(3, 0.1) });
  });

  it("charges nothing while its owner has stopped it for the night", async () => {
    const world = billedWorld();
    const id = world.addInstance({ state: "stopped" });
    await world.until("18:00");
    world.call("StartInstances", { InstanceIds: [id] });
    await world.until("20:00");
    world.call("StopInstances", { InstanceIds: [id] });
    await world.until("2026-03-03T06:00");
    world.call("StartInstances", { InstanceIds: [id] });
    await world.until("2026-03-03T07:00");
    expect(world.costs(id)).toEqual({ "BoxUsage:m5.large": nano(0.3) });
  });

  it("cuts an instance-hour at the end of the month", async () => {
    const world = billedWorld();
    const original = world.addInstance({ state: "stopped" });
    await world.until("2026-03-31T23:40");
    const spot = world.launchSpot(original);
    await world.until("2026-04-01T00:40");
    world.call("TerminateInstances", { InstanceIds: [spot] });
    await world.until("2026-04-01T03:00");
    const monthOf = (from: string, to: string) =>
      world.bill
        .lines({ from, to })
        .filter(({ resourceId }) => resourceId === spot)
        .map(({ startAt, endAt, costNanoUsd }) => [startAt, endAt, costNanoUsd]);
    expect(monthOf("2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z")).toEqual([
      ["2026-03-31T23:40:00Z", "2026-04-01T00:00:00Z", minutes(20, 0.06)],
    ]);
    expect(monthOf("2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z")).toEqual([
      ["2026-04-01T00:00:00Z", "2026-04-01T00:40:00Z", minutes(40, 0.06)],
    ]);
  });

  it("charges a replacement of another size at its own price", async () => {
    const world = billedWorld();
    const original = world.addInstance();
    const larger = present(
      world.call("RunInstances", {
        MinCount: 1,
        MaxCount: 1,
        ImageId: describeOne(world, original).ImageId,
        InstanceType: "m5.xlarge",
        SubnetId: describeOne(world, original).SubnetId,
        InstanceMarketOptions: { MarketType: "spot" },
      }).Instances?.[0]?.InstanceId,
    );
    await world.until("11:00");
    expect(world.costs(larger)).toEqual({ "SpotUsage:m5.xlarge": nano(0.06) });
    expect(world.costs(original)["BoxUsage:m5.large"]).toBe(nano(0.1));
  });

  it("charges a launch that a lost answer made twice, twice", async () => {
    const world = billedWorld();
    const original = world.addInstance();
    const launch = (ClientToken: string) =>
      present(
        world.call("RunInstances", {
          MinCount: 1,
          MaxCount: 1,
          ImageId: describeOne(world, original).ImageId,
          InstanceType: "m5.large",
          SubnetId: describeOne(world, original).SubnetId,
          ClientToken,
        }).Instances?.[0]?.InstanceId,
      );
    const [first, repeated, second] = [launch("one"), launch("one"), launch("two")];
    expect(repeated).toBe(first);
    await world.until("11:00");
    expect(world.costs(first)).toEqual({ "BoxUsage:m5.large": nano(0.1) });
    expect(world.costs(second)).toEqual({ "BoxUsage:m5.large": nano(0.1) });
  });

  it("charges no instance for a launch that died of its key, but its volumes while they were there", async () => {
    const world = billedWorld({ bootMs: 60_000 });
    const original = world.addInstance();
    world.ec2.control.failBoots(() => true, "Client.InvalidKMSKey.InvalidState");
    const dead = world.launchSpot(original);
    const volume = present(describeOne(world, dead).BlockDeviceMappings?.[0]?.Ebs?.VolumeId);
    await world.until("15:00");
    expect(world.costs(dead)).toEqual({});
    // 8 GiB of gp3 for a minute of March.
    expect(world.costs(volume)).toEqual({
      "EBS:VolumeUsage.gp3": nano((8 * 0.08) / (31 * 24 * 60)),
    });
  });

  it("knows what has long been forgotten by the cloud", async () => {
    const world = billedWorld();
    const spot = world.launchSpot(world.addInstance());
    await world.until("10:30");
    world.call("TerminateInstances", { InstanceIds: [spot] });
    await world.until("2026-03-05T00:00");
    expect(world.ec2.control.find(spot)).toBeUndefined();
    expect(world.costs(spot)).toEqual({ "SpotUsage:m5.large": minutes(30, 0.03) });
  });
});
