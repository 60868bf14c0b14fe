/** Bad days of what AWS tells: late, twice, out of order, forged, under a clock that is off, by a bus that is throttled. */
import { beforeEach, describe, expect, it } from "@jest/globals";
import { listSpotEvents } from "../../../adapters/store/spot-events.ts";
import { accountIdSchema } from "../../../core/model/ids.ts";
import { refuse } from "../../../local/cloud/refusals.ts";
import { connectCustomer } from "../../../local/lab/account.ts";
import { lossy, richOnSpot } from "../../../local/lab/scenarios.ts";
import { eventBusName } from "../../../local/platform/own-events.ts";
import { homeRegion } from "../../../local/platform/functions.ts";
import { everything, lossesOf, minuteMs, openAtRisk, type World } from "./response-world.ts";

const warning = "EC2 Spot Instance Interruption Warning";

/** One recovery, begun by the event, that brought the load back; and one loss of the pool. */
const expectOneAnswer = async (world: World): Promise<void> => {
  const recoveries = await world.evaluations();
  expect(recoveries).toMatchObject([{ kind: "RECOVER", startedBy: "event", status: "SWITCHED" }]);
  expect(await lossesOf(world)).toHaveLength(1);
  expect(world.lab.watch.broken).toEqual([]);
};

let world: World;
beforeEach(async () => {
  world = await openAtRisk();
});

describe("a clock that is ten minutes", () => {
  /** EC2 takes it, and its own event says so with a time by AWS's clock. */
  const takenBy = async (awsAheadMs: number): Promise<void> => {
    const { lab } = world;
    const { eventBridge } = lab.platform;
    const time = new Date(lab.clock.now() + awsAheadMs).toISOString();
    const detail = { "instance-id": lab.originalId, "instance-action": "terminate" };
    const { accountId, region } = lab.account;
    world.interrupt();
    // In place of that of the simulated AWS, whose clock is ours.
    eventBridge.control.harm(({ event }) =>
      event.id === "1" ? { kind: "TWICE", afterMs: 15_000 } : { kind: "LOSE" },
    );
    eventBridge.hear({
      version: "0",
      id: "1",
      "detail-type": warning,
      source: "aws.ec2",
      account: accountId,
      time,
      region,
      resources: [],
      detail,
    });
    await world.pass(40 * minuteMs);
  };

  it.each([
    ["slow", 600_000],
    ["fast", -600_000],
  ])("%s answers a warning that is told twice once, and keeps it once", async (_name, aheadMs) => {
    await takenBy(aheadMs);
    await expectOneAnswer(world);
    const { accountId, region } = world.lab.account;
    const place = { accountId: accountIdSchema.parse(accountId), region };
    const told = await listSpotEvents(world.lab.table, place);
    expect(told.filter(({ kind }) => kind === "INTERRUPTION_WARNING")).toHaveLength(1);
  });
});

describe("a warning", () => {
  it.each([
    ["some seconds", 3, 30],
    ["minutes", 9, 900],
  ])(
    "that both buses are throttled with for %s is answered when it comes, after %i attempts each",
    async (_name, times, mostSeconds) => {
      const { eventBridge } = world.lab.platform;
      let throttled = 0;
      eventBridge.control.harm(({ event, attempt }) => {
        if (event["detail-type"] !== warning || attempt > times) {
          return event["detail-type"] === warning ? undefined : { kind: "LOSE" };
        }
        throttled += 1;
        return { kind: "FAIL", error: "THROTTLING" };
      });
      const noticedMs = world.lab.clock.now();
      world.interrupt();
      await world.pass(90 * minuteMs);
      expect(throttled).toBe(2 * times);
      await expectOneAnswer(world);
      const [recovery] = await world.evaluations();
      const afterMs = Date.parse(recovery?.startedAt ?? "") - noticedMs;
      expect(afterMs).toBeLessThan(mostSeconds * 1000);
    },
  );

  it("that two rules put into the queue, each in its own time, is one", async () => {
    const { eventBridge, cloud } = world.lab.platform;
    const { ownAccountId: accountId } = cloud.identities;
    eventBridge.control.putRule({
      accountId,
      region: homeRegion,
      busName: eventBusName,
      name: "urgent-as-well",
      pattern: { "detail-type": [warning] },
      targets: [{ arn: `arn:aws:sqs:${homeRegion}:${accountId}:${eventBusName}-events-urgent` }],
    });
    world.interrupt();
    await world.pass(40 * minuteMs);
    const heard = world.answers.flatMap(({ outcomes }) => Object.values(outcomes));
    expect(heard.reduce((sum, count) => sum + count, 0)).toBe(2);
    await expectOneAnswer(world);
  });

  it("that comes after the states of its own end changes nothing of what these have started", async () => {
    world = await openAtRisk(lossy, everything);
    world.lab.platform.eventBridge.control.harm(({ event, rule }) =>
      event["detail-type"] === warning && rule.name === "urgent"
        ? { kind: "DELAY", ms: 5 * minuteMs }
        : undefined,
    );
    world.interrupt();
    await world.pass(60 * minuteMs);
    await expectOneAnswer(world);
  });

  it("of an experiment of FIS is answered in full, and remembered nowhere", async () => {
    const { fis } = world.lab.platform;
    const { accountId, region } = world.lab.account;
    fis.control.interruptSpot({ accountId, region, instanceIds: [world.lab.originalId] });
    await world.pass(40 * minuteMs);
    expect(await world.evaluations()).toMatchObject([
      { kind: "RECOVER", startedBy: "event", status: "SWITCHED" },
    ]);
    expect(await lossesOf(world)).toEqual([]);
  });

  const otherId = "777788889999";

  const connectOther = async (environment: "LAB" | "PROD"): Promise<void> => {
    const { region } = world.lab.account;
    const { platform, account } = world.lab;
    const customer = { accountId: otherId, name: "other", regions: [region] } as const;
    await connectCustomer(platform, account.api, { ...customer, environment });
  };

  /** As it comes from the queue. */
  const recordOf = (account: string, instanceId: string) => ({
    messageId: account,
    body: JSON.stringify({
      "detail-type": warning,
      source: "aws.ec2",
      account,
      region: world.lab.account.region,
      time: new Date(world.lab.clock.now()).toISOString(),
      detail: { "instance-id": instanceId, "instance-action": "terminate" },
    }),
    attributes: { ApproximateReceiveCount: "1" },
  });

  it("that one connected account tells of another's instance is of none that is known", async () => {
    await connectOther("PROD");
    const Records = [recordOf(otherId, world.lab.originalId)];
    await world.lab.platform.functions.invoke("interruption-receive", { Records });
    await world.pass(minuteMs);
    const [answer] = world.answers;
    expect(answer).toMatchObject({
      outcomes: { UNKNOWN_INSTANCE: 1 },
      responses: { UNKNOWN_INSTANCE: 1 },
    });
    expect(await world.evaluations()).toEqual([]);
    expect(await lossesOf(world)).toEqual([]);
  });

  it("of a PROD account is answered before one of a LAB account that came ahead of it", async () => {
    await connectOther("LAB");
    const { accountId: own } = world.lab.account;
    const Records = [recordOf(otherId, "i-0123456789abcdef0"), recordOf(own, world.lab.originalId)];
    await world.lab.platform.functions.invoke("interruption-receive", { Records });
    expect(world.responses()).toEqual(["STARTED", "UNKNOWN_INSTANCE"]);
  });
});

it("three warnings behind five hundred recommendations are answered within five seconds", async () => {
  const { control } = world.lab;
  const { accountId, region } = world.lab.account;
  const add = () =>
    control.addInstance({ accountId, region, instanceType: "m5.large", lifecycle: "spot" });
  const recommended = add();
  for (let nth = 0; nth < 500; nth += 1) control.recommendRebalance(recommended);
  const noticedMs = world.lab.clock.now();
  const others = [add(), add()];
  for (const id of others) control.interrupt(id);
  world.interrupt();
  await world.pass(5_000);
  const [recovery] = await world.evaluations();
  expect(recovery).toMatchObject({ kind: "RECOVER", startedBy: "event" });
  expect(Date.parse(recovery?.startedAt ?? "") - noticedMs).toBeLessThan(5_000);
  expect(await lossesOf(world)).toHaveLength(3);
});

describe.each(["stateless", "stop-and-image"] as const)("a recovery (%s)", (kind) => {
  it("whose sessions have expired at the first call of each kind is made with new ones", async () => {
    world = await openAtRisk(kind === "stateless" ? lossy : richOnSpot[kind]);
    const { account, platform } = world.lab;
    const expired = new Set<string>();
    platform.cloud.faults.before(({ service, operation, caller }) => {
      const isOurs = caller.accountId === account.accountId && caller.sessionName !== undefined;
      if (!isOurs || expired.has(operation)) return;
      expired.add(operation);
      throw refuse(service, "EXPIRED", "Request has expired.");
    });
    world.interrupt();
    await world.pass(90 * minuteMs);
    expect(expired.size).toBeGreaterThan(15);
    await expectOneAnswer(world);
  });
});
