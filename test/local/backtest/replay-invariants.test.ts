import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { contenders } from "../../../local/backtest/contenders.ts";
import { replay } from "../../../local/backtest/replay.ts";
import { sketch } from "./hand-made-market.ts";

const market = fc
  .record({
    zones: fc.integer({ min: 1, max: 3 }),
    ticks: fc.integer({ min: 1, max: 30 }),
    gapSeconds: fc.constantFrom(60, 195, 600),
  })
  .chain(({ zones, ticks, gapSeconds }) =>
    fc
      .array(
        fc.string({
          unit: fc.constantFrom("0", "1", "2", "4"),
          minLength: ticks,
          maxLength: ticks,
        }),
        { minLength: zones, maxLength: zones },
      )
      .map((capacity) => sketch({ capacity, gapSeconds })),
  );

/** Heard by the product's policies alone. None: nothing is announced. */
const signalsOrNone = fc.option(
  fc.record({
    announcedShare: fc.constantFrom(0, 0.5, 1),
    leadSeconds: fc.integer({ min: 0, max: 2000 }),
    falseAlarmsPerDay: fc.constantFrom(0, 100),
    restHours: fc.constantFrom(0, 0.5),
    youngMinutes: fc.constantFrom(0, 10),
    seed: fc.integer({ min: 0, max: 1000 }),
  }),
  { nil: undefined },
);

describe.each(contenders)("$name, on any market", ({ policiesFor }) => {
  it("holds no more in a zone than that holds, pays at least for Spot, and is counted right", () => {
    fc.assert(
      fc.property(
        market,
        fc.integer({ min: 1, max: 5 }),
        signalsOrNone,
        (recorded, units, signals) => {
          for (const policy of policiesFor(recorded.zones)) {
            const { figures, timeline } = replay(recorded, policy, {
              units,
              keepsTimeline: true,
              ...(signals !== undefined && { signals }),
            });
            const segments = timeline?.segments ?? [];
            for (let tick = 0; tick < recorded.ticks; tick += 1) {
              const at = segments.map(
                (unit) => unit.find(({ toTick }) => toTick > tick)?.place ?? NaN,
              );
              for (const [zone, row] of recorded.capacity.entries()) {
                expect(at.filter((place) => place === zone).length).toBeLessThanOrEqual(
                  row[tick] ?? 0,
                );
              }
            }
            const weeks = (recorded.ticks * recorded.gapSeconds * units) / 604_800;
            expect(timeline?.interruptions.length).toBeCloseTo(
              figures.interruptionsPerUnitWeek * weeks,
              6,
            );
            expect(figures.cost).toBeGreaterThanOrEqual(0.3 * figures.availability - 1e-9);
            expect(figures.availability).toBeLessThanOrEqual(1);
            expect(figures.spotShare).toBeLessThanOrEqual(1 + 1e-9);
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});
