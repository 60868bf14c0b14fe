import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { logistic } from "../../../core/risk/logistic.ts";
import { fitLogistic } from "../../../local/training/fit.ts";
import { chances } from "./market-sample.ts";

const ones = (count: number): Float64Array => new Float64Array(count).fill(1);

interface Truth {
  readonly intercept: number;
  readonly coefficients: readonly [number, number];
  readonly background: number;
}

const drawn = ({ intercept, coefficients, background }: Truth, seed: number, count: number) => {
  const chance = chances(seed);
  const columns = coefficients.map(() => Float64Array.from(ones(count), () => 4 * chance() - 2));
  const isLost = Array.from({ length: count }, (_, row) => {
    const eta = coefficients.reduce(
      (sum, coefficient, term) => sum + coefficient * (columns[term]?.[row] ?? 0),
      intercept,
    );
    return chance() < background + (1 - background) * logistic(eta);
  });
  return { columns, isLost, weights: ones(count), background };
};

const coefficient = fc.double({ min: -1.5, max: 1.5, noNaN: true });

describe("the fit", () => {
  it("finds the coefficients that the data were drawn by", () => {
    fc.assert(
      fc.property(
        fc.record({
          intercept: coefficient,
          coefficients: fc.tuple(coefficient, coefficient),
          background: fc.constantFrom(0, 0.1),
        }),
        fc.nat(),
        (truth, seed) => {
          const found = fitLogistic(drawn(truth, seed, 5000));
          expect(Math.abs(found.intercept - truth.intercept)).toBeLessThan(0.35);
          for (const [term, value] of truth.coefficients.entries()) {
            expect(Math.abs((found.coefficients[term] ?? NaN) - value)).toBeLessThan(0.35);
          }
        },
      ),
      { numRuns: 15, seed: 7 },
    );
  });

  it("gives the log-odds of the base rate where there is no term", () => {
    const isLost = [true, false, false, false];
    const { intercept } = fitLogistic({ columns: [], isLost, weights: ones(4), background: 0 });
    expect(intercept).toBeCloseTo(Math.log(1 / 3), 9);
  });

  it("counts an example of double weight as two", () => {
    const column = [0, 1, 1, 2, 3];
    const isLost = [false, true, false, false, true];
    const weighted = fitLogistic({
      columns: [Float64Array.from(column)],
      isLost,
      weights: Float64Array.from([1, 2, 1, 1, 1]),
      background: 0,
    });
    const twice = fitLogistic({
      columns: [Float64Array.from([...column, 1])],
      isLost: [...isLost, true],
      weights: ones(6),
      background: 0,
    });
    expect(weighted.intercept).toBeCloseTo(twice.intercept, 6);
    expect(weighted.coefficients[0]).toBeCloseTo(twice.coefficients[0] ?? NaN, 6);
  });

  it.each([0, 0.01])(
    "stays finite where a term separates the data, background %d",
    (background) => {
      const column = Float64Array.from({ length: 200 }, (_, row) => (row < 100 ? -1 : 1));
      const isLost = Array.from(column, (value) => value > 0);
      const { coefficients } = fitLogistic({
        columns: [column],
        isLost,
        weights: ones(200),
        background,
      });
      expect(coefficients[0]).toBeGreaterThan(2);
      expect(coefficients[0]).toBeLessThan(20);
    },
  );

  it("comes to rest where one term is the same as another", () => {
    const { columns, isLost, weights } = drawn(
      { intercept: 0, coefficients: [1, 0], background: 0 },
      3,
      500,
    );
    const [column = ones(500)] = columns;
    const { coefficients } = fitLogistic({
      columns: [column, column],
      isLost,
      weights,
      background: 0,
    });
    expect(coefficients[0]).toBeCloseTo(coefficients[1] ?? NaN, 6);
  });

  it.each([[[true, true]], [[false, false]]])("refuses data that are all one: %j", (isLost) => {
    expect(() => fitLogistic({ columns: [], isLost, weights: ones(2), background: 0 })).toThrow(
      /of 2 examples are losses/,
    );
  });
});
