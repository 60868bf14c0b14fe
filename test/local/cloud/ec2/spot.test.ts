import { describe, expect, it } from "@jest/globals";
import { seededMarket } from "../../../../local/cloud/market/seeded.ts";
import { LiveClock } from "../../../../local/platform/live-clock.ts";
import { createEc2 } from "../../../../local/cloud/ec2/service.ts";
import { createRandom } from "../../../../local/cloud/random.ts";
import {
  account,
  createWorld,
  describeOne,
  present,
  refusalOf,
  region,
  runningSpot,
  spotLaunchOf,
  startMs,
  type World,
} from "./world.ts";

const requestOf = (world: World, instanceId: string) =>
  present(
    world.call("DescribeSpotInstanceRequests", {
      Filters: [{ Name: "instance-id", Values: [instanceId] }],
    }).SpotInstanceRequests?.[0],
  );

describe("an interruption", () => {
  it.each([
    [true, "closed", "instance-terminated-no-capacity"],
    [false, "active", "marked-for-termination"],
  ])(
    "told by the request (ends it: %s) two minutes ahead, then ends the instance",
    async (noticeEndsRequest, state, code) => {
      const world = createWorld({ noticeEndsRequest });
      const id = await runningSpot(world, world.addInstance());
      world.events.length = 0;
      world.ec2.control.interrupt(id);
      const noticed = requestOf(world, id);
      expect([noticed.State, noticed.Status?.Code]).toEqual([state, code]);
      await world.pass(119);
      expect(describeOne(world, id).State?.Name).toBe("running");
      await world.pass(2);
      const ending = describeOne(world, id);
      expect([ending.State?.Name, ending.StateReason?.Code]).toEqual([
        "shutting-down",
        "Server.SpotInstanceTermination",
      ]);
      await world.pass(31);
      expect(describeOne(world, id).State?.Name).toBe("terminated");
      const request = requestOf(world, id);
      expect([request.State, request.Status?.Code]).toEqual([
        "closed",
        "instance-terminated-no-capacity",
      ]);
    },
  );

  it("is shown by its request, and by a filter on that, only once a lagging copy has caught up", async () => {
    const world = createWorld({ requestLagMs: 8_000 });
    const id = await runningSpot(world, world.addInstance());
    const active = () =>
      world.call("DescribeSpotInstanceRequests", {
        Filters: [{ Name: "state", Values: ["active"] }],
      }).SpotInstanceRequests?.length;
    world.events.length = 0;
    world.ec2.control.interrupt(id);
    expect(world.events).toHaveLength(1);
    await world.pass(7);
    expect([requestOf(world, id).Status?.Code, active()]).toEqual(["fulfilled", 1]);
    await world.pass(1);
    const code = "instance-terminated-no-capacity";
    expect([requestOf(world, id).Status?.Code, active()]).toEqual([code, 0]);
  });

  it("is told in EventBridge's shape, with no type and no zone in the detail", async () => {
    const world = createWorld();
    const id = await runningSpot(world, world.addInstance());
    world.events.length = 0;
    world.ec2.control.interrupt(id, { rebalanceSeconds: 300, noticeSeconds: 120 });
    await world.pass(500);
    expect(
      world.events.map((event) => [
        event["detail-type"],
        (Date.parse(event.time) - startMs - 25_000) / 1000,
        event.detail,
      ]),
    ).toEqual([
      ["EC2 Instance Rebalance Recommendation", 0, { "instance-id": id }],
      [
        "EC2 Spot Instance Interruption Warning",
        300,
        { "instance-id": id, "instance-action": "terminate" },
      ],
      [
        "EC2 Instance State-change Notification",
        420,
        { "instance-id": id, state: "shutting-down" },
      ],
      ["EC2 Instance State-change Notification", 450, { "instance-id": id, state: "terminated" }],
    ]);
    expect(world.events[0]).toMatchObject({ source: "aws.ec2", account, region });
  });

  it("may come without notice", async () => {
    const world = createWorld();
    const id = await runningSpot(world, world.addInstance());
    world.ec2.control.interrupt(id, { noticeSeconds: 0 });
    expect(describeOne(world, id).State?.Name).toBe("shutting-down");
  });

  it("does nothing to an instance that its owner has terminated meanwhile", async () => {
    const world = createWorld();
    const id = await runningSpot(world, world.addInstance());
    world.ec2.control.interrupt(id);
    world.call("TerminateInstances", { InstanceIds: [id] });
    await world.pass(200);
    expect(describeOne(world, id).StateReason?.Code).toBe("Client.UserInitiatedShutdown");
    // Told at the notice already.
    expect(requestOf(world, id).Status?.Code).toBe("instance-terminated-no-capacity");
  });

  it("is refused for an On-Demand Instance", () => {
    const world = createWorld();
    const id = world.addInstance();
    expect(() => {
      world.ec2.control.interrupt(id);
    }).toThrow("not a Spot Instance");
  });

  it("comes from the market where that is asked for: what exceeds a pool, last launched first", async () => {
    const world = createWorld({ marketInterruptions: true });
    const original = world.addInstance();
    const first = await runningSpot(world, original);
    const second = await runningSpot(world, original);
    const zoneId = present(world.ec2.control.find(first)).zoneId;
    world.ec2.control.setCapacity({ zoneId, instanceType: "m5.large" }, 1);
    await world.pass(300);
    expect(requestOf(world, second).Status?.Code).toBe("instance-terminated-no-capacity");
    expect(requestOf(world, first).Status?.Code).toBe("fulfilled");
    await world.pass(600);
    expect(world.ec2.control.find(second)?.state).toBe("terminated");
    expect(world.ec2.control.find(first)?.state).toBe("running");
  });

  it("from the market may be recommended ahead, once, and is noticed two minutes before its end all the same", async () => {
    const world = createWorld({
      marketInterruptions: true,
      recommendedShare: 1,
      recommendedSeconds: [700, 700],
    });
    const id = await runningSpot(world, world.addInstance());
    const zoneId = present(world.ec2.control.find(id)).zoneId;
    world.ec2.control.setCapacity({ zoneId, instanceType: "m5.large" }, 0);
    world.events.length = 0;
    // The market looks at it three times before the notice.
    await world.pass(300 + 700 + 120 + 60);
    const told = world.events.filter((event) => !event["detail-type"].includes("State-change"));
    expect(told.map((event) => event["detail-type"])).toEqual([
      "EC2 Instance Rebalance Recommendation",
      "EC2 Spot Instance Interruption Warning",
    ]);
    const [recommended, noticed] = told.map(({ time }) => Date.parse(time));
    expect((noticed ?? 0) - (recommended ?? 0)).toBe(700_000);
    expect(world.ec2.control.find(id)?.state).toBe("terminated");
  });
});

describe("Spot requests", () => {
  it("a one-time instance cannot be stopped", async () => {
    const world = createWorld();
    const id = await runningSpot(world, world.addInstance());
    expect(refusalOf(() => world.call("StopInstances", { InstanceIds: [id] }))).toBe(
      "UnsupportedOperation",
    );
  });

  const persistent = {
    MarketType: "spot" as const,
    SpotOptions: {
      SpotInstanceType: "persistent" as const,
      InstanceInterruptionBehavior: "stop" as const,
    },
  };

  it("a persistent one launches again after its instance was terminated", async () => {
    const world = createWorld();
    const launch = {
      ...spotLaunchOf(world, world.addInstance()),
      InstanceMarketOptions: persistent,
    };
    const id = present(world.call("RunInstances", launch).Instances?.[0]?.InstanceId);
    await world.pass(25);
    world.call("TerminateInstances", { InstanceIds: [id] });
    await world.pass(120);
    const spot = world.ec2.control.running(account).filter((each) => each.lifecycle === "spot");
    expect(spot).toHaveLength(1);
    expect(spot[0]?.instanceId).not.toBe(id);
  });

  it("unless it was cancelled first, which leaves the instance running", async () => {
    const world = createWorld();
    const launch = {
      ...spotLaunchOf(world, world.addInstance()),
      InstanceMarketOptions: persistent,
    };
    const id = present(world.call("RunInstances", launch).Instances?.[0]?.InstanceId);
    await world.pass(25);
    const SpotInstanceRequestIds = [present(requestOf(world, id).SpotInstanceRequestId)];
    world.call("CancelSpotInstanceRequests", { SpotInstanceRequestIds });
    expect(requestOf(world, id).Status?.Code).toBe("request-canceled-and-instance-running");
    world.call("TerminateInstances", { InstanceIds: [id] });
    await world.pass(300);
    expect(world.ec2.control.running(account).some((each) => each.lifecycle === "spot")).toBe(
      false,
    );
  });

  it("one-time with behaviour stop is refused", () => {
    const world = createWorld();
    const launch = {
      ...spotLaunchOf(world, world.addInstance()),
      InstanceMarketOptions: {
        MarketType: "spot" as const,
        SpotOptions: { InstanceInterruptionBehavior: "stop" as const },
      },
    };
    expect(refusalOf(() => world.call("RunInstances", launch))).toBe("InvalidParameterCombination");
  });
});

describe("prices and scores", () => {
  it("gives the current price of each pool when start and end are now", () => {
    const world = createWorld();
    const now = new Date(world.clock.now());
    const { SpotPriceHistory = [] } = world.call("DescribeSpotPriceHistory", {
      StartTime: now,
      EndTime: now,
      ProductDescriptions: ["Linux/UNIX"],
      InstanceTypes: ["m5.large"],
    });
    const zones = world.ec2.market
      .zones(region)
      .filter((zoneId) => world.ec2.market.isOffered(region, zoneId, "m5.large"));
    expect(SpotPriceHistory.map((price) => price.AvailabilityZoneId).sort()).toEqual(
      [...zones].sort(),
    );
    for (const price of SpotPriceHistory) {
      expect(present(price.Timestamp).getTime()).toBeLessThanOrEqual(now.getTime());
      expect(Number(price.SpotPrice)).toBeGreaterThan(0);
    }
  });

  it("names the account's own zone beside the zone id", () => {
    const world = createWorld();
    const zones = new Map(
      world.ec2.control.zones(account, region).map((zone) => [zone.id, zone.name]),
    );
    const { SpotPriceHistory = [] } = world.call("DescribeSpotPriceHistory", {
      InstanceTypes: ["c5.large"],
      StartTime: new Date(startMs),
    });
    for (const price of SpotPriceHistory) {
      expect(price.AvailabilityZone).toBe(zones.get(price.AvailabilityZoneId ?? ""));
    }
  });

  it("ends its pages with an empty token", () => {
    const world = createWorld();
    const first = world.call("DescribeSpotPriceHistory", { MaxResults: 1000 });
    expect(first.NextToken).not.toBe("");
    const one = world.call("DescribeSpotPriceHistory", {
      InstanceTypes: ["m5.large"],
      StartTime: new Date(startMs),
    });
    expect(one.NextToken).toBe("");
  });

  it("scores fewer than three types low", () => {
    const world = createWorld();
    const scores = (InstanceTypes: string[]) =>
      (
        world.call("GetSpotPlacementScores", {
          InstanceTypes,
          TargetCapacity: 1,
          SingleAvailabilityZone: true,
        }).SpotPlacementScores ?? []
      ).map((each) => each.Score ?? 0);
    expect(Math.max(...scores(["m5.large"]))).toBeLessThanOrEqual(3);
    expect(Math.max(...scores(["m5.large", "m6i.large", "m6a.large"]))).toBeGreaterThan(3);
  });
});

describe("zones", () => {
  it("are named differently by different accounts, and have the same ids", () => {
    const world = createWorld();
    const namesOf = (accountId: string) => {
      world.ec2.control.addAccount(accountId);
      return world.ec2.control.zones(accountId, region).map((zone) => zone.id);
    };
    const orders = ["100000000001", "100000000002", "100000000003"].map(namesOf);
    expect(new Set(orders.map((ids) => ids.join())).size).toBeGreaterThan(1);
    expect(new Set(orders.map((ids) => [...ids].sort().join())).size).toBe(1);
  });

  it("DescribeRegions tells which are not opted in", () => {
    const world = createWorld();
    world.ec2.control.addAccount("100000000009", ["us-east-1"]);
    const as = { accountId: "100000000009" };
    const { Regions = [] } = world.call("DescribeRegions", { AllRegions: true }, as);
    expect(Regions.map((each) => [each.RegionName, each.OptInStatus])).toContainEqual([
      "eu-central-1",
      "not-opted-in",
    ]);
    expect(world.call("DescribeRegions", {}, as).Regions).toHaveLength(1);
  });

  it("an account that nobody declared can ask for the market in every region", () => {
    const world = createWorld();
    const as = { accountId: "111122223333", region: "eu-central-1" };
    const answer = world.call(
      "DescribeInstanceTypeOfferings",
      { LocationType: "availability-zone-id" },
      as,
    );
    expect(answer.InstanceTypeOfferings?.some((each) => each.Location === "euc1-az1")).toBe(true);
  });
});

describe("the real clock", () => {
  it("moves states as the virtual one does", async () => {
    const failures: unknown[] = [];
    const onError = (error: unknown): void => void failures.push(error);
    const clock = new LiveClock({ beganMs: Date.now(), speed: 1, onError });
    await clock.goLive();
    const ec2 = createEc2(
      { clock, random: createRandom(3) },
      {
        market: seededMarket({ seed: 1 }),
        settings: { stopMs: 30, jitter: 0, visibilityMs: [0, 0] },
      },
    );
    const id = ec2.control.addInstance({ accountId: account, region, instanceType: "m5.large" });
    const states: (string | undefined)[] = [];
    ec2.control.onEvent((event) => states.push(event.detail["state"]));
    ec2.operations.StopInstances(
      {
        service: "ec2",
        operation: "StopInstances",
        region,
        caller: { accountId: account, arn: "arn:aws:iam::222233334444:root" },
        requestId: "r",
        at: clock.now(),
      },
      { InstanceIds: [id] },
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    clock.stop();
    expect(states).toEqual(["stopping", "stopped"]);
    expect(failures).toEqual([]);
  });
});
