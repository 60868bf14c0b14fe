/** Says whether a selector matches labels, as Kubernetes reads it. Source: Kubernetes, "Labels and Selectors"; apimachinery, `LabelSelectorAsSelector`. */
import type { LabelSelector, Labels, Requirement } from "../../../model/kubernetes/object.ts";

const holds = (labels: Labels, { key, operator, values = [] }: Requirement): boolean => {
  const value = labels[key];
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    // What does not have the label is not in any set of its values.
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return false;
  }
};

/** All of it. An absent selector matches nothing, an empty one everything. */
export const selects = (selector: LabelSelector | undefined, labels: Labels): boolean =>
  selector !== undefined &&
  Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value) &&
  (selector.matchExpressions ?? []).every((requirement) => holds(labels, requirement));

const number = (text: string | undefined): number => (text === undefined ? NaN : Number(text));

/** Of nodes, whose selectors compare numbers too. */
export const meetsNodeRequirement = (requirement: Requirement, labels: Labels): boolean => {
  const { key, operator, values = [] } = requirement;
  switch (operator) {
    case "Gt":
      return number(labels[key]) > number(values[0]);
    case "Lt":
      return number(labels[key]) < number(values[0]);
    default:
      return holds(labels, requirement);
  }
};
