import { describe, expect, it } from "@jest/globals";
import {
  afterReplies,
  type Eviction,
} from "../../../../../core/decide/kubernetes/drain/replies.ts";
import {
  beginDrain,
  beginTick,
  type TickMemory,
} from "../../../../../core/decide/kubernetes/drain/tick.ts";
import type { Blocker } from "../../../../../core/model/kubernetes/drain.ts";
import type { EvictionReply } from "../../../../../core/model/kubernetes/eviction.ts";
import { at } from "../objects.ts";

const eviction: Eviction = {
  namespace: "shop",
  name: "web-1",
  uid: "uid-web-1",
  workload: "shop/Deployment/web",
  budget: "shop/web",
};

const begun = { state: beginDrain(at(0)), memory: beginTick(beginDrain(at(0)), at(0)) };

const after = (reply: EvictionReply, seconds = 10, progress = begun) =>
  afterReplies(progress, [{ eviction, reply }], at(seconds));

const refusalOf = (memory: TickMemory): Blocker => {
  const [refusal, ...others] = memory.refusals;
  if (refusal === undefined || others.length > 0) throw new Error("not one refusal");
  return refusal;
};

const message = "told so";

interface Row {
  readonly reply: EvictionReply;
  readonly code: string;
  /** From the first answer until it is tried again. */
  readonly waits: number;
  readonly isLasting?: true;
  readonly isOfBudget?: true;
}

const rows: readonly Row[] = [
  {
    reply: { kind: "BUDGET", message, isSyncFailed: false },
    code: "BUDGET",
    waits: 5,
    isOfBudget: true,
  },
  {
    reply: { kind: "BUDGET", message, isSyncFailed: false, retryAfterSeconds: 10 },
    code: "BUDGET_STALE",
    waits: 10,
    isOfBudget: true,
  },
  {
    reply: { kind: "BUDGET", message, isSyncFailed: true, retryAfterSeconds: 10 },
    code: "BUDGET_SYNC_FAILED",
    waits: 60,
    isLasting: true,
    isOfBudget: true,
  },
  {
    reply: { kind: "SEVERAL_BUDGETS", message },
    code: "SEVERAL_BUDGETS",
    waits: 60,
    isLasting: true,
  },
  { reply: { kind: "DENIED", by: "Webhook", message }, code: "WEBHOOK_DENIES", waits: 5 },
  {
    reply: { kind: "WEBHOOK_UNAVAILABLE", by: "Webhook", message },
    code: "WEBHOOK_UNAVAILABLE",
    waits: 5,
  },
  { reply: { kind: "NAMESPACE_TERMINATING" }, code: "NAMESPACE_TERMINATING", waits: 60 },
  { reply: { kind: "OTHER_POD" }, code: "OTHER_POD", waits: 136, isOfBudget: true },
  {
    reply: { kind: "BUDGET_CONTROLLER_BEHIND", message },
    code: "BUDGET_STALE",
    waits: 60,
    isOfBudget: true,
  },
  { reply: { kind: "CONFLICT" }, code: "NO_ANSWER", waits: 0 },
  { reply: { kind: "UNKNOWN", message }, code: "NO_ANSWER", waits: 5 },
];

describe("a refusal", () => {
  it.each(rows)("$reply.kind is $code, and is tried again after $waits s", (row) => {
    const { state, memory } = after(row.reply);
    const { isLasting, isOfBudget } = row;
    expect(refusalOf(memory)).toEqual({
      namespace: "shop",
      pod: "web-1",
      code: row.code,
      sentence: expect.stringContaining("shop/web-1"),
      since: at(10),
      retryAt: at(10 + row.waits),
      ...(isOfBudget === undefined ? {} : { budget: "shop/web" }),
      ...(isLasting === undefined ? {} : { isLasting }),
    });
    expect(state).toEqual(begun.state);
    expect(memory.sent).toBe(1);
    expect(memory.pausedUntil).toBeUndefined();
  });

  it("that lasts is tried again after 5, 10, 20, 40 and then each 60 seconds", () => {
    const denied: EvictionReply = { kind: "DENIED", by: "Webhook", message };
    let progress = begun;
    let seconds = 0;
    const waits: number[] = [];
    for (let round = 0; round < 7; round += 1) {
      progress = after(denied, seconds, progress);
      const { retryAt = "" } = refusalOf(progress.memory);
      const next = (Date.parse(retryAt) - Date.parse(at(0))) / 1000;
      waits.push(next - seconds);
      seconds = next;
    }
    expect(waits).toEqual([5, 5, 10, 20, 40, 60, 60]);
    expect(refusalOf(progress.memory).since).toBe(at(0));
  });

  it("is remembered by the next tick, which does not begin again with five seconds", () => {
    const denied: EvictionReply = { kind: "DENIED", by: "Webhook", message };
    const { memory } = after(denied, 0);
    const state = { ...begun.state, blockers: memory.refusals };
    const next = afterReplies(
      { state, memory: beginTick(state, at(40)) },
      [{ eviction, reply: denied }],
      at(40),
    );
    expect(refusalOf(next.memory)).toMatchObject({ since: at(0), retryAt: at(80) });
  });
});

describe("an eviction that was accepted", () => {
  it("is progress, counts for its workload, and clears what held the pod", () => {
    const denied = after({ kind: "DENIED", by: "Webhook", message }, 1);
    const { state, memory } = after({ kind: "ACCEPTED" }, 10, denied);
    expect(memory).toMatchObject({ accepted: ["uid-web-1"], refusals: [], sent: 2 });
    expect(state).toMatchObject({
      evicted: 1,
      progressAt: at(10),
      workloads: [
        { key: "shop/Deployment/web", evicted: 1, created: 0, settled: 0, evictedAt: at(10) },
      ],
    });
  });

  it("is not counted where the pod had gone already: the next look tells", () => {
    const { state, memory } = after({ kind: "GONE" });
    expect(state.evicted).toBe(0);
    expect(memory.accepted).toEqual([]);
    expect(memory.refusals).toEqual([]);
  });
});

describe("the server's own limit", () => {
  it("pauses everything, a second at least, and holds no pod", () => {
    const { memory } = after({ kind: "THROTTLED", retryAfterSeconds: 0 });
    expect(memory).toMatchObject({ pausedUntil: at(11), refusals: [] });
  });

  it("is not cut short by a later, shorter one", () => {
    const long = after({ kind: "THROTTLED", retryAfterSeconds: 30 });
    const { memory } = after({ kind: "THROTTLED", retryAfterSeconds: 1 }, 12, long);
    expect(memory.pausedUntil).toBe(at(40));
  });
});
