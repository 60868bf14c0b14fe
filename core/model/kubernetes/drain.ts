/** How far the drain of one node has come: what the next tick needs to know and can't read from the cluster. Never a list of pods. */

/** What holds a pod on its node. */
export interface Blocker {
  readonly namespace: string;
  readonly pod: string;
  /** `BUDGET`, `TERMINATING`, `WEBHOOK` …, see core/decide/kubernetes/drain. */
  readonly code: string;
  /** Names the pod, what holds it with its figures, and what would help. */
  readonly sentence: string;
  /** `namespace/name` of the budget. */
  readonly budget?: string;
  /** When it was first seen to hold this pod, ISO 8601. */
  readonly since: string;
}

export interface DrainState {
  /** When the node was cordoned, ISO 8601. */
  readonly beganAt: string;
  /** The last instant at which a pod was seen gone, or an eviction was accepted. ISO 8601 */
  readonly progressAt: string;
  /** Pods that stand in the way of "drained", at the last look. */
  readonly left: number;
  /** Evictions that were accepted. */
  readonly evicted: number;
  /** Looks in a row at which nothing was left. */
  readonly emptyLooks: number;
  /** At most ten, the oldest first. */
  readonly blockers: readonly Blocker[];
}
