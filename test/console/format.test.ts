/** Figures of the console: as many digits as matter, a dash for none, and nothing that rounds to a lie. */
import { describe, expect, it } from "@jest/globals";
import {
  accountId,
  age,
  count,
  duration,
  headlineUsd,
  hourlyUsd,
  monthlyUsd,
  percent,
  shortId,
  words,
} from "../../console/format.ts";

describe("figures of the console", () => {
  it.each([
    [hourlyUsd(0.0245), "$0.0245"],
    [monthlyUsd(52.2), "$52.20"],
    [monthlyUsd(-3), "-$3.00"],
    [monthlyUsd(-0.004), "$0.00"],
    [headlineUsd(412_086.4), "$412,086"],
    [headlineUsd(52.2), "$52.20"],
    [count(10_000), "10,000"],
    [percent(0.744), "74.4 %"],
    [percent(0.0003), "<0.1 %"],
    [percent(0), "0.0 %"],
  ])("%s", (shown, expected) => {
    expect(shown).toBe(expected);
  });

  it("shows a dash for none, and never 0", () => {
    for (const show of [hourlyUsd, monthlyUsd, headlineUsd, count, percent]) {
      expect([show(null), show(undefined)]).toEqual(["–", "–"]);
    }
  });

  it.each([
    [0, "0.0 s"],
    [900, "0.9 s"],
    [9_949, "9.9 s"],
    [9_960, "10 s"],
    [28_900, "29 s"],
    [59_700, "1 min"],
    [330_000, "5 min 30 s"],
    [330_600, "5 min 31 s"],
    [3_599_600, "1 h"],
    [120_000, "2 min"],
    [11_520_000, "3 h 12 min"],
    [187_200_000, "2 d 4 h"],
  ])("a duration of %d ms: %s", (ms, expected) => {
    expect(duration(ms)).toBe(expected);
  });

  it.each([
    [-5, "0 s"],
    [8_400, "8 s"],
    [660_000, "11 min"],
    [47 * 3_600_000, "47 h"],
    [49 * 3_600_000, "2 d"],
  ])("an age of %d ms: %s", (ms, expected) => {
    expect(age(ms)).toBe(expected);
  });

  it("shortens ids so that their ends tell them apart, and leaves short ones whole", () => {
    expect(shortId("i-0a1b2c3d4e5f6a7b8")).toBe("i-0a1b…a7b8");
    expect(shortId("evl-01kcw7m2q9r4")).toBe("evl-01kc…q9r4");
    expect(shortId("i-0a1b2c3d")).toBe("i-0a1b2c3d");
    expect(accountId("444455556666")).toBe("4444-5555-6666");
    expect(words("SAVINGS_WORTH_THE_RISK")).toBe("Savings worth the risk");
  });
});
