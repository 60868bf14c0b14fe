import { describe, expect, it } from "@jest/globals";
import {
  counted,
  hours,
  percent,
  usd,
  usdPerHour,
} from "../../../../core/decide/offers/figures.ts";

describe("figures in sentences", () => {
  it.each([
    [67.000000001, "down", "67 %"],
    [66.99999999, "down", "67 %"],
    [14.96, "down", "14.9 %"],
    [30.01, "up", "30.1 %"],
    [30, "up", "30 %"],
    [0.082, "up", "0.1 %"],
    [-3.04, "down", "-3.1 %"],
  ] as const)("writes %d %% rounded %s as %s, never across a limit", (value, rounding, text) => {
    expect(percent(value, rounding)).toBe(text);
  });

  it("writes money, time and numbers with their units", () => {
    expect(usdPerHour(0.0312)).toBe("$0.0312/h");
    expect(usd(46.209)).toBe("$46.21");
    expect(hours(23.54)).toBe("23.5 h");
    expect([counted(1, "pool"), counted(0, "pool")]).toEqual(["1 pool", "0 pools"]);
  });
});
