import { describe, expect, it } from "@jest/globals";
import {
  coverage,
  eventsByColumn,
  gridOf,
  runsOfLevels,
  wideRuns,
} from "../../../../local/backtest/report/pixel-runs.ts";

const grid = { ticks: 1_000, columns: 100 };

describe("runs of ticks on few pixels", () => {
  it("has a column per pixel, or per tick where these are fewer", () => {
    expect(gridOf(12_000, 698.4).columns).toBe(698);
    expect(gridOf(2, 700).columns).toBe(2);
  });

  it("closes gaps that are narrower than a column", () => {
    const ranges = [
      { fromTick: 0, toTick: 100 },
      { fromTick: 105, toTick: 200 },
      { fromTick: 300, toTick: 400 },
    ];
    expect(wideRuns(ranges, grid)).toEqual([
      { from: 0, to: 20 },
      { from: 30, to: 40 },
    ]);
  });

  it("draws what is shorter than a column as one column, up to the very end", () => {
    const ranges = [
      { fromTick: 500, toTick: 501 },
      { fromTick: 999, toTick: 1_000 },
    ];
    expect(wideRuns(ranges, grid)).toEqual([
      { from: 50, to: 51 },
      { from: 99, to: 100 },
    ]);
  });

  it("has no more runs than columns, however short the ranges are", () => {
    const ranges = Array.from({ length: 500 }, (_, index) => ({
      fromTick: 2 * index,
      toTick: 2 * index + 1,
    }));
    expect(wideRuns(ranges, grid)).toEqual([{ from: 0, to: 100 }]);
  });

  it("covers a column by the share of its ticks", () => {
    const columns = coverage([{ fromTick: 5, toTick: 20 }], grid);
    expect([...columns.slice(0, 3)]).toEqual([0.5, 1, 0]);
  });

  it("joins neighbours of the same level", () => {
    expect(runsOfLevels([0, 0, 2, 2, 0])).toEqual([
      { from: 0, to: 2, level: 0 },
      { from: 2, to: 4, level: 2 },
      { from: 4, to: 5, level: 0 },
    ]);
  });

  it("counts the events of a column", () => {
    expect(eventsByColumn([15, 12, 999, 3], grid)).toEqual([
      [0, 1],
      [1, 2],
      [99, 1],
    ]);
  });
});
