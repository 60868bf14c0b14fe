import { describe, expect, it } from "@jest/globals";
import { multiples, roundStep, timeTicks } from "../../../../local/backtest/report/ticks.ts";

const day = 86_400;

describe("axes", () => {
  it.each([
    [1, 5, 0.2],
    [35, 6, 10],
    [0.05, 7, 0.01],
    [16, 4, 5],
  ])("an extent of %d in at most %d intervals has steps of %d", (extent, most, step) => {
    expect(roundStep(extent, most)).toBeCloseTo(step, 9);
  });

  it("have ticks at multiples of the step, without dust", () => {
    expect(multiples({ from: 0.25, to: 0.6 }, 0.1)).toEqual([0.3, 0.4, 0.5, 0.6]);
  });

  it.each([
    ["a month in weeks", 27 * day, "days", [0, 7, 14, 21]],
    ["half a day in hours", day / 4, "hours", [0, 1, 2, 3, 4, 5, 6]],
    ["two ticks in minutes", 1_200, "minutes", [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20]],
  ])("count %s", (_name, seconds, unit, ticks) => {
    expect(timeTicks(seconds, 11)).toMatchObject({ unit, ticks });
  });
});
