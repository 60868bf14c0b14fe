import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { takeBlock, timesOf } from "../../../../core/decide/switch/call-budget.ts";
import type { CallBudget } from "../../../../core/model/call-budget.ts";

const start = Date.parse("2026-03-01T12:00:00.000Z");
const family = "RUN_INSTANCES" as const;
const take = (
  budget: CallBudget | undefined,
  { at = 0, calls, within = 0 }: { at?: number; calls: number; within?: number },
) => takeBlock(budget, { family, now: new Date(start + at * 1000), calls, withinSeconds: within });

describe("a block of calls", () => {
  it("is one launch at once, and one every two seconds after it", () => {
    expect(take(undefined, { calls: 5 })).toEqual({
      granted: 1,
      secondsEach: 2,
      afterSeconds: 0,
      budget: { takenUntil: "2026-03-01T12:00:00.000Z" },
    });
    expect(take(undefined, { calls: 500, within: 60 }).granted).toBe(31);
  });

  it("is never more than was asked for, and nothing is written where nothing is granted", () => {
    expect(take(undefined, { calls: 3, within: 60 }).granted).toBe(3);
    const full: CallBudget = { takenUntil: "2026-03-01T12:05:00.000Z" };
    const none = take(full, { calls: 3, within: 60 });
    expect(none.granted).toBe(0);
    expect(none.budget).toBe(full);
  });

  it("begins where the one before it ends", () => {
    const first = take(undefined, { calls: 10, within: 60 });
    const second = take(first.budget, { calls: 10, within: 60 });
    expect(second).toMatchObject({ granted: 10, afterSeconds: 20 });
  });

  it("is there again after a clock that was an hour ahead", () => {
    const ahead: CallBudget = { takenUntil: "2026-03-01T13:00:00.000Z" };
    expect(take(ahead, { calls: 1, within: 10 }).granted).toBe(1);
  });

  it("of reading calls is 25 at once, and five a second after them", () => {
    const wanted = {
      family: "DESCRIBE",
      now: new Date(start),
      calls: 40,
      withinSeconds: 60,
    } as const;
    const block = takeBlock(undefined, wanted);
    const seconds = timesOf(block).map((time) => (time - start) / 1000);
    expect(seconds).toHaveLength(40);
    expect(seconds.filter((second) => second <= 0)).toHaveLength(25);
    expect(seconds.at(-1)).toBeCloseTo(3);
    const next = takeBlock(block.budget, { ...wanted, calls: 1 });
    expect(timesOf(next).map((time) => (time - start) / 1000)).toEqual([3.2]);
  });

  it("of whatever size and whenever taken: no more than a quarter of EC2's bucket together", () => {
    const asks = fc.array(fc.record({ at: fc.nat(600), calls: fc.nat(50), within: fc.nat(120) }), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(asks, (all) => {
        let budget: CallBudget | undefined;
        let granted = 0;
        for (const ask of all.toSorted((one, other) => one.at - other.at)) {
          const block = take(budget, ask);
          ({ budget } = block);
          granted += block.granted;
        }
        const end = Math.max(0, ...all.map(({ at, within }) => at + within));
        return granted <= 1 + end / 2;
      }),
    );
  });
});
