import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { LiveClock } from "../../../local/platform/live-clock.ts";

const beganMs = Date.parse("2026-03-02T09:00:00Z");
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

describe("the live clock", () => {
  let errors: unknown[];
  beforeEach(() => {
    errors = [];
    jest.useFakeTimers({ now: beganMs });
  });
  afterEach(() => {
    jest.useRealTimers();
  });
  const clockOf = (speed = 1): LiveClock =>
    new LiveClock({ beganMs, speed, onError: (error) => errors.push(error) });

  it("stands still until it is let go", async () => {
    const clock = clockOf();
    jest.advanceTimersByTime(minuteMs);
    expect(clock.now()).toBe(beganMs);
    await clock.goLive();
    expect(clock.now()).toBe(beganMs + minuteMs);
    jest.advanceTimersByTime(minuteMs);
    expect(clock.now()).toBe(beganMs + 2 * minuteMs);
  });

  it("passes as fast as it is told", async () => {
    const clock = clockOf(60);
    await clock.goLive();
    jest.advanceTimersByTime(1000);
    expect(clock.now()).toBe(beganMs + minuteMs);
  });

  it("lets the past happen in order when it is replayed, and what was due since when it is let go", async () => {
    const clock = clockOf();
    const happened: (readonly [string, number])[] = [];
    const note = (what: string) => () => void happened.push([what, clock.now() - beganMs]);
    clock.schedule(beganMs + 3000, note("third"));
    clock.schedule(beganMs + 1000, note("first"));
    clock.schedule(beganMs + 2000, note("second"));
    await clock.replayTo(beganMs + 1500);
    expect(happened).toEqual([["first", 1000]]);
    jest.advanceTimersByTime(10_000);
    await clock.goLive();
    expect(happened).toEqual([
      ["first", 1000],
      ["second", 2000],
      ["third", 3000],
    ]);
  });

  it("runs a job at its time, and not before", async () => {
    const clock = clockOf(60);
    await clock.goLive();
    const ran: number[] = [];
    clock.schedule(beganMs + minuteMs, () => void ran.push(clock.now()));
    await jest.advanceTimersByTimeAsync(999);
    expect(ran).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(ran).toEqual([beganMs + minuteMs]);
  });

  it("runs at once what is due already", async () => {
    const clock = clockOf();
    await clock.goLive();
    let ran = false;
    clock.schedule(beganMs - dayMs, () => {
      ran = true;
    });
    await jest.advanceTimersByTimeAsync(0);
    expect(ran).toBe(true);
  });

  it("waits longer than a timer of Node's can", async () => {
    const clock = clockOf();
    await clock.goLive();
    let ran = false;
    clock.schedule(beganMs + 60 * dayMs, () => {
      ran = true;
    });
    await jest.advanceTimersByTimeAsync(60 * dayMs - 1);
    expect(ran).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(ran).toBe(true);
  });

  it.each(["before it is let go", "afterwards"])(
    "forgets a job that is cancelled %s",
    async (when) => {
      const clock = clockOf();
      if (when === "afterwards") await clock.goLive();
      const cancel = clock.schedule(beganMs + 1000, () => {
        throw new Error("it was cancelled");
      });
      cancel();
      await clock.goLive();
      await jest.advanceTimersByTimeAsync(5000);
      expect(errors).toEqual([]);
      expect(jest.getTimerCount()).toBe(0);
    },
  );

  it("does nothing more once it is stopped", async () => {
    const clock = clockOf();
    await clock.goLive();
    clock.schedule(beganMs + 1000, () => {
      throw new Error("it was stopped");
    });
    clock.stop();
    expect(jest.getTimerCount()).toBe(0);
    await jest.advanceTimersByTimeAsync(5000);
    expect(errors).toEqual([]);
  });

  it("tells of errors that jobs throw, at once or later", async () => {
    const clock = clockOf();
    await clock.goLive();
    clock.schedule(beganMs, () => {
      throw new Error("at once");
    });
    clock.schedule(beganMs, () => Promise.reject(new Error("later")));
    await jest.advanceTimersByTimeAsync(1);
    expect(errors).toEqual([new Error("at once"), new Error("later")]);
  });
});
