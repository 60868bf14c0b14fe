import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "@jest/globals";
import { VirtualClock } from "../../../local/cloud/clock.ts";
import { createRandom } from "../../../local/cloud/random.ts";

const callsOf = async (clock: VirtualClock, milliseconds: readonly number[]): Promise<void> => {
  for (const each of milliseconds) await clock.pass(each);
};

describe("jobs of a virtual clock", () => {
  it("that go on at the same time overlap", async () => {
    const clock = new VirtualClock(0);
    const ended: (readonly [string, number])[] = [];
    const job = (name: string, calls: readonly number[]) => async (): Promise<void> => {
      await callsOf(clock, calls);
      ended.push([name, clock.now()]);
    };
    clock.schedule(0, job("slow", [100, 100, 100]));
    clock.schedule(50, job("quick", [100, 20]));
    await clock.run();
    expect(ended).toEqual([
      ["quick", 170],
      ["slow", 300],
    ]);
    expect(clock.pending).toBe(0);
  });

  it("make calls side by side, which take as long as the longest", async () => {
    const clock = new VirtualClock(0);
    let endedAt = 0;
    clock.schedule(0, async () => {
      await Promise.all([clock.pass(30), clock.pass(80), callsOf(clock, [20, 20])]);
      endedAt = clock.now();
    });
    await clock.run();
    expect(endedAt).toBe(80);
  });

  it("by the hundred take the same course each time", async () => {
    const course = async (): Promise<readonly string[]> => {
      const clock = new VirtualClock(0);
      const random = createRandom(7);
      const seen: string[] = [];
      for (let job = 0; job < 100; job += 1) {
        clock.schedule(random.integer(0, 50), async () => {
          for (let call = 0; call < 5; call += 1) {
            await clock.pass(random.integer(20, 90));
            seen.push(`${String(job)}.${String(call)} at ${String(clock.now())}`);
          }
        });
      }
      await clock.run();
      return seen;
    };
    const first = await course();
    expect(first).toHaveLength(500);
    expect(await course()).toEqual(first);
  });

  it("that wait for something real are not overtaken", async () => {
    const clock = new VirtualClock(0);
    const seen: string[] = [];
    clock.schedule(0, async () => {
      await sleep(5);
      seen.push(`file read at ${String(clock.now())}`);
      await clock.pass(10);
    });
    clock.schedule(1000, () => void seen.push("a second later"));
    await clock.run();
    expect(seen).toEqual(["file read at 0", "a second later"]);
  });

  it("go on in the next run where the last one ended", async () => {
    const clock = new VirtualClock(0);
    let isDone = false;
    clock.schedule(0, async () => {
      await callsOf(clock, [60, 60]);
      isDone = true;
    });
    await clock.run({ atMostMs: 100 });
    expect([isDone, clock.now()]).toEqual([false, 100]);
    await clock.run();
    expect([isDone, clock.now()]).toEqual([true, 120]);
  });

  it("end the run by what they throw, and the next run goes on", async () => {
    const clock = new VirtualClock(0);
    const seen: number[] = [];
    clock.schedule(10, async () => {
      await clock.pass(5);
      throw new Error("on purpose");
    });
    clock.schedule(20, () => void seen.push(clock.now()));
    await expect(clock.run()).rejects.toThrow("on purpose");
    await clock.run();
    expect(seen).toEqual([20]);
  });

  it("that are cancelled don't happen", async () => {
    const clock = new VirtualClock(0);
    let happened = 0;
    const cancel = clock.schedule(10, () => void (happened += 1));
    clock.schedule(20, () => void (happened += 1));
    cancel();
    await clock.run();
    expect(happened).toBe(1);
  });

  it("can't be run by two", async () => {
    const clock = new VirtualClock(0);
    clock.schedule(0, () => clock.run());
    await expect(clock.run()).rejects.toThrow("The clock is run already.");
  });
});

describe("a call while nobody runs the clock", () => {
  it("takes its time at once, and what was due in it happens late", async () => {
    const clock = new VirtualClock(0);
    const seen: number[] = [];
    clock.schedule(10, () => void seen.push(clock.now()));
    await clock.pass(50);
    expect([clock.now(), seen]).toEqual([50, []]);
    await clock.run();
    expect(seen).toEqual([50]);
  });
});
