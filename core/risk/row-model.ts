/**
 * A risk model whose answers were computed beforehand, for models that can't run here: core waits for nothing.
 * What will be asked is known before: one set of features per candidate, and the policy's horizon.
 */
import { SpotOptimizerError } from "../errors.ts";
import { featureVector } from "./feature-vector.ts";
import { featuresByStep, probabilityOver } from "./horizon.ts";
import type { OnnxFile } from "./model-file.ts";
import type { RiskFeatures, RiskModel } from "./model.ts";

/** One row per question: the file's features in its order; undefined is not known. */
export type FeatureRowValues = readonly (number | undefined)[];

const keyOf = (row: FeatureRowValues): string => JSON.stringify(row);

/** Each row that the model is asked when each of these is judged over the horizon, once. */
export const rowsToAsk = (
  file: Pick<OnnxFile, "features" | "horizon_hours">,
  questions: { readonly features: readonly RiskFeatures[]; readonly horizonHours: number },
): readonly FeatureRowValues[] => {
  const rows = questions.features
    .flatMap((features) => featuresByStep(features, file.horizon_hours, questions.horizonHours))
    .map((features) => featureVector(features, file.features));
  return [...new Map(rows.map((row) => [keyOf(row), row])).values()];
};

/** `answers` are probabilities, in the order of `rows`. Throws BrokenModel for a row that was not computed. */
export const rowModel = (
  file: Pick<OnnxFile, "version" | "features" | "horizon_hours">,
  computed: { readonly rows: readonly FeatureRowValues[]; readonly answers: readonly number[] },
): RiskModel => {
  const answers = new Map(computed.rows.map((row, index) => [keyOf(row), computed.answers[index]]));
  const own = (features: RiskFeatures): number => {
    const row = keyOf(featureVector(features, file.features));
    const answer = answers.get(row);
    if (answer !== undefined) return answer;
    throw new SpotOptimizerError(
      "BrokenModel",
      `Risk model ${file.version} was not asked beforehand for ${row} (${file.features.join(", ")}).`,
      { resource: file.version },
    );
  };
  return {
    version: file.version,
    probability: (features, horizonHours) =>
      probabilityOver({ own, ownHours: file.horizon_hours, features, horizonHours }),
  };
};
