/**
 * Which groups of terms make the model. Step by step the group is taken that lowers the log loss of the choosing part
 * most, as long as it lowers it by `leastGain`; each step is fitted on the fitting part alone.
 */
import { logistic } from "../../core/risk/logistic.ts";
import type { LogisticTerm } from "../../core/risk/model-file.ts";
import { fitLogistic } from "./fit.ts";
import { backgroundOf, type Samples } from "./samples.ts";
import type { TermGroup } from "./terms.ts";

/** Share of the log loss. Less is within what a choice among ten groups gains by chance. */
export const leastGain = 0.002;

/** Terms whose standardised values are ready, and the log-odds without them. */
export interface FittedTerms {
  readonly intercept: number;
  readonly terms: readonly LogisticTerm[];
}

export interface GroupTrial {
  readonly name: string;
  /** Share by which it lowered the log loss at its last trial; absent where it can't be fitted: its values are all one. */
  readonly gain?: number;
  readonly isKept: boolean;
}

export interface Choice {
  readonly groups: readonly TermGroup[];
  /** Of the choosing part, without any group. */
  readonly startLogLoss: number;
  readonly logLoss: number;
  /** Kept ones in the order they were taken, then the rest. */
  readonly trials: readonly GroupTrial[];
}

export interface ChoosingData {
  readonly fit: Samples;
  readonly choose: Samples;
}

const weightedMean = (values: Float64Array, weights: Float64Array): number =>
  values.reduce((sum, value, row) => sum + value * (weights[row] ?? 0), 0) / values.length;

const standardised = (term: LogisticTerm, { columnOf, weights }: Samples): LogisticTerm => {
  const values = columnOf(term);
  const mean = weightedMean(values, weights);
  const variance = weightedMean(
    values.map((value) => (value - mean) ** 2),
    weights,
  );
  return { ...term, mean, scale: Math.sqrt(variance) };
};

/** All values are one: nothing can be fitted. */
const isConstant = (term: LogisticTerm, samples: Samples): boolean =>
  standardised(term, samples).scale < 1e-6;

/** @throws Error as `fitLogistic` does. */
export const fitTerms = (terms: readonly LogisticTerm[], samples: Samples): FittedTerms => {
  const scaled = terms.map((term) => standardised(term, samples));
  const { intercept, coefficients } = fitLogistic({
    columns: terms.map((term, index) => {
      const { mean = 0, scale = 1 } = scaled[index] ?? {};
      return samples.columnOf(term).map((value) => (value - mean) / scale);
    }),
    isLost: samples.isLost,
    weights: samples.weights,
    background: backgroundOf(samples),
  });
  return {
    intercept,
    terms: scaled.map((term, index) => ({ ...term, weight: coefficients[index] ?? 0 })),
  };
};

/** Weighted, over all samples. `raw` are the terms that the fitted ones were made of, in the same order. */
const logLossOf = (
  { intercept, terms }: FittedTerms,
  raw: readonly LogisticTerm[],
  samples: Samples,
): number => {
  const background = backgroundOf(samples);
  const columns = raw.map(samples.columnOf);
  let total = 0;
  for (const [row, isLost] of samples.isLost.entries()) {
    let eta = intercept;
    for (const [index, { weight, mean, scale }] of terms.entries()) {
      eta += (weight * ((columns[index]?.[row] ?? 0) - mean)) / scale;
    }
    const survives = (1 - background) * logistic(-eta);
    total -= (samples.weights[row] ?? 0) * Math.log(isLost ? 1 - survives : survives);
  }
  return total / samples.isLost.length;
};

/** Log loss of the choosing samples by these groups, fitted on the others. @throws Error as `fitLogistic` does */
export const logLossWith = (
  groups: readonly TermGroup[],
  { fit, choose }: ChoosingData,
): number => {
  const raw = groups.flatMap(({ terms }) => terms);
  return logLossOf(fitTerms(raw, fit), raw, choose);
};

interface Trial {
  readonly group: TermGroup;
  readonly logLoss: number;
}

/** Best first: each of the groups beside those already taken. */
const trialsOf = (
  taken: readonly TermGroup[],
  rest: readonly TermGroup[],
  data: ChoosingData,
): readonly Trial[] =>
  rest
    .map((group) => ({ group, logLoss: logLossWith([...taken, group], data) }))
    .sort((one, other) => one.logLoss - other.logLoss);

/** @throws Error as `fitLogistic` does. */
export const chooseGroups = (candidates: readonly TermGroup[], data: ChoosingData): Choice => {
  const constant = candidates.filter(({ terms }) =>
    terms.some((term) => isConstant(term, data.fit)),
  );
  const usable = candidates.filter((group) => !constant.includes(group));
  const groups: TermGroup[] = [];
  const trials: GroupTrial[] = [];
  const startLogLoss = logLossWith([], data);
  let logLoss = startLogLoss;
  for (;;) {
    const rest = usable.filter((group) => !groups.includes(group));
    const round = trialsOf(groups, rest, data);
    const gainOf = (trial: Trial): number => 1 - trial.logLoss / logLoss;
    const [best] = round;
    if (best === undefined || gainOf(best) < leastGain) {
      const left = round.map((trial) => ({ name: trial.group.name, gain: gainOf(trial) }));
      trials.push(
        ...left.map((trial) => ({ ...trial, isKept: false })),
        ...constant.map(({ name }) => ({ name, isKept: false })),
      );
      return { groups, startLogLoss, logLoss, trials };
    }
    trials.push({ name: best.group.name, gain: gainOf(best), isKept: true });
    groups.push(best.group);
    logLoss = best.logLoss;
  }
};
