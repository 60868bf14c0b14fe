import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { LiveClock, type LiveClockOptions } from "../../../local/platform/live-clock.ts";

const beganMs = Date.parse("2026-03-02T09:00:00Z");
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

let clocks: LiveClock[];
let errors: unknown[];
beforeEach(() => {
  clocks = [];
  errors = [];
});
afterEach(() => {
  for (const clock of clocks) clock.stop();
});

const clockOf = (options: Partial<LiveClockOptions> = {}): LiveClock => {
  const clock = new LiveClock({
    beganMs,
    speed: 1000,
    onError: (error) => errors.push(error),
    ...options,
  });
  clocks.push(clock);
  return clock;
};

/** Nothing else happens in this process, as where it has much to do or no turn; other processes have the core meanwhile. */
const holdUp = (milliseconds: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
};

/** Of simulated time, on the clock itself. */
const after = (clock: LiveClock, milliseconds: number): Promise<void> => clock.wait(milliseconds);

describe("the live clock", () => {
  it("stands still until it is let go, and rests where the last run has left it", async () => {
    const clock = clockOf();
    await sleep(20);
    expect(clock.now()).toBe(beganMs);
    await clock.goLive(beganMs + dayMs);
    expect(clock.now()).toBeGreaterThanOrEqual(beganMs + dayMs);
    await after(clock, minuteMs);
    expect(clock.now() - beganMs).toBeLessThan(dayMs + 2 * minuteMs);
  });

  it("passes as fast as it is told", async () => {
    const clock = clockOf({ speed: 100 });
    await clock.goLive();
    const beganRealMs = performance.now();
    await after(clock, 20_000);
    expect(performance.now() - beganRealMs).toBeGreaterThanOrEqual(190);
    expect(clock.now()).toBeGreaterThanOrEqual(beganMs + 20_000);
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
    await clock.goLive(beganMs + 10_000);
    expect(happened).toEqual([
      ["first", 1000],
      ["second", 2000],
      ["third", 3000],
    ]);
  });

  it("runs a job at its time, at an even millisecond", async () => {
    const clock = clockOf();
    await clock.goLive();
    const ran: number[] = [];
    for (const atMs of [20_001, 10_000, -5]) {
      clock.schedule(beganMs + atMs, () => void ran.push(clock.now() - beganMs));
    }
    await after(clock, 30_000);
    expect(ran.slice(1)).toEqual([10_000, 20_002]);
    expect(ran[0]).toBeLessThan(10_000);
  });

  it("gives each call an odd millisecond of its own", async () => {
    const clock = clockOf();
    await clock.goLive();
    const seen: number[] = [];
    const call = async (): Promise<void> => {
      await clock.pass(50);
      seen.push(clock.now());
    };
    await clock.enter(() => Promise.all(Array.from({ length: 20 }, call)));
    expect(seen.filter((atMs) => atMs % 2 === 1)).toEqual(seen);
    expect(new Set(seen).size).toBe(20);
  });

  it("takes no time for calls that are played again", async () => {
    const clock = clockOf();
    await clock.pass(50);
    expect(clock.now()).toBe(beganMs);
  });

  it("stands while something is being worked on", async () => {
    const clock = clockOf();
    await clock.goLive();
    const [before, then] = await clock.enter(async () => {
      const beforeMs = clock.now();
      await sleep(30);
      return [beforeMs, clock.now()] as const;
    });
    expect(then).toBe(before);
  });

  it("waits for answers while the machine gives this process no turn", async () => {
    const clock = clockOf();
    await clock.goLive();
    const [before, then] = await clock.enter(async () => {
      const beforeMs = clock.now();
      clock.schedule(beforeMs + 2, () => undefined);
      setImmediate(() => {
        holdUp(550);
      });
      for (let count = 0; count < 5; count += 1) await readFile(import.meta.filename);
      return [beforeMs, clock.now()] as const;
    });
    expect(then).toBe(before);
  });

  it("goes on without somebody who waits for another", async () => {
    const clock = clockOf();
    await clock.goLive();
    let answer: (value: string) => void = () => undefined;
    const awaited = new Promise<string>((resolve) => {
      answer = resolve;
    });
    const first = clock.enter(() => awaited);
    clock.schedule(clock.now() + minuteMs, () => {
      answer("there");
    });
    expect(await first).toBe("there");
  });

  it("hands on what fails in whoever has come from outside", async () => {
    const clock = clockOf();
    await clock.goLive();
    await expect(clock.enter(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(errors).toEqual([]);
  });

  it("slows down where the machine can't keep up, says so, and makes nothing good", async () => {
    const paces: number[] = [];
    const clock = clockOf({ onPace: (held) => paces.push(held), windowMs: 400 });
    const busyMs = 20;
    const work = (): void => {
      holdUp(busyMs);
      clock.schedule(clock.now() + 1000, work);
    };
    clock.schedule(beganMs, work);
    await clock.goLive();
    const beganRealMs = performance.now();
    while (paces.length === 0) await sleep(50);
    expect(paces[0]).toBeLessThan(1000 / busyMs + 5);
    const realMs = performance.now() - beganRealMs;
    expect(clock.now() - beganMs).toBeLessThan((realMs * 1000) / busyMs + minuteMs);
  }, 20_000);

  describe("that keeps up", () => {
    /** Longer than what a clock that rests passes over in one step. */
    const heldUpMs = 1050;
    const beHeldUp = (): Promise<void> => {
      holdUp(heldUpMs);
      return Promise.resolve();
    };

    it.each([
      ["makes good what the machine could not hold", beHeldUp],
      ["makes good what it stood for somebody", () => sleep(150)],
    ])("%s", async (_what, work: () => Promise<void>) => {
      const clock = clockOf({ speed: 1, keepsUp: true });
      await clock.goLive();
      const beganRealMs = performance.now();
      await clock.enter(work);
      const passedMs = performance.now() - beganRealMs;
      expect(
        await clock.enter(() => Promise.resolve(clock.now() - beganMs)),
      ).toBeGreaterThanOrEqual(Math.floor(passedMs));
    });

    it("lets in whoever comes while it stands at the time at which he came", async () => {
      const clock = clockOf({ speed: 1, keepsUp: true });
      await clock.goLive();
      const beganRealMs = performance.now();
      const first = clock.enter(() => sleep(150));
      await sleep(75);
      const cameMs = Math.floor(performance.now() - beganRealMs);
      expect(
        await clock.enter(() => Promise.resolve(clock.now() - beganMs)),
      ).toBeGreaterThanOrEqual(cameMs);
      await first;
    });
  });

  it("tells before time goes on how far it goes", async () => {
    let toldMs = beganMs;
    const clock = clockOf({
      onAdvance: (toMs) => {
        toldMs = toMs;
      },
    });
    await clock.goLive();
    await after(clock, minuteMs);
    expect(toldMs).toBeGreaterThanOrEqual(clock.now());
  });

  it.each(["before it is let go", "afterwards"])(
    "forgets a job that is cancelled %s",
    async (when) => {
      const clock = clockOf();
      if (when === "afterwards") await clock.goLive();
      const cancel = clock.schedule(clock.now() + minuteMs, () => {
        throw new Error("it was cancelled");
      });
      cancel();
      if (when !== "afterwards") await clock.goLive();
      await after(clock, 2 * minuteMs);
      expect(errors).toEqual([]);
    },
  );

  it("does nothing more once it is stopped", async () => {
    const clock = clockOf();
    await clock.goLive();
    clock.schedule(clock.now() + 1000, () => {
      throw new Error("it was stopped");
    });
    clock.stop();
    await sleep(50);
    expect(errors).toEqual([]);
  });

  it("tells of errors that jobs throw, at once or later, and goes on", async () => {
    const clock = clockOf();
    await clock.goLive();
    clock.schedule(beganMs, () => {
      throw new Error("at once");
    });
    clock.schedule(beganMs, () => Promise.reject(new Error("later")));
    await after(clock, minuteMs);
    expect(errors).toEqual([new Error("at once"), new Error("later")]);
  });
});
