/** Logistic models of a file: a weighted sum of transformed features, and the logistic link. */
import { readFeature } from "./feature-vector.ts";
import type { LogisticFile, LogisticTerm } from "./model-file.ts";
import type { RiskFeatures } from "./model.ts";

/** 1 ÷ (1 + e^−margin), without overflow. */
export const logistic = (margin: number): number => {
  const small = Math.exp(-Math.abs(margin));
  return margin >= 0 ? 1 / (1 + small) : small / (1 + small);
};

const transformed = (term: LogisticTerm, value: number): number => {
  switch (term.transform) {
    case "identity":
      return value;
    case "log1p":
      return Math.log1p(Math.max(0, value));
    case "hinge":
      return Math.max(0, value - term.knot);
    case "indicator":
      return value >= term.knot ? 1 : 0;
  }
};

/** Probability, 0…1, for the file's own horizon. */
export const logisticProbability = (file: LogisticFile, features: RiskFeatures): number =>
  logistic(
    file.terms.reduce((sum, term) => {
      const value = readFeature(features, term.feature) ?? term.missing;
      return sum + (term.weight * (transformed(term, value) - term.mean)) / term.scale;
    }, file.intercept),
  );
