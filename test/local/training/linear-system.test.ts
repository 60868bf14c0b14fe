import { describe, expect, it } from "@jest/globals";
import { solve } from "../../../local/training/linear-system.ts";

describe("a linear system", () => {
  it("is solved from its lower triangle", () => {
    const matrix = [
      [4, NaN, NaN],
      [2, 5, NaN],
      [1, 3, 6],
    ].map((row) => Float64Array.from(row));
    // (4 2 1; 2 5 3; 1 3 6) · (1, -2, 3)
    const solution = solve(matrix, Float64Array.from([3, 1, 13]));
    expect([...solution].map((value) => Number(value.toFixed(9)))).toEqual([1, -2, 3]);
  });

  it.each([
    ["singular", [[1], [1, 1]]],
    ["not finite", [[NaN], [0, 1]]],
  ])("that is %s has no solution", (_name, rows) => {
    const matrix = rows.map((row) => Float64Array.from([...row, 0].slice(0, 2)));
    expect(() => solve(matrix, Float64Array.from([1, 1]))).toThrow("no single solution");
  });
});
