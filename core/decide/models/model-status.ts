/** Which way may a registered model go? candidate → graduated → archived; archived is the end. */
import type { StoredModel } from "../../model/risk-model.ts";

export type StatusVerdict =
  | { readonly kind: "CHANGE" }
  /** It is there already: the request is repeated. */
  | { readonly kind: "UNCHANGED" }
  | { readonly kind: "REFUSED"; readonly sentence: string };

/** The Brier score of saying the base rate each time: what a model must beat to know anything. */
const baseRateBrier = (baseRate: number): number => baseRate * (1 - baseRate);

/** Four digits: scores of good models differ in the third. */
const figure = (value: number): string => value.toFixed(4);

/** `isForced`: although the model doesn't beat the base rate. Without metrics nothing can be forced. */
export const judgeGraduation = (
  { version, status, metrics }: StoredModel,
  isForced: boolean,
): StatusVerdict => {
  if (status === "graduated") return { kind: "UNCHANGED" };
  if (status === "archived") {
    const sentence = `Risk model ${version} is archived: register it under a new version.`;
    return { kind: "REFUSED", sentence };
  }
  if (metrics === undefined) {
    const sentence = `The file of risk model ${version} has no metrics: register it with them, under a new version.`;
    return { kind: "REFUSED", sentence };
  }
  const baseline = baseRateBrier(metrics.base_rate);
  if (metrics.brier < baseline || isForced) return { kind: "CHANGE" };
  return {
    kind: "REFUSED",
    sentence: `Risk model ${version} has a Brier score of ${figure(metrics.brier)}; always saying the base rate of ${figure(metrics.base_rate)} gives ${figure(baseline)}, which is no worse. Set force to graduate it all the same.`,
  };
};

export const judgeRejection = ({ status }: StoredModel): StatusVerdict =>
  status === "archived" ? { kind: "UNCHANGED" } : { kind: "CHANGE" };
