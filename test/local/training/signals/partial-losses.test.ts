import { describe, expect, it } from "@jest/globals";
import type { RiskModel } from "../../../../core/risk/model.ts";
import {
  isCounted,
  partialLossFigures,
} from "../../../../local/training/signals/partial-losses.ts";
import { sketch } from "../../backtest/hand-made-market.ts";

const halfAlways: RiskModel = { version: "half", probability: () => 0.5 };

/** Ticks of half an hour: a loss of two in four after four hours, of the rest an hour later, and then calm. */
const market = sketch({
  gapSeconds: 1800,
  capacity: [`${"4".repeat(8)}22${"0".repeat(4)}${"4".repeat(30)}`],
});

describe("what a partial loss foretells", () => {
  const figures = partialLossFigures(market, halfAlways);
  const of = (moment: string) => figures.find((figure) => figure.moment === moment);

  it("is how often the rest of the pool is lost within some hours, beside what the model says", () => {
    expect(of("AT_PARTIAL_LOSS")).toEqual({
      trace: "sketch",
      moment: "AT_PARTIAL_LOSS",
      examples: 1,
      lost: [0, 1, 1],
      foretold: [0.5, 0.5, 0.5],
    });
    // The second tick of two, half an hour before the pool is empty.
    expect(of("TWO_HOURS_AFTER")).toMatchObject({ examples: 1, lost: [1, 1, 1] });
  });

  it("is set beside all other moments with capacity whose next four hours are recorded", () => {
    // Ticks 1 to 7 and, of the 44, 14 to 35; tick 0 has none before it. Empty within 4 h of ticks 2 to 7.
    expect(of("OTHER")).toMatchObject({ examples: 7 + 22 });
    expect(of("OTHER")?.lost).toEqual([0, 0, 6 / 29]);
  });

  it("can be told of traces alone that count", () => {
    expect(isCounted(market)).toBe(true);
    expect(isCounted(sketch({ capacity: ["**00*"] }))).toBe(false);
  });
});
