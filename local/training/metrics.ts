/** How good probabilities were, once it is known what came: weighted Brier score, log loss, AUC, reliability. */
import type { ModelMetrics } from "../../core/risk/model-file.ts";

export interface Forecast {
  readonly probability: number;
  readonly isLost: boolean;
  /** > 0. */
  readonly weight: number;
}

export interface Scores {
  readonly baseRate: number;
  readonly brier: number;
  /** Nats. */
  readonly logLoss: number;
  /** Absent where all were lost, or none. */
  readonly auc?: number;
}

export type ReliabilityRow = ModelMetrics["reliability"][number];

/** A probability of 0 that fails would cost without end. */
const leastProbability = 1e-9;

const sumOf = (forecasts: readonly Forecast[], value: (forecast: Forecast) => number): number =>
  forecasts.reduce((sum, forecast) => sum + forecast.weight * value(forecast), 0);

const surprise = ({ probability, isLost }: Forecast): number =>
  -Math.log(Math.max(leastProbability, isLost ? probability : 1 - probability));

/** Chance that a lost example has the higher probability than one that is not; a tie counts half. */
const aucOf = (forecasts: readonly Forecast[]): number | undefined => {
  const ascending = [...forecasts].sort((one, other) => one.probability - other.probability);
  const all = { lost: 0, safe: 0, ordered: 0 };
  let tie = { probability: NaN, lost: 0, safe: 0 };
  const close = (): void => {
    all.ordered += tie.lost * (all.safe + tie.safe / 2);
    all.lost += tie.lost;
    all.safe += tie.safe;
  };
  for (const { probability, isLost, weight } of ascending) {
    if (probability !== tie.probability) {
      close();
      tie = { probability, lost: 0, safe: 0 };
    }
    tie[isLost ? "lost" : "safe"] += weight;
  }
  close();
  return all.lost > 0 && all.safe > 0 ? all.ordered / (all.lost * all.safe) : undefined;
};

/** At least one forecast. */
export const scoresOf = (forecasts: readonly Forecast[]): Scores => {
  const total = sumOf(forecasts, () => 1);
  const auc = aucOf(forecasts);
  return {
    baseRate: sumOf(forecasts, ({ isLost }) => Number(isLost)) / total,
    brier:
      sumOf(forecasts, ({ probability, isLost }) => (probability - Number(isLost)) ** 2) / total,
    logLoss: sumOf(forecasts, surprise) / total,
    ...(auc !== undefined && { auc }),
  };
};

/** Finer where most forecasts are. */
const bounds = [0, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1];

/** A range with fewer says little: it goes together with the next one. */
const fewestExamples = 50;

interface Range {
  readonly from: number;
  readonly to: number;
  readonly forecasts: readonly Forecast[];
}

const joined = (one: Range, next: Range): Range => ({
  from: one.from,
  to: next.to,
  forecasts: [...one.forecasts, ...next.forecasts],
});

const isFull = ({ forecasts }: Range): boolean => forecasts.length >= fewestExamples;

/** From the lowest range up; what is left over at the top goes to the last one. */
const merged = (ranges: readonly Range[]): readonly Range[] => {
  const full: Range[] = [];
  let open: Range | undefined;
  for (const range of ranges) {
    const next = open === undefined ? range : joined(open, range);
    open = isFull(next) ? undefined : next;
    if (open === undefined) full.push(next);
  }
  if (open === undefined) return full;
  const last = full.pop();
  return [...full, last === undefined ? open : joined(last, open)];
};

/** Predicted against observed, by range of the prediction; the ranges cover 0 to 1. */
export const reliabilityOf = (forecasts: readonly Forecast[]): readonly ReliabilityRow[] => {
  const ranges = bounds.slice(1).map((to, index): Range => {
    const from = bounds[index] ?? 0;
    const isIn = ({ probability }: Forecast): boolean =>
      probability >= from && (probability < to || to === 1);
    return { from, to, forecasts: forecasts.filter(isIn) };
  });
  return merged(ranges).map(({ from, to, forecasts: inRange }) => {
    const total = sumOf(inRange, () => 1);
    return {
      from,
      to,
      examples: inRange.length,
      predicted: sumOf(inRange, ({ probability }) => probability) / total,
      observed: sumOf(inRange, ({ isLost }) => Number(isLost)) / total,
    };
  });
};
