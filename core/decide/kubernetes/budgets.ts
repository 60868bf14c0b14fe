/**
 * What PodDisruptionBudgets say of a pod: which match it, whether they will ever allow its eviction, and whether they do now. This refuses
 * early, paces and explains; the permission is the API's answer. Sources: Kubernetes, `pkg/registry/core/pod/storage/eviction.go`, and the
 * disruption controller.
 */
import type { BudgetFacts } from "../../model/kubernetes/budget.ts";
import { conditionOf, type Condition } from "../../model/kubernetes/object.ts";
import type { PodFacts } from "../../model/kubernetes/pod.ts";
import { counted } from "../offers/figures.ts";
import { selects } from "./pods/selector.ts";

/** `namespace/name` */
export const nameOfBudget = ({
  namespace,
  name,
}: Pick<BudgetFacts, "namespace" | "name">): string => `${namespace}/${name}`;

/** All whose selector matches it, in its namespace. */
export const budgetsOf = (
  pod: Pick<PodFacts, "namespace" | "labels">,
  budgets: readonly BudgetFacts[],
): readonly BudgetFacts[] =>
  budgets.filter(
    ({ namespace, selector }) => namespace === pod.namespace && selects(selector, pod.labels),
  );

export const isReady = (pod: Pick<PodFacts, "conditions">): boolean =>
  conditionOf(pod, "Ready")?.status === "True";

/** Pods that serve, counted by ourselves: the budget's status lies while its controller is behind. */
export const healthyPods = (
  { namespace, selector }: Pick<BudgetFacts, "namespace" | "selector">,
  pods: readonly PodFacts[],
): number =>
  pods.filter(
    (pod) =>
      pod.namespace === namespace &&
      selects(selector, pod.labels) &&
      pod.deletionTimestamp === undefined &&
      isReady(pod),
  ).length;

/** The API asks no budget for a pod that is Pending or over, nor for one that is not Ready where the budget's policy lets it go. */
export const asksBudget = (pod: PodFacts, budget: BudgetFacts): boolean => {
  if (pod.phase !== "Running" && pod.phase !== "Unknown") return false;
  if (isReady(pod)) return true;
  const { unhealthyPodEvictionPolicy, currentHealthy, desiredHealthy } = budget;
  if (unhealthyPodEvictionPolicy === "AlwaysAllow") return false;
  return !(currentHealthy >= desiredHealthy && desiredHealthy > 0);
};

const isPercentage = (value: number | string | undefined): value is string =>
  typeof value === "string" && value.endsWith("%");

const isNone = (value: number | string | undefined): boolean =>
  value !== undefined && Number(String(value).replace("%", "")) === 0;

/** `minAvailable 67%`, as it stands in the budget. */
const spelled = ({ minAvailable, maxUnavailable }: BudgetFacts): string =>
  maxUnavailable === undefined
    ? `minAvailable ${String(minAvailable ?? "unset")}`
    : `maxUnavailable ${String(maxUnavailable)}`;

/** Percentages are rounded up. @returns none where no number of pods is enough */
const podsNeeded = (minAvailable: number | string): number | undefined => {
  if (typeof minAvailable === "number") return minAvailable + 1;
  const share = Number(minAvailable.replace("%", ""));
  // Of 100 pods one percent is one.
  return Array.from({ length: 100 }, (_none, index) => index + 1).find(
    (count) => Math.ceil((share * count) / 100) < count,
  );
};

const whatHelps = ({ minAvailable }: BudgetFacts): string => {
  const needed = minAvailable === undefined ? undefined : podsNeeded(minAvailable);
  return needed === undefined
    ? "set its maxUnavailable to 1"
    : `run ${counted(needed, "pod")} of it, or set maxUnavailable to 1 instead`;
};

const disruptionAllowed = (budget: BudgetFacts): Condition | undefined =>
  conditionOf(budget, "DisruptionAllowed");

const isSyncFailing = (budget: BudgetFacts): boolean => {
  const condition = disruptionAllowed(budget);
  return condition?.status === "False" && condition.reason === "SyncFailed";
};

export interface BudgetBlock {
  /** What holds the pod, and what would help. */
  readonly sentence: string;
  /** RFC 3339 */
  readonly since?: string;
}

const whySyncFails = (budget: BudgetFacts): string | undefined => {
  if (!isSyncFailing(budget)) return undefined;
  const message = (disruptionAllowed(budget)?.message ?? "no message").replace(/\.$/, "");
  return `can't be reckoned by its controller (SyncFailed: ${message}), and allows nothing as long as that lasts: give it a whole number as minAvailable`;
};

const whyNothingCounts = (
  budget: BudgetFacts,
  { owner }: Pick<PodFacts, "owner">,
): string | undefined => {
  const isScaled = budget.maxUnavailable !== undefined || isPercentage(budget.minAvailable);
  return isScaled && budget.expectedPods === 0 && owner === undefined
    ? `has ${spelled(budget)}, which is reckoned from a controller's replicas, and this pod has no controller: give it a whole number as minAvailable`
    : undefined;
};

const whyTooMany = (budget: BudgetFacts): string | undefined => {
  const { desiredHealthy, expectedPods, generation, observedGeneration } = budget;
  if (isNone(budget.maxUnavailable)) {
    return `has ${spelled(budget)}, and never lets a pod go: ${whatHelps(budget)}`;
  }
  const isObserved = observedGeneration === generation;
  return isObserved && expectedPods > 0 && desiredHealthy >= expectedPods
    ? `has ${spelled(budget)}, and wants ${String(desiredHealthy)} of ${counted(expectedPods, "pod")} healthy, so that it never lets one go: ${whatHelps(budget)}`
    : undefined;
};

const sinceOf = (budget: BudgetFacts): Pick<BudgetBlock, "since"> => {
  const { status, lastTransitionTime: since } = disruptionAllowed(budget) ?? {};
  return status !== "False" || since === undefined ? {} : { since };
};

/** It will not change by waiting. */
export const neverAllows = (
  budget: BudgetFacts,
  pod: Pick<PodFacts, "owner">,
): BudgetBlock | undefined => {
  const why = whySyncFails(budget) ?? whyNothingCounts(budget, pod) ?? whyTooMany(budget);
  return why === undefined
    ? undefined
    : { sentence: `budget ${nameOfBudget(budget)} ${why}`, ...sinceOf(budget) };
};

/** Not now: more pods must be healthy first, or its controller must look at it. */
export const waitsFor = (
  budget: BudgetFacts,
  pods: readonly PodFacts[],
): BudgetBlock | undefined => {
  const { generation, observedGeneration, disruptionsAllowed, desiredHealthy } = budget;
  const name = `budget ${nameOfBudget(budget)}`;
  if (observedGeneration !== generation) {
    return {
      sentence: `${name} was changed, and its controller has not looked at it since`,
      ...sinceOf(budget),
    };
  }
  const healthy = healthyPods(budget, pods);
  const figures = `${String(healthy)} healthy, ${String(desiredHealthy)} wanted, ${spelled(budget)}`;
  return disruptionsAllowed > 0 && healthy > desiredHealthy
    ? undefined
    : { sentence: `${name} lets none go now (${figures})`, ...sinceOf(budget) };
};
