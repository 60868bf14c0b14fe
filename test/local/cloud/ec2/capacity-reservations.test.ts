import type { CreateCapacityReservationCommandInput } from "@aws-sdk/client-ec2";
import { describe, expect, it } from "@jest/globals";
import { slowToShow } from "../../../../local/cloud/ec2/settings.ts";
import { account, createWorld, describeOne, present, refusalOf, type World } from "./world.ts";

const hourMs = 3_600_000;
const groupArn = "arn:aws:resource-groups:us-east-1:222233334444:group/ours";

const zoneOf = (world: World, instanceId: string) => {
  const { AvailabilityZone: name = "", AvailabilityZoneId: id = "" } =
    describeOne(world, instanceId).Placement ?? {};
  return { name, id };
};

/** For one like the instance, which must name it to use it. */
const like = (
  world: World,
  instanceId: string,
  change: Partial<CreateCapacityReservationCommandInput> = {},
): CreateCapacityReservationCommandInput => ({
  InstanceType: "m5.large",
  InstancePlatform: "Linux/UNIX",
  AvailabilityZone: zoneOf(world, instanceId).name,
  InstanceCount: 1,
  InstanceMatchCriteria: "targeted",
  ...change,
});

const reserve = (
  world: World,
  instanceId: string,
  change: Partial<CreateCapacityReservationCommandInput> = {},
): string =>
  present(
    world.call("CreateCapacityReservation", like(world, instanceId, change)).CapacityReservation
      ?.CapacityReservationId,
  );

const shown = (world: World, id: string) =>
  present(
    world.call("DescribeCapacityReservations", { CapacityReservationIds: [id] })
      .CapacityReservations?.[0],
  );

const stop = async (world: World, instanceId: string): Promise<void> => {
  world.call("StopInstances", { InstanceIds: [instanceId] });
  await world.pass(60);
};

const start = (world: World, instanceId: string): string =>
  refusalOf(() => world.call("StartInstances", { InstanceIds: [instanceId] }));

const target = (world: World, instanceId: string, at: Readonly<Record<string, string>>): string =>
  refusalOf(() =>
    world.call("ModifyInstanceCapacityReservationAttributes", {
      InstanceId: instanceId,
      CapacityReservationSpecification: { CapacityReservationTarget: at },
    }),
  );

const groupOf = (world: World, members: readonly string[]): void => {
  world.ec2.control.reservations.useGroups((_place, arn) => (arn === groupArn ? members : []));
};

/** Whatever comes free in its pool is gone. */
const scarce = (world: World, instanceId: string, hours: number): void => {
  const zoneId = zoneOf(world, instanceId).id;
  world.ec2.control.takeWhatComesFree({ zoneId, instanceType: "m5.large" }, hours * hourMs);
};

describe("a capacity reservation", () => {
  it("holds a place from its making on, and is shown with what was asked for", () => {
    const world = createWorld();
    const original = world.addInstance();
    const EndDate = new Date(world.clock.now() + 2 * hourMs);
    const id = reserve(world, original, {
      EndDate,
      EndDateType: "limited",
      TagSpecifications: [
        { ResourceType: "capacity-reservation", Tags: [{ Key: "run", Value: "1" }] },
      ],
    });
    expect(shown(world, id)).toMatchObject({
      State: "active",
      InstanceType: "m5.large",
      InstancePlatform: "Linux/UNIX",
      Tenancy: "default",
      InstanceMatchCriteria: "targeted",
      TotalInstanceCount: 1,
      AvailableInstanceCount: 1,
      EndDate,
      EndDateType: "limited",
      Tags: [{ Key: "run", Value: "1" }],
      CapacityReservationArn: `arn:aws:ec2:us-east-1:${account}:capacity-reservation/${id}`,
    });
  });

  it("is made once by one token, and refused with other parameters", () => {
    const world = createWorld();
    const original = world.addInstance();
    const ClientToken = "token";
    const id = reserve(world, original, { ClientToken });
    expect(reserve(world, original, { ClientToken })).toBe(id);
    expect(world.ec2.control.heldCapacity(account)).toHaveLength(1);
    expect(
      refusalOf(() => reserve(world, original, { ClientToken, InstanceType: "m5.xlarge" })),
    ).toBe("IdempotentParameterMismatch");
  });

  it("is refused without capacity, beyond the quota, and for what there is not", () => {
    const world = createWorld();
    const original = world.addInstance();
    const zoneId = zoneOf(world, original).id;
    const pool = { zoneId, instanceType: "m5.large", purchase: "on-demand" } as const;
    world.ec2.control.setCapacity(pool, 1);
    expect(refusalOf(() => reserve(world, original))).toBe("InsufficientInstanceCapacity");
    world.ec2.control.setCapacity(pool, 2);
    expect(refusalOf(() => reserve(world, original))).toBe("not refused");
    expect(refusalOf(() => reserve(world, original))).toBe("InsufficientInstanceCapacity");
    world.ec2.control.setCapacity(pool, undefined);
    const quota = { accountId: account, purchase: "on-demand", quotaClass: "Standard" } as const;
    // One that runs and one that is reserved: two vCPUs each.
    world.ec2.control.setQuota({ ...quota, vcpus: 5 });
    expect(refusalOf(() => reserve(world, original))).toBe("VcpuLimitExceeded");
    world.ec2.control.setQuota({ ...quota, vcpus: 6 });
    expect(refusalOf(() => reserve(world, original))).toBe("not refused");
    const odd = { InstanceType: "q1.large" as "m5.large" };
    expect(refusalOf(() => reserve(world, original, odd))).toBe("InvalidInstanceType");
    const past = { EndDate: new Date(world.clock.now() - 1), EndDateType: "limited" as const };
    expect(refusalOf(() => reserve(world, original, past))).toBe("InvalidParameterValue");
  });

  it("counts against others who want the place", () => {
    const world = createWorld();
    const original = world.addInstance();
    const zoneId = zoneOf(world, original).id;
    world.ec2.control.setCapacity({ zoneId, instanceType: "m5.large", purchase: "on-demand" }, 2);
    reserve(world, original);
    const { ImageId, SubnetId } = describeOne(world, original);
    const launch = { MinCount: 1, MaxCount: 1, ImageId, SubnetId } as const;
    expect(
      refusalOf(() => world.call("RunInstances", { ...launch, InstanceType: "m5.large" })),
    ).toBe("InsufficientInstanceCapacity");
  });

  it("ends within the hour after its end date, and not before", async () => {
    const world = createWorld();
    const original = world.addInstance();
    const EndDate = new Date(world.clock.now() + hourMs);
    const id = reserve(world, original, { EndDate, EndDateType: "limited" });
    await world.pass(3599);
    expect(shown(world, id).State).toBe("active");
    await world.pass(3601);
    expect(shown(world, id)).toMatchObject({ State: "expired", AvailableInstanceCount: 0 });
    expect(
      refusalOf(() => world.call("CancelCapacityReservation", { CapacityReservationId: id })),
    ).toBe("InvalidCapacityReservationState");
  });

  it("is shown as pending at first, may be used, and can't be cancelled yet", async () => {
    const world = createWorld({ reservationPendingMs: 120_000 });
    const original = world.addInstance();
    const id = reserve(world, original);
    expect(shown(world, id)).toMatchObject({ State: "pending", AvailableInstanceCount: 1 });
    const cancel = () => world.call("CancelCapacityReservation", { CapacityReservationId: id });
    expect(refusalOf(cancel)).toBe("InvalidCapacityReservationState");
    await world.pass(121);
    expect(shown(world, id).State).toBe("active");
    cancel();
    expect(shown(world, id).State).toBe("cancelled");
  });

  it("is not seen at once, and never found by a tag", async () => {
    const world = createWorld(slowToShow);
    const original = world.addInstance();
    const id = reserve(world, original);
    const look = () => shown(world, id);
    expect(refusalOf(look)).toBe("InvalidCapacityReservationId.NotFound");
    await world.pass(121);
    expect(look().State).toBe("active");
    const Filters = [{ Name: "tag:run", Values: ["1"] }];
    expect(refusalOf(() => world.call("DescribeCapacityReservations", { Filters }))).toBe(
      "InvalidParameterValue",
    );
  });

  it("is among what is there, as long as it holds capacity", () => {
    const world = createWorld();
    const id = reserve(world, world.addInstance());
    const kinds = () =>
      world.ec2.control.resources(account).filter((each) => each.id === id).length;
    expect(kinds()).toBe(1);
    world.call("CancelCapacityReservation", { CapacityReservationId: id });
    expect(kinds()).toBe(0);
  });
});

describe("On-Demand capacity that is gone with a stop", () => {
  it("is not to be had for a start until it returns", async () => {
    const world = createWorld();
    const original = world.addInstance();
    scarce(world, original, 2);
    await stop(world, original);
    expect(start(world, original)).toBe("InsufficientInstanceCapacity");
    await world.pass(2 * 3600);
    expect(start(world, original)).toBe("not refused");
  });

  it("is kept by a reservation for one that points at its group, and for nobody else", async () => {
    const world = createWorld();
    const original = world.addInstance();
    scarce(world, original, 2);
    groupOf(world, [reserve(world, original)]);
    await stop(world, original);
    expect(start(world, original)).toBe("InsufficientInstanceCapacity");
    expect(target(world, original, { CapacityReservationResourceGroupArn: groupArn })).toBe(
      "not refused",
    );
    expect(start(world, original)).toBe("not refused");
    await world.pass(60);
    const [held] = world.ec2.control.heldCapacity(account);
    expect(held?.free).toBe(0);
    expect(describeOne(world, original)).toMatchObject({
      State: { Name: "running" },
      CapacityReservationId: held?.id,
      CapacityReservationSpecification: {
        CapacityReservationTarget: { CapacityReservationResourceGroupArn: groupArn },
      },
    });
  });
});

describe("the setting of an instance", () => {
  it("is changed while it is stopped alone", async () => {
    const world = createWorld();
    const original = world.addInstance();
    const at = { CapacityReservationResourceGroupArn: groupArn };
    expect(target(world, original, at)).toBe("IncorrectInstanceState");
    expect(describeOne(world, original).CapacityReservationSpecification).toEqual({
      CapacityReservationPreference: "open",
    });
    await stop(world, original);
    expect(target(world, original, at)).toBe("not refused");
    expect(target(world, original, { ...at, CapacityReservationId: "cr-1" })).toBe(
      "InvalidParameterCombination",
    );
  });

  it("by id: can't start once the reservation has ended, where a group falls back", async () => {
    const world = createWorld();
    const original = world.addInstance();
    const id = reserve(world, original);
    groupOf(world, [id]);
    await stop(world, original);
    target(world, original, { CapacityReservationId: id });
    world.call("CancelCapacityReservation", { CapacityReservationId: id });
    expect(start(world, original)).toBe("ReservationCapacityExceeded");
    target(world, original, { CapacityReservationResourceGroupArn: groupArn });
    expect(start(world, original)).toBe("not refused");
  });

  it("lets what runs in a cancelled reservation run on", async () => {
    const world = createWorld();
    const original = world.addInstance();
    const id = reserve(world, original);
    await stop(world, original);
    target(world, original, { CapacityReservationId: id });
    start(world, original);
    await world.pass(60);
    world.call("CancelCapacityReservation", { CapacityReservationId: id });
    expect(describeOne(world, original).State?.Name).toBe("running");
    expect(describeOne(world, original).CapacityReservationId).toBeUndefined();
  });

  it("takes a running instance into a reservation that comes to its group later: it is then nobody else's", async () => {
    const world = createWorld();
    const earlier = world.addInstance();
    await stop(world, earlier);
    groupOf(world, []);
    target(world, earlier, { CapacityReservationResourceGroupArn: groupArn });
    start(world, earlier);
    await world.pass(60);
    const id = reserve(world, earlier);
    groupOf(world, [id]);
    world.ec2.control.reservations.groupsChanged({ accountId: account, region: "us-east-1" });
    expect(shown(world, id).AvailableInstanceCount).toBe(0);
    expect(describeOne(world, earlier).CapacityReservationId).toBe(id);
  });

  it("open: uses an open reservation, never a targeted one", async () => {
    const world = createWorld();
    const original = world.addInstance();
    const targeted = reserve(world, original);
    await stop(world, original);
    start(world, original);
    await world.pass(60);
    expect(shown(world, targeted).AvailableInstanceCount).toBe(1);
    const open = reserve(world, original, { InstanceMatchCriteria: "open" });
    expect(describeOne(world, original).CapacityReservationId).toBe(open);
  });
});
