/** Logistic models of a file: a weighted sum of transformed features, and the logistic link. */
import { featureRow, laterValue, readFeature, valueOf, type FeatureRow } from "./feature-vector.ts";
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

/** A term whose feature has been looked up once: this is asked thousands of times for each verdict. */
interface ReadyTerm {
  readonly term: LogisticTerm;
  readonly row: FeatureRow;
}

const readyTerms = (terms: readonly LogisticTerm[]): readonly ReadyTerm[] =>
  terms.map((term) => ({ term, row: featureRow(term.feature) }));

const marginOf = (
  { file, terms }: { readonly file: LogisticFile; readonly terms: readonly ReadyTerm[] },
  features: RiskFeatures,
  hoursLater: number,
): number => {
  let margin = file.intercept;
  const time = { hours: hoursLater, hourOfDay: features.hourOfDay ?? 0 };
  for (const { term, row } of terms) {
    const known = valueOf(features, row);
    const value = known === undefined ? term.missing : laterValue(row.ageing, known, time);
    margin += (term.weight * (transformed(term, value) - term.mean)) / term.scale;
  }
  return margin;
};

/**
 * Beside the band the sum counts where the pool's history is known. Where it is not, a known band stands alone; and where
 * nothing at all is known of a pool, the sum speaks for the pools it was trained on.
 */
const isBandAlone = (file: LogisticFile, features: RiskFeatures): boolean =>
  file.beside_band !== undefined &&
  features.isBandKnown &&
  readFeature(features, file.beside_band.where_known) === undefined;

/** Probability, 0…1, for the file's own horizon, beginning `hoursLater` (0: now) if no loss comes before. */
export const logisticModel = (
  file: LogisticFile,
): ((features: RiskFeatures, hoursLater: number) => number) => {
  const ready = { file, terms: readyTerms(file.terms) };
  return (features, hoursLater) => {
    if (file.beside_band === undefined) return logistic(marginOf(ready, features, hoursLater));
    const lostByBand = -Math.expm1(-bandHazard(features) * file.horizon_hours);
    return isBandAlone(file, features)
      ? lostByBand
      : lostByBand + (1 - lostByBand) * logistic(marginOf(ready, features, hoursLater));
  };
};

/** Probability, 0…1, for the file's own horizon from now. */
export const logisticProbability = (file: LogisticFile, features: RiskFeatures): number =>
  logisticModel(file)(features, 0);
