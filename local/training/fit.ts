/**
 * Weighted logistic regression beside a background chance b: p = b + (1 − b) · s, s the logistic of the sum. That is how
 * a model file counts the Spot Advisor's band as a cause of its own; with b = 0 it is the plain logistic regression.
 *
 * Newton's method with Fisher's information. Per example, with η the sum:
 *   score = (y − p) · s ÷ p,   information = (1 − b) · s² · (1 − s) ÷ p.
 * A ridge of one example's weight on each coefficient but the intercept keeps separable data finite.
 */
import { logistic } from "../../core/risk/logistic.ts";
import { solve } from "./linear-system.ts";

export interface Regression {
  /** Term, then example: standardised values. */
  readonly columns: readonly Float64Array[];
  /** By example. */
  readonly isLost: readonly boolean[];
  /** By example; their mean should be 1, so that the ridge means the same everywhere. */
  readonly weights: Float64Array;
  /** Chance of loss beside the sum, 0 ≤ b < 1. */
  readonly background: number;
}

export interface Fitted {
  readonly intercept: number;
  /** By term. */
  readonly coefficients: readonly number[];
}

const ridge = 1;
const mostSteps = 100;
const mostHalvings = 30;
/** Of a coefficient, between two steps. Coefficients are written with six digits. */
const tolerance = 1e-7;
/** The same where the loss is already as low as its own rounding lets it be. */
const flatTolerance = 1e-5;

const constantColumn = (length: number): Float64Array => new Float64Array(length).fill(1);

const sums = (columns: readonly Float64Array[], coefficients: Float64Array): Float64Array => {
  const eta = new Float64Array(columns[0]?.length ?? 0);
  for (const [term, column] of columns.entries()) {
    const coefficient = coefficients[term] ?? 0;
    for (let row = 0; row < eta.length; row += 1) {
      eta[row] = (eta[row] ?? 0) + coefficient * (column[row] ?? 0);
    }
  }
  return eta;
};

/** −log(1 − s) without cancellation: log(1 + e^η). */
const softplus = (eta: number): number => Math.max(0, eta) + Math.log1p(Math.exp(-Math.abs(eta)));

/** Negative logarithm of the chance of what came, but for what is constant. */
const surprise = (isLost: boolean | undefined, eta: number, background: number): number => {
  if (isLost !== true) return softplus(eta);
  return background === 0
    ? softplus(-eta)
    : -Math.log(background + (1 - background) * logistic(eta));
};

/** Weighted surprise, and the ridge. */
const loss = (
  { background, isLost, weights }: Regression,
  eta: Float64Array,
  coefficients: Float64Array,
): number => {
  let total = 0;
  for (const [row, at] of eta.entries()) {
    total += (weights[row] ?? 0) * surprise(isLost[row], at, background);
  }
  for (const coefficient of coefficients.subarray(1)) total += (ridge / 2) * coefficient ** 2;
  return total;
};

interface Derivatives {
  readonly score: Float64Array;
  readonly information: readonly Float64Array[];
}

const addRow = (
  { score, information }: Derivatives,
  values: Float64Array,
  by: { readonly score: number; readonly information: number },
): void => {
  for (const [term, value] of values.entries()) {
    score[term] = (score[term] ?? 0) + by.score * value;
    const row = information[term];
    if (row === undefined) continue;
    const scaled = by.information * value;
    for (let other = 0; other <= term; other += 1) {
      row[other] = (row[other] ?? 0) + scaled * (values[other] ?? 0);
    }
  }
};

/** By how much a row counts in the score and in the information. */
const factorsOf = (
  { background, isLost, weights }: Regression,
  row: number,
  eta: number,
): { readonly score: number; readonly information: number } => {
  const s = Math.max(Number.MIN_VALUE, logistic(eta));
  const p = background + (1 - background) * s;
  const weight = weights[row] ?? 0;
  return {
    score: weight * (Number(isLost[row] === true) - p) * (s / p),
    information: weight * (1 - background) * s * (s / p) * (1 - s),
  };
};

const addRidge = ({ score, information }: Derivatives, coefficients: Float64Array): void => {
  for (const [term, coefficient] of coefficients.entries()) {
    const row = information[term];
    if (term === 0 || row === undefined) continue;
    score[term] = (score[term] ?? 0) - ridge * coefficient;
    row[term] = (row[term] ?? 0) + ridge;
  }
};

const derivatives = (
  data: Regression,
  columns: readonly Float64Array[],
  at: { readonly eta: Float64Array; readonly coefficients: Float64Array },
): Derivatives => {
  const found = {
    score: new Float64Array(columns.length),
    information: columns.map(() => new Float64Array(columns.length)),
  };
  const values = new Float64Array(columns.length);
  for (const [row, eta] of at.eta.entries()) {
    for (const [term, column] of columns.entries()) values[term] = column[row] ?? 0;
    addRow(found, values, factorsOf(data, row, eta));
  }
  addRidge(found, at.coefficients);
  return found;
};

/** As far along the step as the loss falls; undefined where it does not fall at all. */
const advance = (
  data: Regression,
  columns: readonly Float64Array[],
  from: { readonly coefficients: Float64Array; readonly loss: number; readonly step: Float64Array },
): Float64Array | undefined => {
  for (let halving = 0; halving < mostHalvings; halving += 1) {
    const next = from.coefficients.map(
      (value, term) => value + (from.step[term] ?? 0) / 2 ** halving,
    );
    if (loss(data, sums(columns, next), next) <= from.loss) return next;
  }
  return undefined;
};

const startOf = ({ isLost, weights }: Regression, count: number): Float64Array => {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const lost = weights.reduce((sum, weight, row) => sum + (isLost[row] === true ? weight : 0), 0);
  const start = new Float64Array(count);
  start[0] = Math.log((lost + 0.5) / (total - lost + 0.5));
  return start;
};

/** @throws Error where the data hold no loss, or nothing but losses, or where the steps don't converge. */
export const fitLogistic = (data: Regression): Fitted => {
  const losses = data.isLost.filter((isLost) => isLost).length;
  if (losses === 0 || losses === data.isLost.length) {
    throw new Error(
      `${String(losses)} of ${String(data.isLost.length)} examples are losses: no model can be fitted.`,
    );
  }
  const columns = [constantColumn(data.isLost.length), ...data.columns];
  let coefficients = startOf(data, columns.length);
  for (let count = 0; count < mostSteps; count += 1) {
    const eta = sums(columns, coefficients);
    const { score, information } = derivatives(data, columns, { eta, coefficients });
    const step = solve(information, score);
    const from = { coefficients, loss: loss(data, eta, coefficients), step };
    const next = advance(data, columns, from);
    const furthest = Math.max(...step.map(Math.abs));
    if (furthest < tolerance || (next === undefined && furthest < flatTolerance)) {
      const [intercept = 0, ...rest] = next ?? coefficients;
      return { intercept, coefficients: rest };
    }
    if (next === undefined) break;
    coefficients = next;
  }
  throw new Error(`The fit has not come to rest within ${String(mostSteps)} steps.`);
};
