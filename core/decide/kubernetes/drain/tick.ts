/** What one tick of a drain remembers: one invocation, which looks and evicts several times. Never stored. */
import type { Blocker, DrainState } from "../../../model/kubernetes/drain.ts";

export interface TickMemory {
  /** ISO 8601 */
  readonly startedAt: string;
  /** Evictions that were sent. */
  readonly sent: number;
  /** Uids of pods whose eviction was accepted. */
  readonly accepted: readonly string[];
  /** What the API answered to evictions that were not accepted. */
  readonly refusals: readonly Blocker[];
  /** The server asked for a pause of everything until then. ISO 8601 */
  readonly pausedUntil?: string;
  /** How things stood at the last look, and since when. ISO 8601 */
  readonly print: string;
  readonly changedAt: string;
}

/** @param now ISO 8601 */
export const beginDrain = (now: string): DrainState => ({
  beganAt: now,
  progressAt: now,
  left: 0,
  evicted: 0,
  graceSeconds: 0,
  workloads: [],
  blockers: [],
});

/** What was to be tried later is tried later, though another invocation was told so. */
export const beginTick = ({ blockers }: DrainState, now: string): TickMemory => ({
  startedAt: now,
  sent: 0,
  accepted: [],
  refusals: blockers.filter(({ retryAt }) => retryAt !== undefined),
  print: "",
  changedAt: now,
});
