/** Logistic models of a file: a weighted sum of transformed features, and the logistic link. */
import { readFeature } from "./feature-vector.ts";
import { bandHazard } from "./hazard-model.ts";
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
    case "log":
      return Math.log(Math.max(0, value) + term.offset);
    case "hinge":
      return Math.max(0, value - term.knot);
    case "indicator":
      return value >= term.knot ? 1 : 0;
  }
};

/** What a term takes of the features, before it is standardised and weighed. Training reads it, too. */
export const termValue = (term: LogisticTerm, features: RiskFeatures): number =>
  transformed(term, readFeature(features, term.feature) ?? term.missing);

const ofTerms = (file: LogisticFile, features: RiskFeatures): number => {
  let margin = file.intercept;
  for (const term of file.terms) {
    margin += (term.weight * (termValue(term, features) - term.mean)) / term.scale;
  }
  return logistic(margin);
};

/**
 * Beside the band the sum counts where the pool's history is known. Where it is not, a known band stands alone; and where
 * nothing at all is known of a pool, the sum speaks for the pools it was trained on.
 */
const bandAlone = (file: LogisticFile, features: RiskFeatures): boolean =>
  file.beside_band !== undefined &&
  features.isBandKnown &&
  readFeature(features, file.beside_band.where_known) === undefined;

/** Probability, 0…1, for the file's own horizon. */
export const logisticProbability = (file: LogisticFile, features: RiskFeatures): number => {
  if (file.beside_band === undefined) return ofTerms(file, features);
  const lostByBand = -Math.expm1(-bandHazard(features) * file.horizon_hours);
  return bandAlone(file, features)
    ? lostByBand
    : lostByBand + (1 - lostByBand) * ofTerms(file, features);
};
