/** A Spot request's life around an interruption: EC2 user guide, "State changes for a Spot request". */
import { describe, expect, it } from "@jest/globals";
import type { Market } from "../../../../local/cloud/market/market.ts";
import { seededMarket } from "../../../../local/cloud/market/seeded.ts";
import {
  createWorld,
  describeOne,
  present,
  refusalOf,
  runningSpot,
  spotLaunchOf,
  type World,
} from "./world.ts";

type Behavior = "terminate" | "stop" | "hibernate";

const persistentSpot = async (world: World, behavior: Behavior, maxPrice?: string) => {
  const { Instances } = world.call("RunInstances", {
    ...spotLaunchOf(world, world.addInstance()),
    InstanceMarketOptions: {
      MarketType: "spot",
      SpotOptions: {
        SpotInstanceType: "persistent",
        InstanceInterruptionBehavior: behavior,
        ...(maxPrice !== undefined && { MaxPrice: maxPrice }),
      },
    },
  });
  await world.pass(25);
  world.events.length = 0;
  return present(Instances?.[0]?.InstanceId);
};

const requestOf = (world: World, instanceId: string) =>
  present(
    world.call("DescribeSpotInstanceRequests", {
      Filters: [{ Name: "instance-id", Values: [instanceId] }],
    }).SpotInstanceRequests?.[0],
  );

/** Request's state and code, and the instance's state. */
const told = (world: World, instanceId: string) => {
  const { State, Status } = requestOf(world, instanceId);
  return [State, Status?.Code, describeOne(world, instanceId).State?.Name];
};

const warnings = (world: World) =>
  world.events
    .filter((event) => event["detail-type"] === "EC2 Spot Instance Interruption Warning")
    .map(({ detail }) => detail["instance-action"]);

describe("what terminates", () => {
  it.each([
    ["one-time", "closed"],
    ["persistent", "open"],
  ])(
    "%s: the code of the end and a request that is %s stand at the notice, the instance runs on",
    async (type, state) => {
      const world = createWorld();
      const id =
        type === "persistent"
          ? await persistentSpot(world, "terminate")
          : await runningSpot(world, world.addInstance());
      world.ec2.control.interrupt(id);
      const announced = [state, "instance-terminated-no-capacity", "running"];
      expect(told(world, id)).toEqual(announced);
      await world.pass(119);
      expect(told(world, id)).toEqual(announced);
    },
  );

  it("a cancelled persistent one stays cancelled, and launches nothing again", async () => {
    const world = createWorld();
    const id = await persistentSpot(world, "stop");
    const { SpotInstanceRequestId = "" } = requestOf(world, id);
    world.call("CancelSpotInstanceRequests", { SpotInstanceRequestIds: [SpotInstanceRequestId] });
    expect(refusalOf(() => world.call("StopInstances", { InstanceIds: [id] }))).toBe(
      "UnsupportedOperation",
    );
    world.ec2.control.interrupt(id);
    expect(warnings(world)).toEqual(["terminate"]);
    await world.pass(600);
    expect(told(world, id)).toEqual(["cancelled", "instance-terminated-no-capacity", "terminated"]);
    expect(world.ec2.control.running("222233334444")).toHaveLength(1);
  });

  it("above its owner's price is marked, and told by price once it has ended", async () => {
    const world = createWorld();
    const id = await runningSpot(world, world.addInstance());
    world.ec2.control.interrupt(id, { why: "price" });
    expect(told(world, id)).toEqual(["active", "marked-for-termination", "running"]);
    await world.pass(160);
    expect(told(world, id)).toEqual(["closed", "instance-terminated-by-price", "terminated"]);
    expect(describeOne(world, id).StateReason?.Code).toBe("Server.SpotInstanceTermination");
  });

  it("may end early: 39 s after the notice", async () => {
    const world = createWorld({ earlyEndShare: 1 });
    const id = await runningSpot(world, world.addInstance());
    world.ec2.control.interrupt(id);
    await world.pass(38);
    expect(describeOne(world, id).State?.Name).toBe("running");
    await world.pass(2);
    expect(describeOne(world, id).State?.Name).toBe("shutting-down");
  });

  it("may run on, and its request is fulfilled again", async () => {
    const world = createWorld();
    const id = await runningSpot(world, world.addInstance());
    world.ec2.control.interrupt(id, { fails: true });
    await world.pass(121);
    expect(told(world, id)).toEqual(["active", "fulfilled", "running"]);
  });

  it("is told by user where its owner ended it before a marked end", async () => {
    const world = createWorld({ noticeEndsRequest: false });
    const id = await runningSpot(world, world.addInstance());
    world.ec2.control.interrupt(id);
    world.call("TerminateInstances", { InstanceIds: [id] });
    await world.pass(200);
    expect(told(world, id)).toEqual(["closed", "instance-terminated-by-user", "terminated"]);
  });

  it("is taken by the market once its price is above the owner's", async () => {
    const seeded = seededMarket({ seed: 7, outageFactor: 0 });
    let factor = 1;
    const market: Market = {
      ...seeded,
      spotPrice: (pool, atMs) => (seeded.spotPrice(pool, atMs) ?? 0) * factor,
    };
    const world = createWorld({ marketInterruptions: true }, market);
    const id = await persistentSpot(world, "terminate", "1.00");
    const other = await runningSpot(world, world.addInstance());
    await world.pass(300);
    expect(told(world, id)[1]).toBe("fulfilled");
    factor = 100;
    await world.pass(300);
    expect(told(world, id)[1]).toBe("marked-for-termination");
    // Its owner named no price.
    expect(told(world, other)[1]).toBe("fulfilled");
  });
});

describe("what stops", () => {
  it("is marked and runs two minutes, then stopped and disabled; only EC2 starts it again, when the pool has room", async () => {
    const world = createWorld();
    const id = await persistentSpot(world, "stop");
    const { zoneId } = present(world.ec2.control.find(id));
    world.ec2.control.setCapacity({ zoneId, instanceType: "m5.large" }, 0);
    world.ec2.control.interrupt(id);
    expect(told(world, id)).toEqual(["active", "marked-for-stop", "running"]);
    await world.pass(121);
    expect(told(world, id)).toEqual(["active", "marked-for-stop", "stopping"]);
    await world.pass(600);
    expect(told(world, id)).toEqual(["disabled", "instance-stopped-no-capacity", "stopped"]);
    expect(refusalOf(() => world.call("StartInstances", { InstanceIds: [id] }))).toBe(
      "IncorrectSpotRequestState",
    );
    world.ec2.control.setCapacity({ zoneId, instanceType: "m5.large" }, undefined);
    await world.pass(90);
    expect(told(world, id)).toEqual(["active", "fulfilled", "running"]);
  });

  it("is terminated, not started, where its root was detached meanwhile", async () => {
    const world = createWorld();
    const id = await persistentSpot(world, "stop");
    world.ec2.control.interrupt(id);
    await world.pass(160);
    const root = present(describeOne(world, id).BlockDeviceMappings?.[0]?.Ebs?.VolumeId);
    world.call("DetachVolume", { VolumeId: root });
    await world.pass(120);
    expect(describeOne(world, id).State?.Name).toBe("terminated");
  });

  it("is terminated by the service where its request is cancelled", async () => {
    const world = createWorld();
    const id = await persistentSpot(world, "stop");
    world.ec2.control.interrupt(id);
    await world.pass(160);
    const { SpotInstanceRequestId = "" } = requestOf(world, id);
    world.call("CancelSpotInstanceRequests", { SpotInstanceRequestIds: [SpotInstanceRequestId] });
    await world.pass(60);
    expect(told(world, id)).toEqual(["cancelled", "instance-terminated-by-service", "terminated"]);
  });

  it("for its price starts again once the price is low enough", async () => {
    const world = createWorld();
    const id = await persistentSpot(world, "stop");
    world.ec2.control.interrupt(id, { why: "price" });
    await world.pass(160);
    expect(told(world, id)).toEqual(["disabled", "instance-stopped-by-price", "stopped"]);
    await world.pass(90);
    expect(told(world, id)[1]).toBe("fulfilled");
  });

  it("by its owner is marked while it stops, and may be started by him", async () => {
    const world = createWorld();
    const id = await persistentSpot(world, "stop");
    world.call("StopInstances", { InstanceIds: [id] });
    expect(told(world, id)).toEqual(["active", "marked-for-stop", "stopping"]);
    await world.pass(35);
    expect(told(world, id)).toEqual(["disabled", "instance-stopped-by-user", "stopped"]);
    await world.pass(600);
    expect(describeOne(world, id).State?.Name).toBe("stopped");
    world.call("StartInstances", { InstanceIds: [id] });
    expect(told(world, id)).toEqual(["active", "fulfilled", "pending"]);
  });
});

it("what hibernates is told as it begins: no two minutes are left", async () => {
  const world = createWorld();
  const id = await persistentSpot(world, "hibernate");
  world.ec2.control.interrupt(id);
  expect(warnings(world)).toEqual(["hibernate"]);
  expect(told(world, id)).toEqual(["active", "marked-for-stop", "stopping"]);
  await world.pass(35);
  expect(told(world, id)).toEqual(["disabled", "instance-stopped-no-capacity", "stopped"]);
});

it("a recommendation to rebalance need not be followed by a notice", async () => {
  const world = createWorld();
  const id = await runningSpot(world, world.addInstance());
  world.events.length = 0;
  world.ec2.control.recommendRebalance(id);
  await world.pass(3600);
  expect(world.events.map((event) => event["detail-type"])).toEqual([
    "EC2 Instance Rebalance Recommendation",
  ]);
  expect(told(world, id)).toEqual(["active", "fulfilled", "running"]);
});
