import { describe, expect, it } from "@jest/globals";
import {
  EventBridgeClient,
  PutEventsCommand,
  PutPermissionCommand,
} from "@aws-sdk/client-eventbridge";
import type { AwsEvent } from "../../../../local/cloud/aws-event.ts";
import { VirtualClock } from "../../../../local/cloud/clock.ts";
import { createCloud } from "../../../../local/cloud/dispatch.ts";
import { createEventBridge } from "../../../../local/cloud/eventbridge/service.ts";
import type { EventBridgeSettings } from "../../../../local/cloud/eventbridge/settings.ts";
import { Queues } from "../../../../local/cloud/sqs/queues.ts";
import { localClient } from "../../../../local/wire/front/client-config.ts";

const ours = "111122223333";
const customer = "222233334444";
const region = "eu-west-1";
const home = "us-east-1";
const queueArn = `arn:aws:sqs:${home}:${ours}:events`;
const deadArn = `arn:aws:sqs:${region}:${customer}:dead`;
const startMs = Date.parse("2026-03-02T10:00:00Z");

const warning = (id: string, of: Partial<AwsEvent> = {}): AwsEvent => ({
  version: "0",
  id,
  "detail-type": "EC2 Spot Instance Interruption Warning",
  source: "aws.ec2",
  account: customer,
  time: "2026-03-02T10:00:00Z",
  region,
  resources: [],
  detail: { "instance-id": `i-${id}`, "instance-action": "terminate" },
  ...of,
});

interface Options {
  readonly settings?: Partial<EventBridgeSettings>;
  readonly policy?: object;
  readonly role?: { readonly trusts?: string; readonly allow?: readonly string[] };
  readonly retryAttempts?: number;
  readonly maximumAgeSeconds?: number;
}

/** A customer's rule forwards warnings to our bus in another account and region; our rule puts them into a queue. */
const world = async ({ settings = {}, policy, role = {}, ...limits }: Options = {}) => {
  const clock = new VirtualClock(startMs);
  const cloud = createCloud({ clock, seed: 7, ownAccountId: ours });
  const queues = new Queues(cloud);
  const bridge = createEventBridge(cloud, { queues, settings });
  cloud.serve(bridge);
  const busArn = bridge.control.addBus({ accountId: ours, region: home }, "interruptions");
  queues.add({ arn: queueArn, letsIn: [`arn:aws:events:${home}:${ours}:rule/interruptions/*`] });
  queues.add({ arn: deadArn, letsIn: [`arn:aws:events:${region}:${customer}:rule/*`] });
  const { arn: roleArn } = cloud.identities.addRole({
    accountId: customer,
    name: "forwarder",
    trustedPrincipals: [role.trusts ?? "events.amazonaws.com"],
    statements: [
      { effect: "Allow", actions: role.allow ?? ["events:PutEvents"], resources: [busArn] },
    ],
  });
  const pattern = { source: ["aws.ec2"], "detail-type": [{ prefix: "EC2 Spot" }] };
  bridge.control.putRule({
    accountId: customer,
    region,
    name: "forward",
    pattern,
    targets: [{ arn: busArn, roleArn, deadLetterArn: deadArn, ...limits }],
  });
  bridge.control.putRule({
    accountId: ours,
    region: home,
    busName: "interruptions",
    name: "queue",
    pattern,
    targets: [{ arn: queueArn }],
  });
  const ownClient = localClient(EventBridgeClient, cloud, {
    region: home,
    front: "in-process",
    credentials: cloud.identities.operator,
  });
  const open = {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "Connected",
        Effect: "Allow",
        Principal: { AWS: [`arn:aws:iam::${customer}:root`] },
        Action: "events:PutEvents",
        Resource: busArn,
        Condition: { StringLike: { "events:source": "aws.*" } },
      },
    ],
  };
  await ownClient.send(
    new PutPermissionCommand({
      EventBusName: "interruptions",
      Policy: JSON.stringify(policy ?? open),
    }),
  );
  const idsIn = (arn: string) =>
    queues.messages(arn).map(({ body }) => (JSON.parse(body) as AwsEvent).id);
  return { clock, cloud, queues, bridge, busArn, roleArn, pattern, ownClient, idsIn };
};

describe("an event of a customer's account", () => {
  it("reaches our queue in another account and region as it was told, after both hops", async () => {
    const { bridge, clock, queues, idsIn } = await world();
    bridge.hear(warning("one"));
    bridge.hear(warning("other", { "detail-type": "EC2 Instance State-change Notification" }));
    await clock.run();
    expect(queues.messages(queueArn).map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      warning("one"),
    ]);
    expect(idsIn(deadArn)).toEqual([]);
    expect(clock.now() - startMs).toBeGreaterThanOrEqual(300);
  });

  it.each<readonly [string, Options, string]>([
    ["our policy does not list it", { policy: { Statement: [] } }, "NO_PERMISSIONS"],
    [
      "our policy lets in another source alone",
      {
        policy: {
          Statement: [
            {
              Effect: "Allow",
              Principal: "*",
              Action: "events:PutEvents",
              Resource: "*",
              Condition: { StringLike: { "events:source": "aws.fis" } },
            },
          ],
        },
      },
      "NO_PERMISSIONS",
    ],
    ["its role is not EventBridge's", { role: { trusts: customer } }, "FAILED_TO_ASSUME_ROLE"],
    ["its role may do something else", { role: { allow: ["sqs:SendMessage"] } }, "NO_PERMISSIONS"],
  ])("goes to the customer's dead-letter queue at once where %s", async (_, options, code) => {
    const { bridge, clock, queues } = await world(options);
    bridge.hear(warning("one"));
    await clock.run({ atMostMs: startMs + 5_000 });
    expect(queues.messages(queueArn)).toEqual([]);
    const [dead] = queues.messages(deadArn);
    expect(dead?.attributes).toMatchObject({ ERROR_CODE: code, RETRY_ATTEMPTS: "0" });
    expect(dead?.attributes).not.toHaveProperty("EXHAUSTED_RETRY_CONDITION");
  });

  it("is dropped, and noted, where there is no dead-letter queue that takes it", async () => {
    const { bridge, clock, roleArn, busArn, pattern } = await world({ policy: { Statement: [] } });
    const place = { accountId: customer, region };
    bridge.control.putRule({
      ...place,
      name: "forward",
      pattern,
      targets: [{ arn: busArn, roleArn }],
    });
    bridge.hear(warning("one"));
    await clock.run();
    expect(bridge.control.dropped.map(({ error, event }) => [error, event.id])).toEqual([
      ["NO_PERMISSIONS", "one"],
    ]);
  });

  it.each([
    ["account", { accountId: "333344445555", region: home }, "THIRD_ACCOUNT_HOP_DETECTED"],
    ["region", { accountId: ours, region: "ap-south-1" }, "THIRD_REGION_HOP_DETECTED"],
  ])("that was forwarded once goes to no third %s", async (_, place, code) => {
    const { bridge, clock, pattern } = await world();
    const third = bridge.control.addBus(place, "third");
    bridge.control.putRule({
      accountId: ours,
      region: home,
      busName: "interruptions",
      name: "further",
      pattern,
      targets: [{ arn: third }],
    });
    bridge.hear(warning("one"));
    await clock.run();
    expect(bridge.control.dropped.map(({ error }) => error)).toEqual([code]);
  });
});

describe("a delivery", () => {
  it("that may pass is tried again, later and later, until its target answers", async () => {
    const { bridge, clock, idsIn } = await world();
    const attempts: number[] = [];
    bridge.control.harm(({ rule, attempt }) => {
      if (rule.name !== "forward") return undefined;
      attempts.push(clock.now() - startMs);
      return attempt < 4 ? { kind: "FAIL", error: "THROTTLING" } : undefined;
    });
    bridge.hear(warning("one"));
    await clock.run();
    expect(idsIn(queueArn)).toEqual(["one"]);
    const pauses = attempts.slice(2).map((at, index) => at - (attempts[index + 1] ?? 0));
    expect(pauses.every((pause, index) => pause >= 1000 * 2 ** index)).toBe(true);
  });

  it.each<readonly [string, Options]>([
    ["MaximumRetryAttempts", { retryAttempts: 2 }],
    ["MaximumEventAgeInSeconds", { maximumAgeSeconds: 60 }],
  ])("ends in the dead-letter queue by %s", async (condition, limits) => {
    const { bridge, clock, queues } = await world(limits);
    bridge.control.harm(() => ({ kind: "FAIL", error: "TIMEOUT" }));
    bridge.hear(warning("one"));
    await clock.run({ atMostMs: startMs + 3 * 86_400_000 });
    const [dead] = queues.messages(deadArn);
    expect(dead?.attributes).toMatchObject({
      ERROR_CODE: "TIMEOUT",
      EXHAUSTED_RETRY_CONDITION: condition,
      ...(condition === "MaximumRetryAttempts" && { RETRY_ATTEMPTS: "2" }),
    });
  });

  it("comes twice, late or never where a scenario says so", async () => {
    const { bridge, clock, idsIn } = await world();
    bridge.control.harm(({ rule, event }) => {
      if (rule.name !== "queue") return undefined;
      if (event.id === "lost") return { kind: "LOSE" };
      if (event.id === "late") return { kind: "DELAY", ms: 60_000 };
      return { kind: "TWICE", afterMs: 500 };
    });
    for (const id of ["lost", "late", "twice"]) bridge.hear(warning(id));
    await clock.run();
    expect(idsIn(queueArn)).toEqual(["twice", "twice", "late"]);
  });

  it("keeps no order: of many, some come before one that was told earlier", async () => {
    const { bridge, clock, idsIn } = await world();
    const told = Array.from({ length: 20 }, (_, index) => `e${String(index)}`);
    for (const id of told) bridge.hear(warning(id));
    await clock.run();
    expect([...idsIn(queueArn)].sort()).toEqual([...told].sort());
    expect(idsIn(queueArn)).not.toEqual(told);
  });

  it("by shares: each that is told comes, but for the share that AWS loses", async () => {
    const { bridge, clock, idsIn } = await world({
      settings: { lateShare: 0.2, twiceShare: 0.2, lostShare: 0.2 },
    });
    for (let index = 0; index < 200; index += 1) bridge.hear(warning(`e${String(index)}`));
    await clock.run();
    const ids = idsIn(queueArn);
    expect(new Set(ids).size).toBeGreaterThan(130);
    expect(new Set(ids).size).toBeLessThan(190);
    expect(ids.length).toBeGreaterThan(new Set(ids).size);
    expect(clock.now() - startMs).toBeGreaterThan(60_000);
  });
});

describe("a target", () => {
  it("that is a function is handed the event; one that is not there is not tried again", async () => {
    const clock = new VirtualClock(startMs);
    const cloud = createCloud({ clock, seed: 7, ownAccountId: ours });
    const handed: unknown[] = [];
    const arnOf = (name: string) => `arn:aws:lambda:${region}:${customer}:function:${name}`;
    const bridge = createEventBridge(cloud, {
      queues: new Queues(cloud),
      invoke: (arn) => (arn === arnOf("there") ? (event) => handed.push(event) : undefined),
    });
    bridge.control.putRule({
      accountId: customer,
      region,
      name: "call",
      pattern: { source: ["aws.ec2"] },
      targets: [{ arn: arnOf("there") }, { arn: arnOf("gone") }],
    });
    bridge.hear(warning("one"));
    await clock.run();
    expect(handed).toEqual([warning("one")]);
    expect(bridge.control.dropped.map(({ error, attempt }) => [error, attempt])).toEqual([
      ["NO_RESOURCE", 1],
    ]);
    bridge.control.removeRule({ accountId: customer, region }, "call");
    bridge.hear(warning("two"));
    await clock.run();
    expect(handed).toHaveLength(1);
  });

  it("of a kind that the simulated EventBridge does not have is refused by name", async () => {
    const { bridge, pattern } = await world();
    const target = { arn: "arn:aws:sns:eu-west-1:222233334444:topic" };
    expect(() => {
      bridge.control.putRule({
        accountId: customer,
        region,
        name: "x",
        pattern,
        targets: [target],
      });
    }).toThrow("no targets like arn:aws:sns");
  });
});

describe("PutEvents", () => {
  it("takes no source of AWS's from anybody, and others by the bus' policy", async () => {
    const { ownClient, cloud, busArn, clock } = await world();
    const own = await ownClient.send(
      new PutEventsCommand({
        Entries: [
          { Source: "aws.ec2", DetailType: "x", Detail: "{}", EventBusName: "interruptions" },
          { Source: "mine", DetailType: "x", Detail: "{}", EventBusName: "interruptions" },
        ],
      }),
    );
    expect(own.Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
      "NotAuthorizedForSourceException",
      undefined,
    ]);
    const stranger = localClient(EventBridgeClient, cloud, {
      region: home,
      front: "in-process",
      credentials: cloud.identities.addUser({ accountId: customer, name: "admin" }),
    });
    const theirs = await stranger.send(
      new PutEventsCommand({
        Entries: [{ Source: "mine", DetailType: "x", Detail: "{}", EventBusName: busArn }],
      }),
    );
    expect(theirs.Entries?.[0]?.ErrorCode).toBe("AccessDeniedException");
    await clock.run();
  });
});

it("a policy of more than 10,240 characters is refused", async () => {
  const { ownClient } = await world();
  const Policy = JSON.stringify({ Statement: [], Id: "x".repeat(10_240) });
  await expect(
    ownClient.send(new PutPermissionCommand({ EventBusName: "interruptions", Policy })),
  ).rejects.toThrow("too long");
});
