import { describe, expect, it } from "@jest/globals";
import { judgeTurn } from "../../../../core/decide/switch/launch-turn.ts";
import { evaluationIdSchema } from "../../../../core/model/ids.ts";
import type { LaunchCall, LaunchTurn, LaunchWaiter } from "../../../../core/model/launch-turn.ts";

const startMs = Date.parse("2026-03-02T10:00:00Z");
const at = (seconds: number): string => new Date(startMs + seconds * 1000).toISOString();
const idOf = (index: number) => evaluationIdSchema.parse(`evl-${String(index).padStart(20, "0")}`);

const waiter = (index: number, more: Partial<LaunchWaiter> = {}): LaunchWaiter => ({
  kind: "WAITER",
  evaluationId: idOf(index),
  at: at(0),
  standsAlone: true,
  bootSeconds: 60,
  ...more,
});

/** All of them ask at once and again when they are told to; who goes has called. In the order in which they went, with the second of each. */
const play = (waiters: readonly LaunchWaiter[], ...calls: [LaunchCall, ...LaunchCall[]]) => {
  const turns: LaunchTurn[] = [...waiters];
  const gone: {
    readonly evaluationId: string;
    readonly second: number;
    readonly call: LaunchCall;
  }[] = [];
  const next = new Map(waiters.map((one) => [one, 0]));
  for (let second = 0; next.size > 0; second += 1) {
    const now = new Date(startMs + second * 1000);
    const seen = [...turns];
    for (const [one, due] of [...next]) {
      if (due > second) continue;
      const turn = judgeTurn(seen, one, { calls, now });
      if (turn.kind === "WAIT") {
        next.set(one, second + turn.seconds);
        continue;
      }
      next.delete(one);
      const { evaluationId } = one;
      const { call } = turn;
      gone.push({ evaluationId, second, call });
      turns.push({ kind: "CALL", evaluationId, at: now.toISOString(), call });
    }
  }
  return gone;
};

describe("the turn of a launch", () => {
  it("comes at once for one who is alone, and for all while the bucket holds enough", () => {
    expect(judgeTurn([], waiter(1), { calls: ["RunInstances"], now: new Date(startMs) })).toEqual({
      kind: "GO",
      call: "RunInstances",
    });
    const many = Array.from({ length: 50 }, (_, index) => waiter(index));
    expect(play(many, "CreateFleet").every(({ second }) => second === 0)).toBe(true);
  });

  it("of 200 at once never asks for more than the bucket holds, and comes within 40 s for the last by CreateFleet", () => {
    const gone = play(
      Array.from({ length: 200 }, (_, index) => waiter(index)),
      "CreateFleet",
    );
    expect(gone).toHaveLength(200);
    for (const { second } of gone) {
      const called = gone.filter((one) => one.second <= second).length;
      expect(called).toBeLessThanOrEqual(50 + 5 * second);
    }
    // (200 - 50) / 5 = 30 s, and looks that come up to 10 s apart.
    expect(Math.max(...gone.map(({ second }) => second))).toBeLessThanOrEqual(40);
  });

  it("by RunInstances takes the last of 200 to the end of the notice, when nobody waits any longer", () => {
    const gone = play(
      Array.from({ length: 200 }, (_, index) => waiter(index)),
      "RunInstances",
    );
    // (200 - 5) / 2 = 97.5 s.
    const last = Math.max(...gone.map(({ second }) => second));
    expect(last).toBeGreaterThan(90);
    expect(last).toBeLessThanOrEqual(120);
  });

  it("of 200 at once comes within 26 s for the last where both calls can launch it, and asks neither for more than its bucket holds", () => {
    const gone = play(
      Array.from({ length: 200 }, (_, index) => waiter(index)),
      "CreateFleet",
      "RunInstances",
    );
    expect(gone).toHaveLength(200);
    for (const { second } of gone) {
      const called = (call: LaunchCall): number =>
        gone.filter((one) => one.second <= second && one.call === call).length;
      expect(called("CreateFleet")).toBeLessThanOrEqual(50 + 5 * second);
      expect(called("RunInstances")).toBeLessThanOrEqual(5 + 2 * second);
    }
    // (200 - 55) / 7 = 20.7 s, and looks that are up to 10 s apart.
    expect(Math.max(...gone.map(({ second }) => second))).toBeLessThanOrEqual(26);
  });

  it("comes by the call that is named first as long as its bucket holds enough for those before, and after a launch", () => {
    const many = Array.from({ length: 52 }, (_, index) => waiter(index));
    const gone = play(many, "CreateFleet", "RunInstances");
    expect(gone.map(({ second }) => second)).toEqual(many.map(() => 0));
    expect(gone.slice(50).map(({ call }) => call)).toEqual(["RunInstances", "RunInstances"]);
    const calls = ["CreateFleet", "RunInstances"] as const;
    const [first = waiter(0)] = many;
    const { evaluationId } = first;
    const turns: readonly LaunchTurn[] = [
      ...many,
      { kind: "CALL", evaluationId, at: at(0), call: "RunInstances" },
    ];
    expect(judgeTurn(turns, first, { calls, now: new Date(startMs) })).toEqual({
      kind: "GO",
      call: "CreateFleet",
    });
  });

  it("comes first for who stands alone, then for the longest boot, then for who has waited longest", () => {
    const filling = Array.from({ length: 5 }, (_, index) =>
      waiter(100 + index, { bootSeconds: 999 }),
    );
    const grouped = waiter(1, { standsAlone: false, bootSeconds: 500 });
    const quick = waiter(2, { bootSeconds: 30 });
    const slow = waiter(3, { bootSeconds: 240 });
    const earlier = waiter(4, { bootSeconds: 30, at: at(-5) });
    const gone = play([grouped, quick, slow, earlier, ...filling], "RunInstances");
    const seconds = [3, 4, 2, 1].map(
      (index) => gone.find(({ evaluationId }) => evaluationId === idOf(index))?.second ?? 0,
    );
    // Two a second.
    expect(seconds).toEqual(seconds.toSorted((one, other) => one - other));
    expect(seconds[0]).toBeGreaterThan(0);
    expect(seconds[3]).toBeGreaterThan(seconds[0] ?? 0);
  });

  it("is not waited for once the notice is over, nor by one who has launched before", () => {
    const many = Array.from({ length: 20 }, (_, index) => waiter(index, { bootSeconds: 240 }));
    const own = waiter(50, { at: at(-120) });
    const now = new Date(startMs);
    expect(judgeTurn([...many, own], own, { calls: ["RunInstances"], now }).kind).toBe("GO");
    const again = waiter(51);
    const earlier: LaunchTurn = {
      kind: "CALL",
      evaluationId: again.evaluationId,
      at: at(-1),
      call: "RunInstances",
    };
    expect(judgeTurn([...many, again, earlier], again, { calls: ["RunInstances"], now }).kind).toBe(
      "GO",
    );
  });

  it("is not held up by one who has waited for longer than the notice without launching", () => {
    const dead = Array.from({ length: 20 }, (_, index) =>
      waiter(index, { at: at(-121), bootSeconds: 240 }),
    );
    const own = waiter(50);
    const now = new Date(startMs);
    expect(judgeTurn([...dead, own], own, { calls: ["RunInstances"], now }).kind).toBe("GO");
  });
});
