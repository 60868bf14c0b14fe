/** How far the drain of one node has come: what the next look needs to know and can't read from the cluster. Never a list of pods. */

/** What holds a pod on its node. */
export interface Blocker {
  readonly namespace: string;
  readonly pod: string;
  /** A `DrainCode`, or a reason code of pods. */
  readonly code: string;
  /** Names the pod, what holds it with its figures, and what would help. */
  readonly sentence: string;
  /** `namespace/name` of the budget. */
  readonly budget?: string;
  /** When it was first seen to hold this pod, ISO 8601. */
  readonly since: string;
  /** Its eviction is not tried again before. ISO 8601 */
  readonly retryAt?: string;
  /** Waiting does not help: its owner has to change something. */
  readonly isLasting?: true;
}

/** Why a pod is still on its node, beside the reasons for which it must not be evicted at all. */
export type DrainCode =
  /** Its budget allows none now: by its status, or by our own count of healthy pods. */
  | "BUDGET"
  /** The budget's controller has not looked at it since it was changed. */
  | "BUDGET_STALE"
  /** Nor for minutes. */
  | "BUDGET_CONTROLLER_DOWN"
  /** The controller can't count its pods: it never allows any. */
  | "BUDGET_SYNC_FAILED"
  | "SEVERAL_BUDGETS"
  /** Pods of the same workload are not Ready yet again, and no budget says how many may be missing. */
  | "WORKLOAD_NOT_READY"
  /** Its grace is not over. */
  | "TERMINATING"
  | "STUCK_TERMINATING"
  | "WEBHOOK_DENIES"
  | "WEBHOOK_UNAVAILABLE"
  | "NAMESPACE_TERMINATING"
  /** Another pod has its name by now: a disruption of its budget was spent for nothing, and returns after two minutes. */
  | "OTHER_POD"
  /** The server did not answer, or somebody wrote the pod meanwhile. */
  | "NO_ANSWER"
  | "REPLACEMENT_UNSCHEDULABLE"
  | "REPLACEMENT_NOT_CREATED";

/** A controller of which pods were evicted, in sums. */
export interface DrainedWorkload {
  /** `namespace/Kind/name`; of a Deployment all its ReplicaSets together. */
  readonly key: string;
  /** Evictions of its pods that were accepted. */
  readonly evicted: number;
  /** When the last one was. ISO 8601 */
  readonly evictedAt: string;
  /** Most pods seen that were made since the drain began; not more than were evicted. */
  readonly created: number;
  /** Most of these that were Ready, or a minute old. */
  readonly settled: number;
  /** Others need it to be made again: the next of its kind goes only once it is Ready. */
  readonly goesSingly?: true;
  /** Since when fewer were made than were evicted and are gone. ISO 8601 */
  readonly missingSince?: string;
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
  /** The longest grace of any of its pods so far. */
  readonly graceSeconds: number;
  /** Since when each look has found nothing left. ISO 8601 */
  readonly emptySince?: string;
  readonly workloads: readonly DrainedWorkload[];
  /** At most ten, the oldest first. */
  readonly blockers: readonly Blocker[];
}
