import { describe, expect, it } from "@jest/globals";
import * as fc from "fast-check";
import type { PoolLoss } from "../../../core/model/market.ts";
import { accountIdSchema } from "../../../core/model/ids.ts";
import { distinctLosses as countedFor, type ToldLoss } from "../../../core/risk/distinct-losses.ts";

const startMs = Date.parse("2026-03-02T10:00:00Z");
const own = accountIdSchema.parse("444455556666");
const another = accountIdSchema.parse("555566667777");
const third = accountIdSchema.parse("666677778888");
const distinctLosses = (losses: readonly ToldLoss[]) => countedFor(losses, own);

const ofLab = { accountId: another, environment: "LAB" } as const;

const loss = (second: number, of: Partial<ToldLoss> = {}): ToldLoss => ({
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

  it("of a LAB account count for itself alone", () => {
    expect(distinctLosses([loss(0, ofLab), loss(600)])).toEqual([loss(600)]);
    expect(countedFor([loss(0, ofLab), loss(600)], another)).toEqual([loss(0), loss(600)]);
    expect(countedFor([loss(0, ofLab)], undefined)).toEqual([]);
  });

  it("of a PROD account do not vanish behind those of a LAB account a minute before", () => {
    expect(distinctLosses([loss(0, ofLab), loss(60, { environment: "PROD" })])).toEqual([loss(60)]);
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

  const hours = (hour: number, accountId: ToldLoss["accountId"]): ToldLoss =>
    loss(hour * 3600, accountId === undefined ? {} : { accountId });
  const timesOf = (losses: readonly PoolLoss[]) =>
    losses.map(({ at }) => (Date.parse(at) - startMs) / 3_600_000);

  it("of one other account count twice a day at most, of its own each time, and none says whose it was", () => {
    const all = [0, 1, 2, 3, 25].map((hour) => hours(hour, another));
    expect(timesOf(distinctLosses(all))).toEqual([0, 1, 25]);
    expect(timesOf(countedFor(all, another))).toEqual([0, 1, 2, 3, 25]);
    expect(JSON.stringify(countedFor(all, another))).not.toContain(another);
  });

  it("of several accounts each count", () => {
    const all = [0, 1, 2].flatMap((hour) => [hours(hour, another), hours(hour + 0.5, third)]);
    expect(timesOf(distinctLosses(all))).toEqual([0, 0.5, 1, 1.5]);
  });

  it("that several accounts have at once each count, as do those of which it was not noted whose they were", () => {
    const together = [0, 1, 2, 3].flatMap((hour) => [hours(hour, another), hours(hour, third)]);
    expect(timesOf(distinctLosses(together))).toEqual([0, 1, 2, 3]);
    const unknown = [0, 1, 2, 3].map((hour) => hours(hour, undefined));
    expect(timesOf(distinctLosses(unknown))).toEqual([0, 1, 2, 3]);
  });
});
