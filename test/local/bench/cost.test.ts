import { describe, expect, it } from "@jest/globals";
import { costPerThousand, prices, totalOf } from "../../../local/bench/cost.ts";

const nothing = { transitions: 0, invocations: 0, readUnits: 0, writeUnits: 0 };

describe("the cost of a thousand evaluations", () => {
  it("is what was counted, times the list price of each", () => {
    const cost = costPerThousand({
      transitions: 11,
      invocations: 8,
      readUnits: 71,
      writeUnits: 121,
    });
    expect(cost).toEqual({
      transitions: expect.closeTo(0.275, 6),
      invocations: expect.closeTo(0.0016, 6),
      // 8 × 1 s × 0.5 GB × 1,000
      computing: expect.closeTo(4_000 * prices.gbSecond, 6),
      readUnits: expect.closeTo(0.008_875, 6),
      writeUnits: expect.closeTo(0.075_625, 6),
      apiRequests: expect.closeTo(0.0035, 6),
    });
    expect(totalOf(cost)).toBeCloseTo(0.418, 3);
  });

  it("is but the request that asks for it when nothing else was counted", () => {
    expect(totalOf(costPerThousand(nothing))).toBeCloseTo(0.0035, 6);
  });
});
