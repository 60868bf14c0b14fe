import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { reliabilityOf, scoresOf, type Forecast } from "../../../local/training/metrics.ts";

const forecasts = (...rows: readonly (readonly [number, 0 | 1])[]): readonly Forecast[] =>
  rows.map(([probability, lost]) => ({ probability, isLost: lost === 1, weight: 1 }));

const anyForecasts = fc.array(
  fc.record({
    probability: fc.constantFrom(0, 0.1, 0.25, 0.5, 0.9, 1),
    isLost: fc.boolean(),
    weight: fc.constantFrom(0.5, 1, 3),
  }),
  { maxLength: 30 },
);

/** By definition: all pairs of a lost and a safe example. */
const aucByPairs = (all: readonly Forecast[]): number => {
  let ordered = 0;
  let pairs = 0;
  for (const lost of all.filter(({ isLost }) => isLost)) {
    for (const safe of all.filter(({ isLost }) => !isLost)) {
      const weight = lost.weight * safe.weight;
      pairs += weight;
      ordered += weight * ((Math.sign(lost.probability - safe.probability) + 1) / 2);
    }
  }
  return ordered / pairs;
};

describe("scores", () => {
  it("are Brier score, log loss, AUC and base rate", () => {
    const scores = scoresOf(forecasts([0.8, 1], [0.4, 0], [0.2, 0], [0.4, 1]));
    expect(scores.brier).toBeCloseTo((0.04 + 0.16 + 0.04 + 0.36) / 4, 12);
    expect(scores.logLoss).toBeCloseTo(
      -(Math.log(0.8) + Math.log(0.6) + Math.log(0.8) + Math.log(0.4)) / 4,
      12,
    );
    expect(scores.auc).toBe(3.5 / 4);
    expect(scores.baseRate).toBe(0.5);
  });

  const [lost, safe] = forecasts([0.5, 1], [0.5, 0]) as readonly [Forecast, Forecast];

  it("have the AUC of all pairs, ties counting half", () => {
    fc.assert(
      fc.property(anyForecasts, (others) => {
        const all = [lost, safe, ...others];
        expect(scoresOf(all).auc).toBeCloseTo(aucByPairs(all), 9);
      }),
    );
  });

  it("have no AUC where all were lost", () => {
    expect(scoresOf(forecasts([0.8, 1], [0.3, 1]))).not.toHaveProperty("auc");
  });

  it("stay finite where a certainty fails", () => {
    expect(scoresOf(forecasts([0, 1], [1, 0])).logLoss).toBeLessThan(30);
  });
});

describe("reliability", () => {
  it("covers 0 to 1 without a gap and counts each forecast once", () => {
    const probability = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(probability, { maxLength: 300 }), (all) => {
        const rows = reliabilityOf(
          all.map((each) => ({ probability: each, isLost: false, weight: 1 })),
        );
        expect(rows[0]?.from).toBe(0);
        expect(rows.at(-1)?.to).toBe(1);
        for (const [index, { to }] of rows.slice(0, -1).entries()) {
          expect(rows[index + 1]?.from).toBe(to);
        }
        expect(rows.reduce((sum, { examples }) => sum + examples, 0)).toBe(all.length);
        if (rows.length > 1) for (const { examples } of rows) expect(examples >= 50).toBe(true);
      }),
    );
  });

  it("sets what was predicted beside what came", () => {
    const rows = reliabilityOf(
      Array.from({ length: 200 }, (_, index) => ({
        probability: index < 100 ? 0.005 : 0.9,
        isLost: index % 100 < (index < 100 ? 1 : 80),
        weight: 1,
      })),
    );
    expect(rows.map(({ from, to, examples }) => [from, to, examples])).toEqual([
      [0, 0.01, 100],
      [0.01, 1, 100],
    ]);
    expect(rows.map(({ observed }) => observed)).toEqual([0.01, 0.8]);
    expect(rows[1]?.predicted).toBeCloseTo(0.9, 9);
  });
});
