/** What the steps of an evaluation saw of its subject in the course of time: a point for each look at which something had changed. */

/** How an Auto Scaling group stood at one look. */
export interface CapacityPoint {
  /** ISO 8601 */
  readonly at: string;
  /** Instances that its owner asks for: the desired capacity without what our attaches have added and our removals not taken off again. */
  readonly asked: number;
  /** As the group shows it: our surplus is in it. */
  readonly desired: number;
  /** Members that are InService and Healthy by the group alone. */
  readonly inService: number;
  /**
   * Members of these that run, are healthy in every target group without an override, and are not announced to be taken back. Absent: that
   * look asked the group alone, and neither EC2 nor balancers.
   */
  readonly serving?: number;
  /** Of those that serve, how many are on Spot. Absent with `serving`. */
  readonly servingOnSpot?: number;
  /** Of those that are asked for and do not serve, how many we have taken before their replacements had served. Absent: none. */
  readonly lackingByUs?: number;
}

/** How a PodDisruptionBudget stood at one look, by its own status. */
export interface BudgetPoint {
  /** ISO 8601 */
  readonly at: string;
  /** `namespace/name` */
  readonly name: string;
  /** Evictions that it allows now. */
  readonly allowed: number;
  /** Pods that are healthy, and how many must be. */
  readonly healthy: number;
  readonly needed: number;
}

export interface Course {
  /** Of a group, in order of time. */
  readonly capacity: readonly CapacityPoint[];
  /** Of budgets that protect pods of nodes that are replaced, in order of time. */
  readonly budgets: readonly BudgetPoint[];
  /** Points that were left out, for there were too many. Absent: none. */
  readonly leftOut?: number;
  /** Further budgets, of which no point is kept. Absent: none. */
  readonly budgetsLeftOut?: number;
}

/** Of an evaluation that has seen nothing yet. */
export const emptyCourse: Course = { capacity: [], budgets: [] };

/** What an invocation has seen: of each series in order of time. */
export type Sight = Partial<Pick<Course, "capacity" | "budgets">>;
