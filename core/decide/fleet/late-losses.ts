/**
 * Which of the Spot Instances that have gone from the inventory their pools took, by the status codes of their requests, of which of those no
 * event told, and which their pools had no part in. What its owner, his account or the account's own price ended says nothing of a pool, nor does what has no code.
 */
import type { InstanceId } from "../../model/ids.ts";
import type { SpotInstance } from "../../model/spot-instance.ts";
import { readSpotStatus, type RequestStatus, type TakenBy } from "../../model/spot-status.ts";
import { isUnderExperiment, type ExperimentTold } from "../../risk/experiments.ts";

export interface GoneInstance {
  readonly row: SpotInstance;
  readonly status: RequestStatus;
}

export interface FoundLoss {
  readonly row: SpotInstance;
  /** When its request got that status, which is when the notice was given. ISO 8601, never later than now. */
  readonly at: string;
  /** No event told of it. */
  readonly isLate: boolean;
}

/** Which warnings and experiments were told since that may have to do with them: the earliest of their times. */
export const earliestOf = (gone: readonly GoneInstance[], now: string): string =>
  gone.reduce(
    (earliest, { status: { since } }) =>
      since !== undefined && since < earliest ? since : earliest,
    now,
  );

interface Told {
  /** Instances of which a warning was told. */
  readonly warned: ReadonlySet<InstanceId>;
  readonly experiments: readonly ExperimentTold[];
  /** ISO 8601 */
  readonly now: string;
}

const innocent: ReadonlySet<TakenBy> = new Set([
  "PRICE",
  "SERVICE",
  "SCHEDULE",
  "EXPERIMENT",
  "LAUNCH_GROUP",
] satisfies TakenBy[]);

/**
 * A warning has no reason in it: of what the inventory knew the pool was held to blame until its request said otherwise. What somebody
 * ended within the notice, we perhaps, was the pool's to take all the same.
 */
export const notTheirPools = (gone: readonly GoneInstance[]): readonly SpotInstance[] =>
  gone.flatMap(({ row, status }) => {
    const standing = readSpotStatus(status.code);
    return standing.kind === "ANNOUNCED" && innocent.has(standing.by) ? [row] : [];
  });

export const foundLosses = (
  gone: readonly GoneInstance[],
  { warned, experiments, now }: Told,
): readonly FoundLoss[] =>
  gone.flatMap(({ row, status: { code, since = now } }) => {
    const standing = readSpotStatus(code);
    const at = since < now ? since : now;
    const isTaken = standing.kind === "ANNOUNCED" && standing.by === "POOL";
    return isTaken && !isUnderExperiment(experiments, at)
      ? [{ row, at, isLate: !warned.has(row.instanceId) }]
      : [];
  });
