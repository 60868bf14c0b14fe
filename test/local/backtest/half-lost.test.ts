import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { HalfLost } from "../../../local/backtest/half-lost.ts";
import { replay } from "../../../local/backtest/replay.ts";
import { scripted, sketch } from "./hand-made-market.ts";

type Loss = readonly [atSeconds: number, unit: number];

/** Seconds of those after which half of the units go within five minutes. */
const secondsOf = (losses: readonly Loss[], units: number, seconds = 10_000): number => {
  const halfLost = new HalfLost();
  for (const [atSeconds, unit] of losses) halfLost.lost(unit, atSeconds);
  return Math.round(halfLost.probability({ units, seconds }) * seconds);
};

describe("the chance that half a fleet is lost within five minutes", () => {
  it("is that of being within five minutes of it", () => {
    const half: readonly Loss[] = [
      [1000, 0],
      [1000, 1],
    ];
    expect(secondsOf(half, 4)).toBe(300);
    expect(secondsOf(half, 5)).toBe(0);
    expect(secondsOf([[1000, 0]], 1)).toBe(300);
  });

  it("asks for both within the same five minutes", () => {
    const after = (seconds: number): readonly Loss[] => [
      [1000, 0],
      [1000 + seconds, 1],
    ];
    expect(secondsOf(after(100), 4)).toBe(200);
    expect(secondsOf(after(300), 4)).toBe(0);
  });

  it("counts a unit that is lost twice once, and no moment twice", () => {
    const twice: readonly Loss[] = [
      [1000, 0],
      [1060, 0],
    ];
    expect(secondsOf(twice, 4)).toBe(0);
    expect(secondsOf(twice, 1)).toBe(360);
  });

  it("begins with the recording", () => {
    expect(secondsOf([[100, 0]], 1)).toBe(100);
    expect(secondsOf([[0, 0]], 1)).toBe(0);
  });

  it("is what trying every second gives", () => {
    const loss = fc.tuple(fc.integer({ min: 0, max: 2000 }), fc.nat(5));
    fc.assert(
      fc.property(
        fc.array(loss, { maxLength: 20 }),
        fc.integer({ min: 1, max: 6 }),
        (random, units) => {
          const losses = random
            .map(([at, unit]): Loss => [at, unit % units])
            .sort(([one], [other]) => one - other);
          let expected = 0;
          // A window that begins within the second before it.
          for (let from = 0; from < 2000; from += 1) {
            const lost = losses.filter(([at]) => at > from && at <= from + 300);
            if (new Set(lost.map(([, unit]) => unit)).size >= units / 2) expected += 1;
          }
          expect(secondsOf(losses, units)).toBe(expected);
        },
      ),
    );
  });

  it("is measured in a replay, of units that serve nowhere else", () => {
    const market = sketch({ gapSeconds: 300, capacity: ["**0***0***"] });
    const all = Array.from({ length: 2 }, (_, unit) => [unit, 0] as const);
    const gone = replay(market, scripted({ 0: all, 3: all }), { units: 2 });
    expect(gone.figures.halfLost).toBeCloseTo(2 / 10, 12);
    // Reclaimed while it boots: what it was to replace serves on.
    const booting = sketch({ gapSeconds: 100, capacity: ["*0********"] });
    const kept = replay(booting, scripted({ 0: all }), { units: 2 });
    expect(kept.figures).toMatchObject({ halfLost: 0, availability: 1 });
    expect(kept.figures.interruptionsPerUnitWeek).toBeGreaterThan(0);
  });
});
