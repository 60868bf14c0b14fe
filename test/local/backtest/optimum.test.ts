import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { alwaysOnDemand, lowestPrice } from "../../../local/backtest/baselines.ts";
import { scoreOf } from "../../../local/backtest/ledger.ts";
import { optimumOf } from "../../../local/backtest/optimum.ts";
import { places } from "../../../local/backtest/policy.ts";
import type { Recording } from "../../../local/backtest/recording.ts";
import { replay } from "../../../local/backtest/replay.ts";
import { sketch } from "./hand-made-market.ts";

const { onDemand } = places;

/** By trying every sequence of places. */
const cheapestByTrial = (market: Recording, coldSeconds: number): number => {
  const { gapSeconds, ticks, zones } = market;
  const priceOf = (place: number, tick: number): number =>
    place === onDemand ? 1 : (market.price[place]?.[tick] ?? NaN);
  const holds = (place: number, tick: number): boolean =>
    place === onDemand || (market.capacity[place]?.[tick] ?? 0) > 0;
  const bootTicks = Math.ceil(coldSeconds / gapSeconds);
  const canArrive = (place: number, tick: number): boolean =>
    tick >= bootTicks &&
    Array.from({ length: bootTicks }, (_, back) => tick - 1 - back).every((t) => holds(place, t));
  const rest = (from: number, tick: number): number => {
    if (tick === ticks) return 0;
    const options = [onDemand, ...zones.keys()]
      .filter((to) => holds(to, tick) && (to === from || canArrive(to, tick)))
      .map(
        (to) =>
          (gapSeconds + (to === from ? 0 : coldSeconds)) * priceOf(to, tick) + rest(to, tick + 1),
      );
    return Math.min(Infinity, ...options);
  };
  return rest(onDemand, 0) / (ticks * gapSeconds);
};

/** Markets of up to 3 zones and 6 ticks. */
const smallMarket = fc
  .record({
    zones: fc.integer({ min: 1, max: 3 }),
    ticks: fc.integer({ min: 1, max: 6 }),
    gapSeconds: fc.constantFrom(100, 240, 600),
  })
  .chain(({ zones, ticks, gapSeconds }) => {
    const perTick = <T>(value: fc.Arbitrary<T>) =>
      fc.array(fc.array(value, { minLength: ticks, maxLength: ticks }), {
        minLength: zones,
        maxLength: zones,
      });
    return fc.record({
      capacity: perTick(fc.constantFrom("0", "1", "2", "2")),
      price: perTick(fc.integer({ min: 1, max: 20 }).map((tenths) => tenths / 10)),
      gapSeconds: fc.constant(gapSeconds),
    });
  })
  .map(({ capacity, ...rest }) =>
    sketch({ ...rest, capacity: capacity.map((row) => row.join("")) }),
  );

describe("the optimum", () => {
  it("is the cheapest of all schedules, for one unit", () => {
    fc.assert(
      fc.property(smallMarket, fc.constantFrom(0, 100, 240), (market, coldSeconds) => {
        const { cost } = optimumOf(market, { units: 1, coldSeconds });
        expect(cost).toBeCloseTo(cheapestByTrial(market, coldSeconds), 9);
      }),
    );
  });

  it("never holds more in a zone than that can hold, and serves at every tick", () => {
    fc.assert(
      fc.property(smallMarket, fc.integer({ min: 1, max: 4 }), (market, units) => {
        const { schedules } = optimumOf(market, { units });
        for (const [zone, row] of market.capacity.entries()) {
          for (const [tick, capacity] of row.entries()) {
            const held = schedules.filter((schedule) => schedule[tick] === zone).length;
            expect(held).toBeLessThanOrEqual(capacity);
          }
        }
        expect(schedules.map(({ length }) => length)).toEqual(schedules.map(() => market.ticks));
      }),
    );
  });

  it("schedules the units one after another on what is left", () => {
    const market = sketch({ gapSeconds: 240, capacity: ["11111"] });
    const { cost, schedules } = optimumOf(market, { units: 2 });
    expect([...(schedules[0] ?? [])]).toEqual([onDemand, 0, 0, 0, 0]);
    expect([...(schedules[1] ?? [])]).toEqual(Array.from({ length: 5 }, () => onDemand));
    // Unit 0: a tick On-Demand, four Spot, one boot.
    expect(cost).toBeCloseTo((1 + 4 * 0.3 + 0.3 + 5) / 10, 12);
  });

  it("is no more than On-Demand alone, for any number of units", () => {
    fc.assert(
      fc.property(smallMarket, fc.integer({ min: 1, max: 4 }), (market, units) => {
        const { cost } = optimumOf(market, { units });
        const { figures } = replay(market, alwaysOnDemand, { units });
        expect(cost).toBeLessThanOrEqual(figures.cost + 1e-9);
      }),
    );
  });

  it("is not beaten at constant prices by one that is never interrupted, but for a boot at the very start or end", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("00", "01", "10", "11"), { minLength: 4, maxLength: 40 }),
        (columns) => {
          const market = sketch({
            capacity: [0, 1].map((zone) => columns.map((column) => column[zone] ?? "0").join("")),
          });
          const { figures } = replay(market, lowestPrice, { units: 1 });
          fc.pre(figures.interruptionsPerUnitWeek === 0);
          const oneBoot = 240 / (market.ticks * market.gapSeconds);
          const { cost } = optimumOf(market, { units: 1 });
          expect(scoreOf(figures, 0.5)).toBeGreaterThanOrEqual(cost - oneBoot);
        },
      ),
    );
  });
});
