/** What the simulated AWS charges for snapshots: each for what it alone stores. */
import { describe, expect, it } from "@jest/globals";
import { account, present, region } from "../ec2/world.ts";
import { billedWorld, nano, type BilledWorld } from "./billed-world.ts";

const place = { accountId: account, region };

/** GiB-months of a gibibyte that is stored for an hour of March, at $0.05. */
const gibHour = 0.05 / (31 * 24);

const writing = async (world: BilledWorld, volume: string, times: number): Promise<void> => {
  for (let time = 0; time < times; time += 1) {
    expect(world.ec2.control.write(volume).acknowledged).toBe(true);
  }
  await world.pass(0);
};

const snapshotOf = (world: BilledWorld, VolumeId: string): string =>
  present(world.call("CreateSnapshot", { VolumeId }).SnapshotId);

describe("snapshots on the bill", () => {
  it("charges the second for what has changed alone, and for what it takes over when the first is deleted", async () => {
    const world = billedWorld();
    const instance = world.addInstance();
    const volume = present(
      world.call("DescribeInstances", { InstanceIds: [instance] }).Reservations?.[0]?.Instances?.[0]
        ?.BlockDeviceMappings?.[0]?.Ebs?.VolumeId,
    );
    const first = snapshotOf(world, volume);
    // Of a volume of 8 GiB 4 are written on; 2,048 writes change one.
    await writing(world, volume, 2_048);
    const second = snapshotOf(world, volume);
    await world.until("11:00");
    expect(world.costs(first)).toEqual({ "EBS:SnapshotUsage": nano(4 * gibHour) });
    expect(world.costs(second)).toEqual({ "EBS:SnapshotUsage": nano(gibHour) });
    world.call("DeleteSnapshot", { SnapshotId: first });
    await world.until("12:00");
    expect(world.costs(first)).toEqual({ "EBS:SnapshotUsage": nano(4 * gibHour) });
    expect(world.costs(second)).toEqual({
      "EBS:SnapshotUsage": nano(gibHour) + nano(4 * gibHour),
    });
  });

  it("charges one in the Recycle Bin as if it had not been deleted", async () => {
    const world = billedWorld();
    world.ec2.control.addBinRule(place, { kind: "snapshot", days: 365 });
    const id = world.ec2.control.addSnapshot({ ...place, sizeGib: 100 });
    world.call("DeleteSnapshot", { SnapshotId: id });
    await world.until("11:00");
    expect(world.costs(id)).toEqual({ "EBS:SnapshotUsage": nano(50 * gibHour) });
  });

  it("charges an archived one whole, at the archive's price", async () => {
    const world = billedWorld();
    const id = world.ec2.control.addSnapshot({
      ...place,
      sizeGib: 100,
      traits: { tier: "archive" },
    });
    await world.until("11:00");
    expect(world.costs(id)).toEqual({ "EBS:SnapshotArchiveStorage": nano((100 * gibHour) / 4) });
  });
});

describe("fast snapshot restore on the bill", () => {
  it("charges an hour at least, in each zone", async () => {
    const world = billedWorld();
    const id = world.ec2.control.addSnapshot({ ...place, sizeGib: 100 });
    const zones = world.ec2.control.zones(account, region).slice(0, 2);
    const names = zones.map(({ name }) => name);
    const asked = { AvailabilityZones: names, SourceSnapshotIds: [id] };
    world.call("EnableFastSnapshotRestores", asked);
    await world.until("10:20");
    world.call("DisableFastSnapshotRestores", asked);
    await world.until("15:00");
    expect(world.costs(id)["EBS:FastSnapshotRestore"]).toBe(nano(1.5));
  });
});
