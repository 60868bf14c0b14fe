/**
 * How many pods of a budget may be evicted now. The API gives the permission; this paces, and holds what it would grant wrongly: where the controller of
 * budgets is behind, their status still allows what has meanwhile been used up by a pod that crashed.
 */
import type { BudgetFacts } from "../../../model/kubernetes/budget.ts";
import type { PodFacts } from "../../../model/kubernetes/pod.ts";
import { healthyPods, waitsFor } from "../budgets.ts";

export interface BudgetRoom {
  /** At the beginning of the look. */
  readonly atFirst: number;
  readonly left: number;
  /** Why there was none, with figures. */
  readonly sentence: string;
  /** Its controller has not looked at what was changed last: the API answers that it is to be tried later. */
  readonly isStale: boolean;
}

const isStale = ({ generation, observedGeneration }: BudgetFacts): boolean =>
  observedGeneration !== generation;

/** @param accepted uids of pods whose eviction was accepted in this tick, and that a list may still show as before */
export const budgetRoom = (
  budget: BudgetFacts,
  pods: readonly PodFacts[],
  accepted: readonly string[],
): BudgetRoom => {
  const staying = pods.filter(({ uid }) => !accepted.includes(uid));
  const spare = healthyPods(budget, staying) - budget.desiredHealthy;
  const room = isStale(budget) ? 0 : Math.max(0, Math.min(budget.disruptionsAllowed, spare));
  const sentence = waitsFor(budget, staying)?.sentence ?? "";
  return { atFirst: room, left: room, sentence, isStale: isStale(budget) };
};
