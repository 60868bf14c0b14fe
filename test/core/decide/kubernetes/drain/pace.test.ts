import { describe, expect, it } from "@jest/globals";
import {
  evictionsLeft,
  maySend,
  nextStep,
} from "../../../../../core/decide/kubernetes/drain/pace.ts";
import {
  beginDrain,
  beginTick,
  type TickMemory,
} from "../../../../../core/decide/kubernetes/drain/tick.ts";
import { at } from "../objects.ts";

const state = beginDrain(at(0));
const tick = (over: Partial<TickMemory> = {}): TickMemory => ({
  ...beginTick(state, at(0)),
  ...over,
});

describe("within a tick", () => {
  it("is looked again after two seconds while anything changes", () => {
    const memory = tick({ changedAt: at(25) });
    expect(nextStep({ state, memory, isMoving: true, now: at(28) })).toEqual({
      kind: "LOOK",
      inSeconds: 2,
    });
  });

  it.each([
    ["its next look could begin no eviction", tick({ changedAt: at(28) }), 29],
    ["nothing has changed for ten seconds", tick({ changedAt: at(2) }), 12],
    ["its fifty evictions are sent", tick({ sent: 50, changedAt: at(5) }), 6],
  ])("returns when %s", (_why, memory, seconds) => {
    const step = nextStep({ state, memory, isMoving: true, now: at(seconds) });
    expect(step).toEqual({ kind: "RETURN", waitSeconds: 1 });
  });

  it("never has a look at which no eviction may be begun: the next tick has it, and may", () => {
    for (let seconds = 0; seconds <= 45; seconds += 0.25) {
      const memory = tick({ changedAt: at(seconds) });
      const step = nextStep({ state, memory, isMoving: true, now: at(seconds) });
      if (step.kind === "RETURN") expect(step.waitSeconds).toBe(1);
      else expect(evictionsLeft(memory, at(seconds + step.inSeconds))).toBeGreaterThan(0);
    }
  });

  it("waits out a pause that the server asked for, inside or outside of the tick", () => {
    const short = tick({ changedAt: at(5), pausedUntil: at(12) });
    expect(nextStep({ state, memory: short, isMoving: true, now: at(5) })).toEqual({
      kind: "LOOK",
      inSeconds: 7,
    });
    const long = tick({ changedAt: at(5), pausedUntil: at(65) });
    expect(nextStep({ state, memory: long, isMoving: true, now: at(5) })).toEqual({
      kind: "RETURN",
      waitSeconds: 60,
    });
  });
});

describe("an eviction", () => {
  it("is not begun after thirty seconds of a tick, for it can take ten", () => {
    expect(maySend(tick(), at(29), at(30))).toBe(true);
    expect(maySend(tick(), at(29), at(31))).toBe(false);
    expect(evictionsLeft(tick(), at(31))).toBe(0);
  });

  it("does not rest on a list that is older than five seconds", () => {
    expect(maySend(tick(), at(0), at(5))).toBe(true);
    expect(maySend(tick(), at(0), at(6))).toBe(false);
  });

  it("is one of fifty at most in a tick", () => {
    expect(evictionsLeft(tick({ sent: 48 }), at(5))).toBe(2);
    expect(evictionsLeft(tick({ sent: 50 }), at(5))).toBe(0);
  });
});

describe("between ticks", () => {
  const idle = (progressAt: string, seconds: number) =>
    nextStep({
      state: { ...state, progressAt },
      memory: tick({ startedAt: at(seconds - 10), changedAt: at(seconds - 10) }),
      isMoving: false,
      now: at(seconds),
    });

  it("passes a second while something moves, ten while it does not, and thirty after five minutes", () => {
    expect(idle(at(0), 60)).toEqual({ kind: "RETURN", waitSeconds: 10 });
    expect(idle(at(0), 301)).toEqual({ kind: "RETURN", waitSeconds: 30 });
  });

  it("passes enough that six hours of the shortest ticks stay within an execution's history", () => {
    const shortest = 10 + 1;
    const eventsOfTick = 9;
    // What is left is for the rest of the workflow, its retries and the longest roll-back.
    expect(((6 * 3600) / shortest) * eventsOfTick).toBeLessThan(25_000 - 7000);
  });
});
