/** Solves A·x = b for a symmetric, positive definite A, by Cholesky's decomposition. */

export type Matrix = readonly Float64Array[];

const entry = (matrix: Matrix, row: number, column: number): number => matrix[row]?.[column] ?? 0;

/** Σ left[k] · right[k] for k < count. */
const dotOfFirst = (
  left: Float64Array | undefined,
  right: Float64Array | undefined,
  count: number,
): number => {
  let sum = 0;
  for (let k = 0; k < count; k += 1) sum += (left?.[k] ?? 0) * (right?.[k] ?? 0);
  return sum;
};

/** Lower triangle L with L·Lᵀ = A. */
const decomposed = (matrix: Matrix): Matrix => {
  const lower = matrix.map(({ length }) => new Float64Array(length));
  for (const [row, target] of lower.entries()) {
    for (let column = 0; column < row; column += 1) {
      const rest = entry(matrix, row, column) - dotOfFirst(target, lower[column], column);
      target[column] = rest / entry(lower, column, column);
    }
    const pivot = entry(matrix, row, row) - dotOfFirst(target, target, row);
    if (!(pivot > 0)) throw new Error("The system has no single solution.");
    target[row] = Math.sqrt(pivot);
  }
  return lower;
};

/** @throws Error where A is not positive definite, or not finite. Only A's lower triangle is read. */
export const solve = (matrix: Matrix, right: Float64Array): Float64Array => {
  const lower = decomposed(matrix);
  const forward = new Float64Array(right.length);
  for (const row of right.keys()) {
    const rest = (right[row] ?? 0) - dotOfFirst(lower[row], forward, row);
    forward[row] = rest / entry(lower, row, row);
  }
  const solution = new Float64Array(right.length);
  for (let row = right.length - 1; row >= 0; row -= 1) {
    let rest = forward[row] ?? 0;
    for (let later = row + 1; later < right.length; later += 1) {
      rest -= entry(lower, later, row) * (solution[later] ?? 0);
    }
    solution[row] = rest / entry(lower, row, row);
  }
  return solution;
};
