import { describe, expect, it } from "@jest/globals";
import {
  clockTime,
  counted,
  dayAndTime,
  duration,
  hourlyUsd,
  kilobytes,
  percent,
  riskPercent,
  savingPercent,
  seconds,
  usd,
} from "../../../local/terminal/figures.ts";

const atMs = Date.parse("2026-03-02T09:05:07.890Z");

describe("figures", () => {
  it.each([
    [clockTime(atMs), "09:05:07"],
    [dayAndTime(atMs), "2026-03-02 09:05 UTC"],
    [usd(52.2), "$52.20"],
    [usd(0.4184), "$0.42"],
    [usd(-101.72), "-$101.72"],
    [usd(-0.004), "$0.00"],
    [usd(-0.004, 3), "-$0.004"],
    [hourlyUsd(0.02449), "$0.0245"],
    [percent(0.4125), "41.3 %"],
    [percent(0.002, 2), "0.20 %"],
    [percent(-0.0006, 2), "-0.06 %"],
    [riskPercent(0), "0.0 %"],
    [riskPercent(0.00001), "0.1 %"],
    [riskPercent(0.001), "0.1 %"],
    [riskPercent(0.0011), "0.2 %"],
    [savingPercent(74.49), "74.4 %"],
    [savingPercent(74.4), "74.4 %"],
    [savingPercent(0.09), "0.0 %"],
    [seconds(11.6), "12 s"],
    [seconds(11.64, 1), "11.6 s"],
    [duration(0.84), "0.8 s"],
    [duration(59.94), "59.9 s"],
    [duration(60), "1 min 00 s"],
    [duration(299.4), "4 min 59 s"],
    [counted(1, "unit"), "1 unit"],
    [counted(0, "unit"), "0 units"],
    [counted(1_687_000, "interruption"), "1,687,000 interruptions"],
    [kilobytes(812_345), "812 kB"],
  ])("%s", (text, expected) => {
    expect(text).toBe(expected);
  });

  it("that are absent are empty", () => {
    for (const write of [usd, hourlyUsd, riskPercent, savingPercent, seconds, duration]) {
      expect(write(undefined)).toBe("");
    }
  });
});
