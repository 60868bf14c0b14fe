import { describe, expect, it } from "@jest/globals";
import { announcementsOf, type SignalOptions } from "../../../local/backtest/announcements.ts";
import { sketch } from "./hand-made-market.ts";

const options: SignalOptions = {
  announcedShare: 1,
  leadSeconds: 300,
  falseAlarmsPerDay: 0,
  restHours: 0,
  youngMinutes: 0,
  seed: 1,
};

describe("what is announced", () => {
  it("is each time a zone holds less than before, so many seconds ahead, and not before the beginning", () => {
    const market = sketch({ gapSeconds: 240, capacity: ["301000", "**0**0"] });
    expect(announcementsOf(market, options)).toEqual([
      { at: 0, zone: 0, lossTick: 1 },
      { at: 180, zone: 1, lossTick: 2 },
      { at: 420, zone: 0, lossTick: 3 },
      { at: 900, zone: 1, lossTick: 5 },
    ]);
  });

  const flickering = sketch({ capacity: ["10".repeat(1000), "01".repeat(1000)] });

  it("is the share of the losses that was asked for, drawn for each by the seed alone", () => {
    const half = { ...options, announcedShare: 0.5 };
    const announced = announcementsOf(flickering, half);
    expect(announced.length).toBeGreaterThan(900);
    expect(announced.length).toBeLessThan(1100);
    expect(announcementsOf(flickering, half)).toEqual(announced);
    expect(announcementsOf(flickering, { ...half, seed: 2 })).not.toEqual(announced);
  });

  it("has false alarms beside them, so many a day in each pool, in order of time with the rest", () => {
    const alarmed = announcementsOf(flickering, { ...options, falseAlarmsPerDay: 20 });
    const alarms = alarmed.filter(({ lossTick }) => lossTick === undefined);
    // 2 pools × 2,000 ticks of 240 s = 11.1 days.
    expect(alarms.length / 11.1).toBeGreaterThan(16);
    expect(alarms.length / 11.1).toBeLessThan(24);
    expect(alarmed.filter(({ lossTick }) => lossTick !== undefined)).toEqual(
      announcementsOf(flickering, options),
    );
    expect(alarmed.map(({ at }) => at)).toEqual(
      alarmed.map(({ at }) => at).sort((one, other) => one - other),
    );
  });
});
