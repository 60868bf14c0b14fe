import { describe, expect, it } from "@jest/globals";
import * as fc from "fast-check";
import type { PoolLoss } from "../../../core/model/market.ts";
import { distinctLosses } from "../../../core/risk/distinct-losses.ts";

const startMs = Date.parse("2026-03-02T10:00:00Z");
const loss = (second: number, of: Partial<PoolLoss> = {}): PoolLoss => ({
  zoneId: "use1-az1",
  instanceType: "m5.large",
  at: new Date(startMs + second * 1000).toISOString(),
  ...of,
});

describe("losses of a pool", () => {
  it("of 200 instances at once are one", () => {
    const all = Array.from({ length: 200 }, (_, index) => loss(index % 120));
    expect(distinctLosses(all)).toEqual([loss(0)]);
  });

  it("are one for each three minutes, counted from the first", () => {
    const all = [loss(0), loss(179), loss(180), loss(350), loss(361)];
    expect(distinctLosses(all)).toEqual([loss(0), loss(180), loss(361)]);
  });

  it("in another zone or of another type are others", () => {
    const all = [loss(0), loss(1, { zoneId: "use1-az2" }), loss(2, { instanceType: "c5.large" })];
    expect(distinctLosses(all)).toEqual(all);
  });

  it("leave for the target what the least of them left", () => {
    const all = [loss(0, { held: 5 }), loss(20, { held: 3 }), loss(40, { held: 4 })];
    expect(distinctLosses(all)).toEqual([loss(0, { held: 3 })]);
  });

  it("speak against the pool however many are wanted where one of them was another target's", () => {
    expect(distinctLosses([loss(0, { held: 5 }), loss(20)])).toEqual([loss(0)]);
    expect(distinctLosses([loss(0), loss(20, { held: 5 })])).toEqual([loss(0)]);
  });

  it("are the same in whatever order they are told, and none lies alone", () => {
    const one = fc.record({
      second: fc.integer({ min: 0, max: 3600 }),
      zoneId: fc.constantFrom("a", "b"),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 40 }), (drawn) => {
        const all = drawn.map(({ second, zoneId }) => loss(second, { zoneId }));
        const counted = distinctLosses(all);
        const timesOf = (losses: readonly PoolLoss[]) =>
          losses.map(({ zoneId, at }) => `${zoneId} ${at}`).toSorted();
        expect(timesOf(distinctLosses(all.toReversed()))).toEqual(timesOf(counted));
        for (const each of all) {
          const near = counted.filter(({ zoneId, at }) => {
            const sinceMs = Date.parse(each.at) - Date.parse(at);
            return zoneId === each.zoneId && sinceMs >= 0 && sinceMs < 180_000;
          });
          expect(near).toHaveLength(1);
        }
      }),
    );
  });
});
