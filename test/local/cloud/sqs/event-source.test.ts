import { describe, expect, it } from "@jest/globals";
import { VirtualClock } from "../../../../local/cloud/clock.ts";
import { createRandom } from "../../../../local/cloud/random.ts";
import { mapQueue, type SqsRecord } from "../../../../local/cloud/sqs/event-source.ts";
import { Queues } from "../../../../local/cloud/sqs/queues.ts";

const queueArn = "arn:aws:sqs:us-east-1:111122223333:events";
const deadArn = "arn:aws:sqs:us-east-1:111122223333:dead";
const startMs = Date.parse("2026-03-02T10:00:00Z");

type Answer = (bodies: readonly string[], records: readonly SqsRecord[]) => unknown;

const world = (
  answer: Answer,
  options: { takesMs?: number; reportsItemFailures?: boolean } = {},
) => {
  const clock = new VirtualClock(startMs);
  const queues = new Queues({ clock, random: createRandom(3) });
  queues.add({ arn: deadArn, letsIn: [] });
  queues.add({
    arn: queueArn,
    visibilitySeconds: 10,
    redrive: { deadLetterArn: deadArn, maxReceiveCount: 3 },
    letsIn: ["arn:aws:events:us-east-1:111122223333:rule/*"],
  });
  const batches: { readonly atMs: number; readonly bodies: readonly string[] }[] = [];
  const failures: unknown[] = [];
  mapQueue(clock, queues, {
    queueArn,
    batchSize: 10,
    reportsItemFailures: options.reportsItemFailures ?? true,
    invoke: async ({ Records }) => {
      const bodies = Records.map(({ body }) => body);
      batches.push({ atMs: clock.now() - startMs, bodies });
      await clock.pass(options.takesMs ?? 100);
      return answer(bodies, Records);
    },
    failed: (error) => failures.push(error),
  });
  const send = (body: string) =>
    queues.send(queueArn, {
      body,
      sender: {
        service: "events.amazonaws.com",
        sourceArn: "arn:aws:events:us-east-1:111122223333:rule/x",
        accountId: "111122223333",
      },
    });
  return { clock, queues, batches, failures, send };
};

describe("what comes to the queue", () => {
  it("is handed over in batches of ten, and deleted", async () => {
    const { clock, queues, batches, send } = world(() => undefined);
    for (let index = 0; index < 25; index += 1) send(String(index));
    await clock.run();
    expect(batches.map(({ bodies }) => bodies.length)).toEqual([10, 10, 5]);
    expect(queues.messages(queueArn)).toEqual([]);
    expect(batches.every(({ atMs }) => atMs < 100)).toBe(true);
  });

  it("begins with five batches at a time: 200 messages are four rounds", async () => {
    const { clock, batches, send } = world(() => undefined, { takesMs: 1000 });
    for (let index = 0; index < 200; index += 1) send(String(index));
    await clock.run();
    const rounds = new Map<number, number>();
    for (const { atMs } of batches) {
      const second = Math.floor(atMs / 1000);
      rounds.set(second, (rounds.get(second) ?? 0) + 1);
    }
    expect([...rounds]).toEqual([
      [0, 5],
      [1, 5],
      [2, 5],
      [3, 5],
    ]);
  });

  it("from elsewhere than the queue's policy says is refused", () => {
    const { queues } = world(() => undefined);
    const sender = {
      service: "events.amazonaws.com",
      sourceArn: "arn:aws:events:x",
      accountId: "1",
    };
    expect(queues.send(queueArn, { body: "x", sender })).toBe("NO_PERMISSIONS");
    expect(queues.send("arn:aws:sqs:us-east-1:1:none", { body: "x", sender })).toBe("NO_RESOURCE");
  });
});

describe("a batch that fails", () => {
  it("as a whole comes again after the time-out, three times, and then goes to the dead letters", async () => {
    const { clock, queues, batches, failures, send } = world(() => {
      throw new Error("no table");
    });
    send("one");
    await clock.run();
    expect(batches.map(({ atMs }) => Math.floor(atMs / 10_000))).toEqual([0, 1, 2]);
    expect(failures).toHaveLength(3);
    expect(queues.messages(queueArn)).toEqual([]);
    expect(queues.messages(deadArn).map(({ body }) => body)).toEqual(["one"]);
  });

  it("in part brings back what it names alone", async () => {
    let isFirst = true;
    const { clock, batches, send } = world((_, records) => {
      if (!isFirst) return { batchItemFailures: [] };
      isFirst = false;
      const failed = records.filter(({ body }) => body === "bad");
      return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    });
    for (const body of ["good", "bad", "fine"]) send(body);
    await clock.run();
    expect(batches.map(({ bodies }) => bodies.length)).toEqual([3, 1]);
    expect(batches[1]?.bodies).toEqual(["bad"]);
  });

  it.each<readonly [string, unknown]>([
    ["names what it was not given", { batchItemFailures: [{ itemIdentifier: "another" }] }],
    ["names nothing", { batchItemFailures: [{ itemIdentifier: "" }] }],
    ["is of another form", { batchItemFailures: "all" }],
  ])("by a response that %s: all of it comes again", async (_, answer) => {
    const { clock, batches, failures, send } = world(() => answer);
    send("one");
    await clock.run();
    expect(batches).toHaveLength(3);
    expect(failures).toHaveLength(3);
  });

  it("is deleted whatever it answers where the source does not ask for failed items", async () => {
    const { clock, batches, send } = world(
      (_, [record]) => ({ batchItemFailures: [{ itemIdentifier: record?.messageId }] }),
      { reportsItemFailures: false },
    );
    send("one");
    await clock.run();
    expect(batches).toHaveLength(1);
  });
});

it("a message whose function is still at work after the time-out is handed over a second time", async () => {
  const { clock, batches, queues, send } = world(() => undefined, { takesMs: 12_000 });
  send("one");
  await clock.run();
  expect(batches.map(({ bodies }) => bodies)).toEqual([["one"], ["one"], ["one"]]);
  // Each deletes by a receipt that is old by then: it is a dead letter in the end, although it was dealt with.
  expect(queues.messages(deadArn).map(({ body }) => body)).toEqual(["one"]);
});
