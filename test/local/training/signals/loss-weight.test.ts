import { describe, expect, it } from "@jest/globals";
import { weightFigures } from "../../../../local/training/signals/loss-weight.ts";
import { burstyMarket } from "../market-sample.ts";

describe("how long a loss counts", () => {
  const trained = [burstyMarket("one", 1), burstyMarket("two", 20)];

  it("is a log loss without counting losses, and one for each half-life", () => {
    const figures = weightFigures({ trained, heldOut: [] });
    expect(figures.map(({ halfLifeHours }) => halfLifeHours)).toEqual([
      undefined,
      ...[1, 3, 6, 12, 24, 48, 96, 168],
    ]);
    expect(figures.every(({ choosing }) => choosing > 0 && choosing < 1)).toBe(true);
    expect(new Set(figures.map(({ choosing }) => choosing)).size).toBe(figures.length);
    expect(figures.every((figure) => !("heldOut" in figure))).toBe(true);
  });

  it("is also told of traces that nothing was fitted on", () => {
    const [first] = weightFigures({ trained, heldOut: [burstyMarket("three", 40)] });
    expect(first?.choosing).toBe(weightFigures({ trained, heldOut: [] })[0]?.choosing);
    expect(first?.heldOut).toBeGreaterThan(0);
  });
});
