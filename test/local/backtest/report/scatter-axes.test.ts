import { describe, expect, it } from "@jest/globals";
import {
  dearestInRange,
  groundOf,
  isoLines,
} from "../../../../local/backtest/report/scatter-axes.ts";
import { policy, product, run, score } from "./sample-report.ts";

const scores = (...costs: readonly number[]) =>
  costs.map((cost, index) => score(policy(`policy ${String(index)}`), cost, 5));

describe("the range of costs", () => {
  it("leaves out what is far dearer than the rest", () => {
    expect(dearestInRange(scores(0.32, 0.34, 0.36, 1), 0.31)).toBe(0.36);
  });

  it("leaves nothing out where costs are spread", () => {
    expect(dearestInRange(scores(0.32, 0.5, 0.66, 0.82, 1), 0.31)).toBe(1);
  });

  it("keeps half of the points at least", () => {
    expect(dearestInRange(scores(0.32, 0.5, 0.7, 1), 0.31)).toBe(0.5);
  });

  it("keeps ours, however dear it is", () => {
    expect(dearestInRange([...scores(0.32, 0.33), score(product, 1, 0)], 0.31)).toBe(1);
  });

  it("keeps a tenth of the optimum, so that small differences look small", () => {
    expect(dearestInRange(scores(0.3101, 0.3102, 1), 0.31)).toBeCloseTo(0.341, 9);
  });
});

describe("lines of equal J", () => {
  it("trade 168 ÷ 0.5 interruptions a week for the whole cost of On-Demand", () => {
    const ground = groundOf(run(), run().scores);
    const lines = isoLines(ground);
    expect(lines.length).toBeGreaterThan(1);
    for (const { from, to } of lines) {
      expect((from.cost - to.cost) / (to.rate - from.rate)).toBeCloseTo(0.5 / 168, 9);
    }
  });

  it("stay within the axes, with their labels where they end", () => {
    const ground = groundOf(run(), run().scores);
    for (const { from, to, isAbove } of isoLines(ground)) {
      for (const { cost, rate } of [from, to]) {
        expect(cost).toBeGreaterThanOrEqual(ground.costs.from - 1e-9);
        expect(cost).toBeLessThanOrEqual(ground.costs.to + 1e-9);
        expect(rate).toBeLessThanOrEqual(ground.rates.to + 1e-9);
      }
      expect(isAbove ? to.rate : to.cost).toBeCloseTo(
        isAbove ? ground.rates.to : ground.costs.from,
        9,
      );
    }
  });
});
