/** What the Kubernetes API shows of one PodDisruptionBudget. */
import type { Condition, LabelSelector } from "./object.ts";

export interface BudgetFacts {
  readonly namespace: string;
  readonly name: string;
  /** Absent: matches nothing. Empty: matches every pod of the namespace. */
  readonly selector?: LabelSelector;
  /** A number of pods, or a percentage such as `25%`, which is rounded up. */
  readonly minAvailable?: number | string;
  readonly maxUnavailable?: number | string;
  /** Absent: IfHealthyBudget. */
  readonly unhealthyPodEvictionPolicy?: string;
  readonly generation: number;
  /** Absent: its controller has not looked at it. */
  readonly observedGeneration?: number;
  readonly disruptionsAllowed: number;
  readonly currentHealthy: number;
  readonly desiredHealthy: number;
  readonly expectedPods: number;
  readonly conditions: readonly Condition[];
}
