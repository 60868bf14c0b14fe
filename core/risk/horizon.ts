/**
 * From a model's own horizon to the policy's. A model answers for h hours; over H hours the pool survives h hours
 * again and again, each time with features that have aged: 1 − Π(1 − p(features after k·h)). What is left of
 * the last step counts by exponent, as if its hazard were even.
 */
import { ageFeatures } from "./feature-vector.ts";
import type { RiskFeatures } from "./model.ts";

/** What is computed beforehand and what is asked must be counted alike, to the last bit of a fraction. */
const stepsIn = (ownHours: number, horizonHours: number): number =>
  Math.ceil(horizonHours / ownHours);

/** The features at the beginning of each step of `ownHours` (> 0) within `horizonHours` (> 0). */
export const featuresByStep = (
  features: RiskFeatures,
  ownHours: number,
  horizonHours: number,
): readonly RiskFeatures[] =>
  Array.from({ length: stepsIn(ownHours, horizonHours) }, (_, step) =>
    step === 0 ? features : ageFeatures(features, step * ownHours),
  );

/** Chance within a fraction of the step, 0…1, at an even hazard. */
const withinFraction = (probability: number, fraction: number): number =>
  fraction >= 1 ? probability : -Math.expm1(fraction * Math.log1p(-probability));

/** `ownAt` is asked for the beginning of each step, in hours from now, and gives 0…1 for `ownHours`. */
export const chainedProbability = (
  ownAt: (hoursLater: number) => number,
  ownHours: number,
  horizonHours: number,
): number => {
  let lost = 0;
  for (let step = 0; step < stepsIn(ownHours, horizonHours); step += 1) {
    const fraction = horizonHours / ownHours - step;
    lost += (1 - lost) * withinFraction(ownAt(step * ownHours), fraction);
  }
  return Math.min(1, lost);
};

/** Rises with `horizonHours`; at `ownHours` it is what `own` says. `own` gives 0…1 for `ownHours`. */
export const probabilityOver = (input: {
  readonly own: (features: RiskFeatures) => number;
  readonly ownHours: number;
  readonly features: RiskFeatures;
  readonly horizonHours: number;
}): number => {
  const { own, ownHours, features, horizonHours } = input;
  return chainedProbability(
    (hoursLater) => own(hoursLater === 0 ? features : ageFeatures(features, hoursLater)),
    ownHours,
    horizonHours,
  );
};
