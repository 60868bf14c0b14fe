import { describe, expect, it } from "@jest/globals";
import { levelChart, type Level } from "../../../local/terminal/chart.ts";

const beginMs = Date.parse("2026-03-02T09:00:00Z");
const at = (seconds: number, filled: number, wanted: number): Level => ({
  atMs: beginMs + seconds * 1000,
  filled,
  wanted,
});
const layout = { indent: "  ", width: 20, endMs: beginMs + 20_000 };

describe("levelChart", () => {
  it("draws what is there, what is wanted and not there, and when it began and ended", () => {
    expect(levelChart([at(0, 2, 2), at(5, 2, 3), at(10, 3, 3), at(15, 1, 2)], layout)).toEqual([
      "  3 │     ░░░░░█████",
      "  2 │███████████████░░░░░",
      "  1 │████████████████████",
      "    └────────────────────",
      "     09:00:00    09:00:20",
    ]);
  });

  it("shows in a column the least that was there and the most that was wanted", () => {
    const moments = [at(0, 2, 2), at(7.2, 1, 2), at(7.4, 2, 3), at(7.6, 2, 2)];
    expect(levelChart(moments, layout).slice(0, 3)).toEqual([
      "  3 │       ░",
      "  2 │███████░████████████",
      "  1 │████████████████████",
    ]);
  });

  it("aligns levels of two figures", () => {
    const rows = levelChart([at(0, 10, 10)], layout);
    expect(rows[0]).toBe(`  10 │${"█".repeat(20)}`);
    expect(rows[1]).toBe(`   9 │${"█".repeat(20)}`);
  });

  it("draws nothing of nothing", () => {
    expect(levelChart([], layout)).toEqual([]);
  });
});
