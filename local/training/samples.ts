/** Examples as columns of numbers, weighed such that each source counts the same. */
import { bandHazard } from "../../core/risk/hazard-model.ts";
import { readFeature } from "../../core/risk/feature-vector.ts";
import { termValue } from "../../core/risk/logistic.ts";
import type { LogisticTerm } from "../../core/risk/model-file.ts";
import { modelHours, type Example } from "./examples.ts";
import type { Part } from "./parts.ts";
import type { Source } from "./sources.ts";
import { whereKnown } from "./terms.ts";

export interface Samples {
  readonly examples: readonly Example[];
  readonly isLost: readonly boolean[];
  /** Their mean is 1. */
  readonly weights: Float64Array;
  /** A column of raw values, made once for each term. */
  readonly columnOf: (term: LogisticTerm) => Float64Array;
}

/** One weight per example, by source: each source has the same sum, and the mean is 1. */
export const evenWeights = (sizes: readonly number[]): Float64Array => {
  const filled = sizes.filter((size) => size > 0).length;
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const weights = new Float64Array(total);
  let from = 0;
  for (const size of sizes) {
    weights.fill(total / filled / size, from, from + size);
    from += size;
  }
  return weights;
};

const isKnown = ({ features }: Example): boolean => readFeature(features, whereKnown) !== undefined;

/** The examples of these parts in which the sum counts. @throws Error for a source without any, or without a loss. */
export const samplesOf = (sources: readonly Source[], parts: readonly Part[]): Samples => {
  const bySource = sources.map(({ name, examples }) => {
    const known = examples.filter(
      (example) => example.part !== undefined && parts.includes(example.part) && isKnown(example),
    );
    if (known.some(({ isLost }) => isLost)) return known;
    const part = parts.map((each) => `"${each}"`).join(" and ");
    throw new Error(
      `${name} has no loss in its part ${part} from a pool that was seen empty before: hold it out.`,
    );
  });
  const examples = bySource.flat();
  const columns = new Map<LogisticTerm, Float64Array>();
  return {
    examples,
    isLost: examples.map(({ isLost }) => isLost),
    weights: evenWeights(bySource.map(({ length }) => length)),
    columnOf: (term) => {
      const known = columns.get(term);
      if (known !== undefined) return known;
      const column = Float64Array.from(examples, ({ features }) => termValue(term, features));
      columns.set(term, column);
      return column;
    },
  };
};

/** Chance of loss within the model's hours by the band alone. Recordings know no bands: it is the same in all. */
export const backgroundOf = ({ examples }: Samples): number => {
  const [first] = examples;
  return first === undefined ? 0 : -Math.expm1(-bandHazard(first.features) * modelHours);
};
