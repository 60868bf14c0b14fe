import { describe, expect, it } from "@jest/globals";
import { recommendationFigures } from "../../../../local/training/signals/recommendations.ts";
import { burstyMarket } from "../market-sample.ts";

describe("what heeding announcements is worth", () => {
  const markets = [burstyMarket("one", 1)];
  const drawn = { announcedShare: 1, leadSeconds: 300, restHours: 0, youngMinutes: 0 };

  it("falls as false alarms become more, and is set beside what comes of none", () => {
    const figures = recommendationFigures(markets, drawn, 3);
    expect(figures.map(({ falseAlarmsPerDay }) => falseAlarmsPerDay)).toEqual([
      undefined,
      ...[0, 1, 2, 4, 8, 16],
    ]);
    const [none, allTrue, , , , , mostFalse] = figures;
    expect(none).not.toHaveProperty("trueShare");
    expect(allTrue?.trueShare).toBe(1);
    expect(mostFalse?.trueShare).toBeLessThan(0.9);
    expect(allTrue?.jOverOptimum).toBeLessThan(none?.jOverOptimum ?? 0);
    expect(allTrue?.jOverOptimum).toBeLessThan(mostFalse?.jOverOptimum ?? 0);
  });
});
