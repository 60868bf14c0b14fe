/** What the simulated AWS charges for what lasts: volumes, addresses, reserved places. */
import { describe, expect, it } from "@jest/globals";
import { account, present, region } from "../ec2/world.ts";
import { billedWorld, nano } from "./billed-world.ts";

const place = { accountId: account, region };
const hoursOfMarch = 31 * 24;

describe("volumes on the bill", () => {
  it("charges gibibytes by the seconds of the month, and what is faster than gp3's baseline", async () => {
    const world = billedWorld();
    const id = world.ec2.control.addVolume({
      ...place,
      sizeGib: 100,
      volumeType: "gp3",
      iops: 4_000,
      throughput: 253,
      ageDays: 0,
    });
    await world.until("2026-03-03T10:00");
    const costs = world.costs(id);
    // Quantities of each of the 24 hours are rounded to ten digits, and charges to the nano-dollar.
    const near = (usd: number) => [nano(usd) - 60n, nano(usd) + 60n] as const;
    for (const [usage, monthlyUsd] of [
      ["EBS:VolumeUsage.gp3", 8],
      ["EBS:VolumeP-IOPS.gp3", 5],
      ["EBS:VolumeP-Throughput.gp3", 5.12],
    ] as const) {
      const [least, most] = near((monthlyUsd * 24) / hoursOfMarch);
      const cost = present(costs[usage]);
      expect([usage, cost >= least, cost <= most]).toEqual([usage, true, true]);
    }
  });

  it("divides by the length of the month that the hour lies in", async () => {
    const world = billedWorld();
    const id = world.ec2.control.addVolume({
      ...place,
      sizeGib: 100,
      volumeType: "gp3",
      ageDays: 0,
    });
    await world.until("2026-04-01T01:00");
    const hours = world.bill
      .lines({ from: "2026-03-31T23:00:00Z", to: "2026-04-01T01:00:00Z" })
      .filter(({ resourceId }) => resourceId === id);
    expect(hours.map(({ costNanoUsd }) => costNanoUsd)).toEqual([nano(8 / 744), nano(8 / 720)]);
  });

  it("charges a deleted volume as long as it is in the Recycle Bin, and not after", async () => {
    const world = billedWorld();
    world.ec2.control.addBinRule(place, { kind: "volume", days: 1 });
    const id = world.ec2.control.addVolume({
      ...place,
      sizeGib: 100,
      volumeType: "gp3",
      ageDays: 0,
    });
    await world.until("11:00");
    world.call("DeleteVolume", { VolumeId: id });
    expect(() => world.call("DescribeVolumes", { VolumeIds: [id] })).toThrow();
    await world.until("2026-03-10T00:00");
    const lines = world.bill
      .lines({ from: "2026-03-01T00:00:00Z", to: "2026-03-10T00:00:00Z" })
      .filter(({ resourceId }) => resourceId === id);
    expect(lines).toHaveLength(25);
    expect(lines.at(-1)?.endAt).toBe("2026-03-03T11:00:00Z");
  });

  it("charges one that comes back from the bin without a gap", async () => {
    const world = billedWorld();
    world.ec2.control.addBinRule(place, { kind: "volume", days: 7 });
    const id = world.ec2.control.addVolume({
      ...place,
      sizeGib: 100,
      volumeType: "gp3",
      ageDays: 0,
    });
    world.call("DeleteVolume", { VolumeId: id });
    await world.until("11:00");
    world.call("RestoreVolumeFromRecycleBin", { VolumeId: id });
    await world.until("12:00");
    expect(world.costs(id)).toEqual({ "EBS:VolumeUsage.gp3": 2n * nano(8 / 744) });
  });
});

describe("public addresses on the bill", () => {
  it("charges an Elastic IP in use and idle alike, by the state of its instance", async () => {
    const world = billedWorld();
    const instance = world.addInstance({ elasticIp: true, state: "stopped" });
    const address = present(
      world
        .call("DescribeAddresses", {})
        .Addresses?.find(({ InstanceId }) => InstanceId === instance)?.AllocationId,
    );
    await world.until("11:00");
    world.call("StartInstances", { InstanceIds: [instance] });
    await world.until("13:00");
    expect(world.costs(address)).toEqual({
      "PublicIPv4:IdleAddress": nano(0.005),
      "PublicIPv4:InUseAddress": nano(0.01),
    });
  });

  it("charges an address that EC2 lends, as long as it does", async () => {
    const world = billedWorld();
    const instance = world.addInstance({ publicIp: true, state: "stopped" });
    await world.until("11:00");
    world.call("StartInstances", { InstanceIds: [instance] });
    await world.until("12:30");
    world.call("StopInstances", { InstanceIds: [instance] });
    await world.until("15:00");
    const lines = world.bill
      .lines({ from: "2026-03-02T11:00:00Z", to: "2026-03-03T00:00:00Z" })
      .filter(({ service }) => service === "AmazonVPC");
    expect(lines.map(({ endAt, costNanoUsd }) => [endAt, costNanoUsd])).toEqual([
      ["2026-03-02T12:00:00Z", nano(0.005)],
      ["2026-03-02T12:30:00Z", nano(0.0025)],
    ]);
    expect(lines[0]?.resourceId).toMatch(
      /^arn:aws:ec2:us-east-1:222233334444:network-interface\/eni-/,
    );
  });

  it("charges nothing for an address that the customer has brought", async () => {
    const world = billedWorld();
    const id = world.ec2.control.addAddress({
      ...place,
      traits: { publicIpv4Pool: "ipv4pool-ec2-0" },
    });
    await world.until("11:00");
    expect(world.costs(id)).toEqual({});
  });
});

describe("capacity reservations on the bill", () => {
  it("charges the minutes that nobody uses at the On-Demand price, and what runs in it once", async () => {
    const world = billedWorld();
    const instance = world.addInstance({ state: "stopped" });
    const zone = present(world.ec2.control.find(instance)).zoneId;
    const made = present(
      world.call("CreateCapacityReservation", {
        InstanceType: "m5.large",
        InstancePlatform: "Linux/UNIX",
        InstanceCount: 1,
        AvailabilityZoneId: zone,
      }).CapacityReservation?.CapacityReservationId,
    );
    await world.until("10:20");
    world.call("StartInstances", { InstanceIds: [instance] });
    await world.until("10:50");
    world.call("StopInstances", { InstanceIds: [instance] });
    await world.until("11:00");
    world.call("CancelCapacityReservation", { CapacityReservationId: made });
    await world.until("15:00");
    expect(world.costs(made)).toEqual({ "UnusedBox:m5.large": nano(0.05) });
    expect(world.costs(instance)).toEqual({ "BoxUsage:m5.large": nano(0.05) });
  });
});
