import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { riskFeatures } from "../../../core/risk/features.ts";
import type { PoolLoss } from "../../../core/model/market.ts";
import { PoolWatch } from "../../../local/backtest/pool-watch.ts";
import { samplePool, sampleMarket } from "../../core/decide/offers/choice-samples.ts";

const hour = 3600;
const market = { zones: ["east-1a"] };

const streaks = (watch: PoolWatch, hours: number, counts: readonly number[]) =>
  counts.map(
    (wanted) => watch.features(0, { seconds: hours * hour, priceRatio: 0.3, wanted }).upStreakHours,
  );

describe("what is known of a pool", () => {
  it("is how long it has held as many as are wanted: a partial reclaim ends the streak of what it no longer holds", () => {
    const watch = new PoolWatch(market, 8);
    for (const [at, level] of [0, 8, 8, 8, 5, 5, 5].entries()) watch.seen(0, level, at * hour);
    expect(streaks(watch, 6, [1, 5, 6, 8])).toEqual([5.5, 5.5, 1, 1]);
    watch.seen(0, 8, 7 * hour);
    expect(streaks(watch, 7, [5, 6])).toEqual([6.5, 0.5]);
  });

  it("comes of own instances alone where nobody looks", () => {
    const watch = new PoolWatch(market, 4);
    watch.gave(0, 0, 3);
    watch.lost(0, 10 * hour, 2);
    watch.refused(0, 12 * hour, 2);
    expect(streaks(watch, 14, [1, 2])).toEqual([undefined, undefined]);
    expect(streaks(watch, 14, [3, 4])).toEqual([1, 1]);
    watch.gave(0, 14 * hour, 3);
    expect(streaks(watch, 20, [3, 4])).toEqual([7, 4]);
    expect(watch.hoursSinceLoss(0, 14 * hour)).toBe(4);
  });

  it("is what the product's features say after the same losses and refusals, whatever is wanted", () => {
    const event = fc.record({
      isLoss: fc.boolean(),
      hours: fc.integer({ min: 1, max: 100 }),
      held: fc.integer({ min: 0, max: 5 }),
    });
    const observedMs = Date.parse(sampleMarket.observedAt);
    fc.assert(
      fc.property(
        fc.uniqueArray(event, { maxLength: 12, selector: ({ hours }) => hours }),
        fc.integer({ min: 1, max: 6 }),
        (random, wanted) => {
          const events = random.sort((one, other) => one.hours - other.hours);
          const watch = new PoolWatch({ zones: ["use1-az4"] }, 6);
          for (const { isLoss, hours, held } of events) {
            if (isLoss) watch.lost(0, hours * hour, held);
            else watch.refused(0, hours * hour, held);
          }
          const told = (isWanted: boolean): readonly PoolLoss[] =>
            events
              .filter(({ isLoss }) => isLoss === isWanted)
              .map(({ hours, held }) => ({
                zoneId: "use1-az4",
                instanceType: "m5.large",
                at: new Date(observedMs - (100 - hours) * hour * 1000).toISOString(),
                held,
              }));
          const facts = { ...sampleMarket, losses: told(true), refusals: told(false) };
          const product = riskFeatures({ pool: samplePool("m5.large") }, facts, {
            wanted: { instances: wanted },
          });
          const seen = watch.features(0, { seconds: 100 * hour, priceRatio: 0.3, wanted });
          for (const name of ["upStreakHours", "hoursSincePoolLoss", "recentPoolLosses"] as const) {
            const value = product[name];
            if (value === undefined) expect(seen[name]).toBeUndefined();
            else expect(seen[name]).toBeCloseTo(value, 9);
          }
        },
      ),
    );
  });
});
