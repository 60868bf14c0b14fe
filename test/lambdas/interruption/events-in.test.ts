/** From an interruption in a customer's account to the memory of its pool, over both buses and the queue. */
import { beforeEach, describe, expect, it } from "@jest/globals";
import { listLosses } from "../../../adapters/store/pools.ts";
import { listSpotEvents } from "../../../adapters/store/spot-events.ts";
import { addSpotInstance } from "../../../adapters/store/spot-instances.ts";
import type { Table } from "../../../adapters/store/table.ts";
import { accountIdSchema } from "../../../core/model/ids.ts";
import { spotInstanceSchema } from "../../../core/model/spot-instance.ts";
import { distinctLosses } from "../../../core/risk/distinct-losses.ts";
import type { Ec2Settings } from "../../../local/cloud/ec2/settings.ts";
import type { HarmHook } from "../../../local/cloud/eventbridge/delivery.ts";
import { openAccount, type LabAccount } from "../../../local/lab/account.ts";
import { smallMarket } from "../../../local/lab/small-market.ts";
import {
  applyEventTemplate,
  type TemplateParameters,
} from "../../../local/platform/customer-account.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";
import { counting } from "./counted-table.ts";

const region = "us-east-1";
const startMs = Date.parse("2026-03-02T10:00:00Z");

interface World {
  readonly stage: LabAccount;
  readonly table: Table;
  readonly calls: string[];
  readonly failing: string[];
  readonly harm: (hook: HarmHook) => void;
  /** Told by the function, batch by batch. */
  readonly answers: { readonly outcomes: Readonly<Record<string, number>> }[];
  addSpot(): string;
  keep(instanceId: string): Promise<void>;
  pass(seconds: number): Promise<void>;
  losses(): ReturnType<typeof listLosses>;
}

const openWorld = async (
  environment: "LAB" | "PROD" = "PROD",
  parameters: TemplateParameters = {},
  settings: Partial<Ec2Settings> = {},
): Promise<World> => {
  const { calls, failing, counted: table } = counting(createMemoryTable());
  const stage = await openAccount({
    market: smallMarket,
    seed: 1,
    startMs,
    region,
    version: "test",
    name: "shop",
    environment,
    front: "direct",
    table,
    settings,
  });
  const { platform, accountId, clock } = stage;
  const { eventBridge, functions } = platform;
  const yaml = await stage.api.getText(`/accounts/${accountId}/role-template`);
  applyEventTemplate(platform, { accountId, region, yaml, parameters });
  await functions.invoke("interruption-open-bus", {});
  const answers: World["answers"] = [];
  const { invoke } = functions;
  functions.invoke = async (name, payload, arn) => {
    const answer = await invoke(name, payload, arn);
    if (name === "interruption-receive") answers.push(answer as World["answers"][number]);
    return answer;
  };
  const find = (instanceId: string) => platform.ec2.control.find(instanceId);
  return {
    stage,
    table,
    calls,
    failing,
    answers,
    harm: (hook) => void eventBridge.control.harm(hook),
    addSpot: () =>
      platform.ec2.control.addInstance({
        accountId,
        region,
        instanceType: "m5.large",
        lifecycle: "spot",
      }),
    keep: async (instanceId) => {
      const { instanceType, zoneId } = find(instanceId) ?? {};
      const launchedAt = new Date(startMs).toISOString();
      const product = "Linux/UNIX";
      const row = { accountId, region, instanceId, instanceType, zoneId, product, launchedAt };
      await addSpotInstance(table, spotInstanceSchema().parse(row));
    },
    pass: (seconds) => clock.run({ atMostMs: clock.now() + seconds * 1000 }),
    losses: () => listLosses(table, { region, since: new Date(0).toISOString() }),
  };
};

const outcomesOf = ({ answers }: World) => answers.map(({ outcomes }) => outcomes);

/** Calls that the customer's account saw of the function. */
const describes = ({ stage }: World): number =>
  stage.platform.cloud.journal.filter(
    ({ operation, accountId }) =>
      operation === "DescribeSpotInstanceRequests" && accountId === stage.accountId,
  ).length;

describe("a warning", () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
  });

  it("of an instance of the inventory is a loss of its pool within seconds, by six calls of the table and none of EC2", async () => {
    const id = world.addSpot();
    await world.keep(id);
    world.calls.length = 0;
    const before = describes(world);
    world.stage.platform.ec2.control.interrupt(id);
    await world.pass(5);
    expect(outcomesOf(world)).toEqual([{ REMEMBERED: 1 }]);
    expect(await world.losses()).toHaveLength(1);
    expect(world.calls.slice(0, -1)).toHaveLength(6);
    // Stored before anything else that can fail.
    expect(world.calls[0]).toContain("put TOLD#");
    expect(describes(world)).toBe(before);
  });

  it("of one that the inventory does not know is looked up once, and counts as its request says", async () => {
    const taken = world.addSpot();
    const byPrice = world.addSpot();
    const before = describes(world);
    world.stage.platform.ec2.control.interrupt(taken);
    world.stage.platform.ec2.control.interrupt(byPrice, { why: "experiment" });
    await world.pass(5);
    expect(
      outcomesOf(world)
        .flatMap((each) => Object.keys(each))
        .sort(),
    ).toEqual(["NOT_TAKEN_BY_POOL", "REMEMBERED"]);
    expect(describes(world)).toBe(before + 2);
    expect(await world.losses()).toHaveLength(1);
  });

  it("of one that the inventory does not know is looked up until EC2 shows it, and is one loss", async () => {
    const late = await openWorld("PROD", {}, { requestLagMs: 8_000 });
    late.stage.platform.ec2.control.interrupt(late.addSpot());
    await late.pass(60);
    expect(outcomesOf(late)).toEqual([{ UNCONFIRMED: 1 }, { REMEMBERED: 1 }]);
    expect(await late.losses()).toHaveLength(1);
  });

  it("of one that EC2 goes on showing as running is not a loss of its pool", async () => {
    const never = await openWorld("PROD", {}, { requestLagMs: 3_600_000 });
    never.stage.platform.ec2.control.interrupt(never.addSpot());
    await never.pass(60);
    expect(outcomesOf(never).at(-1)).toEqual({ NOT_TAKEN_BY_POOL: 1 });
    expect(await never.losses()).toEqual([]);
  });

  it("told twice, at once or later, is one loss", async () => {
    const id = world.addSpot();
    await world.keep(id);
    world.harm(({ rule }) =>
      rule.name === "urgent" ? { kind: "TWICE", afterMs: 400 } : undefined,
    );
    world.stage.platform.ec2.control.interrupt(id);
    await world.pass(60);
    expect(
      world.answers.length +
        world.answers.flatMap(({ outcomes }) => Object.values(outcomes)).length,
    ).toBeGreaterThan(1);
    expect(await world.losses()).toHaveLength(1);
  });

  it("that comes late counts from when it was told", async () => {
    const id = world.addSpot();
    await world.keep(id);
    world.harm(({ rule }) =>
      rule.name === "ForwardInterruptionWarningsRule" ? { kind: "DELAY", ms: 600_000 } : undefined,
    );
    const toldAt = new Date(Math.floor(world.stage.clock.now() / 1000) * 1000).toISOString();
    world.stage.platform.ec2.control.interrupt(id);
    await world.pass(700);
    expect(world.answers).toMatchObject([{ late: 1 }]);
    expect((await world.losses())[0]?.at).toBe(toldAt);
  });

  it.each(["stop", "hibernate"] as const)("to %s is a loss as well", async (action) => {
    const id = world.addSpot();
    await world.keep(id);
    const { accountId } = world.stage;
    world.stage.platform.eventBridge.hear({
      version: "0",
      id: "1",
      "detail-type": "EC2 Spot Instance Interruption Warning",
      source: "aws.ec2",
      account: accountId,
      time: "2026-03-02T10:00:00Z",
      region,
      resources: [],
      detail: { "instance-id": id, "instance-action": action },
    });
    await world.pass(5);
    expect(await world.losses()).toHaveLength(1);
  });

  it.each([
    ["disabled", "PATCH", { body: { status: "DISABLED" } }],
    ["disconnected", "DELETE", {}],
  ] as const)(
    "of an account that was %s meanwhile is dropped, and counted",
    async (_, method, change) => {
      const id = world.addSpot();
      await world.keep(id);
      const { api, accountId } = world.stage;
      const { status } = await api.send({ method, path: `/accounts/${accountId}`, ...change });
      expect(status).toBe(method === "PATCH" ? 200 : 204);
      world.stage.platform.ec2.control.interrupt(id);
      await world.pass(5);
      expect(outcomesOf(world)).toEqual([{ UNKNOWN_ACCOUNT: 1 }]);
      await world.stage.platform.functions.invoke("interruption-open-bus", {});
      const other = world.addSpot();
      world.stage.platform.ec2.control.interrupt(other);
      await world.pass(5);
      // Not even let in.
      expect(world.answers).toHaveLength(1);
      expect(await world.losses()).toEqual([]);
    },
  );

  it("under an experiment of FIS is not held against its pool, whichever comes first", async () => {
    const id = world.addSpot();
    await world.keep(id);
    const { fis } = world.stage.platform;
    fis.control.interruptSpot({
      accountId: world.stage.accountId,
      region,
      instanceIds: [id],
      minutesBefore: 3,
    });
    await world.pass(300);
    const all = outcomesOf(world).flatMap((each) => Object.keys(each));
    expect(all).toContain("UNDER_EXPERIMENT");
    expect(await world.losses()).toEqual([]);
  });

  it.each(["put TOLD#", "get ACCOUNT#", "get SPOT#", "put POOL#"])(
    "whose function fails at %s comes again ten seconds later, and is remembered once",
    async (call) => {
      const id = world.addSpot();
      await world.keep(id);
      world.failing.push(call);
      world.stage.platform.ec2.control.interrupt(id);
      await world.pass(15);
      expect(outcomesOf(world)).toEqual([{ FAILED: 1 }, { REMEMBERED: 1 }]);
      expect(await world.losses()).toHaveLength(1);
    },
  );

  it("that could not be stored for ten minutes is a dead letter", async () => {
    const id = world.addSpot();
    world.failing.push(...Array.from({ length: 1000 }, () => "put TOLD#"));
    world.stage.platform.ec2.control.interrupt(id);
    await world.pass(900);
    const { queues, ownEvents } = world.stage.platform;
    const dead = queues.messages(ownEvents.deadLettersArn).map(({ body }) => body);
    expect(dead.filter((body) => body.includes("Interruption Warning"))).toHaveLength(1);
    expect(await world.losses()).toEqual([]);
  });
});

it("in a LAB account says nothing about its pool", async () => {
  const world = await openWorld("LAB");
  const id = world.addSpot();
  await world.keep(id);
  world.stage.platform.ec2.control.interrupt(id);
  await world.pass(5);
  expect(outcomesOf(world)).toEqual([{ NOT_PROD: 1 }]);
  expect(await world.losses()).toEqual([]);
});

it("two hundred at once are all remembered, none twice, within the notice", async () => {
  const world = await openWorld();
  const ids = Array.from({ length: 200 }, () => world.addSpot());
  for (const id of ids) await world.keep(id);
  for (const id of ids) world.stage.platform.ec2.control.interrupt(id);
  await world.pass(20);
  expect(await world.losses()).toHaveLength(200);
  // Which weigh as one loss of their pool, whatever their number.
  const own = accountIdSchema.parse(world.stage.accountId);
  expect(distinctLosses(await world.losses(), own)).toHaveLength(1);
});

it("what is not an event goes to the dead letters, and holds nothing else up", async () => {
  const world = await openWorld();
  const { eventBridge, queues, ownEvents } = world.stage.platform;
  eventBridge.hear({
    version: "0",
    id: "1",
    "detail-type": "EC2 Spot Instance Interruption Warning",
    source: "aws.ec2",
    account: world.stage.accountId,
    time: "2026-03-02T10:00:00Z",
    region,
    resources: [],
    detail: { "instance-id": "i-0123456789abcdef0", "instance-action": "vanish" },
  });
  const id = world.addSpot();
  await world.keep(id);
  world.stage.platform.ec2.control.interrupt(id);
  await world.pass(5);
  expect(await world.losses()).toHaveLength(1);
  await world.pass(900);
  expect(queues.messages(ownEvents.deadLettersArn)).toHaveLength(1);
});

describe("the customer's choice", () => {
  const eventsAt = async (parameters: TemplateParameters): Promise<readonly string[]> => {
    const world = await openWorld("PROD", parameters);
    const { ec2 } = world.stage.platform;
    ec2.control.interrupt(world.addSpot(), { rebalanceSeconds: 0 });
    await world.pass(300);
    const { accountId } = world.stage;
    const told = await listSpotEvents(world.table, {
      accountId: accountIdSchema.parse(accountId),
      region,
    });
    return told.map(({ kind }) => kind).sort();
  };

  it("is warnings and recommendations, and no state changes, unless he says otherwise", async () => {
    expect(await eventsAt({})).toEqual(["INTERRUPTION_WARNING", "REBALANCE_RECOMMENDATION"]);
    expect(
      await eventsAt({ ForwardRebalanceRecommendations: "false", ForwardStateChanges: "true" }),
    ).toEqual(["INTERRUPTION_WARNING", "STATE_CHANGE", "STATE_CHANGE"]);
    expect(await eventsAt({ ForwardInterruptionWarnings: "false" })).toEqual([
      "REBALANCE_RECOMMENDATION",
    ]);
  });
});

it("of an account that was never let in the events wait in its own queue, with the reason", async () => {
  const world = await openWorld();
  const { platform, accountId, api } = world.stage;
  await api.send({ method: "PATCH", path: `/accounts/${accountId}`, body: { status: "DISABLED" } });
  await platform.functions.invoke("interruption-open-bus", {});
  platform.ec2.control.interrupt(world.addSpot());
  await world.pass(5);
  const undelivered = platform.queues.messages(
    `arn:aws:sqs:${region}:${accountId}:UndeliveredEvents`,
  );
  expect(undelivered.map(({ attributes }) => attributes["ERROR_CODE"])).toEqual(["NO_PERMISSIONS"]);
});
