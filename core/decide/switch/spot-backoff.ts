/**
 * How long a load whose Spot Instance EC2 has taken is not put on Spot by itself: an hour, twice as long after each further loss, at most seven
 * days. What has stood on Spot for a day without a loss begins anew.
 */
import { hoursBetween } from "../../hours.ts";
import type { Loss } from "../../model/loss.ts";
import type { EvaluationId, TargetId } from "../../model/ids.ts";
import type { SpotBackoff } from "../../model/spot-backoff.ts";
import type { Verdict } from "../../model/verdict.ts";

const hourMs = 3_600_000;
const firstHours = 1;
const longestHours = 7 * 24;

/**
 * Of 1,986 stays in recorded pools (docs/backtest.md names the files) 88 % are lost within the next six hours at their beginning, 73 % after an
 * hour, 46 % after twelve and 21 % after a day: by then a loss no longer belongs to those before.
 */
const calmHours = 24;

interface LostNow {
  readonly targetId: TargetId;
  /** The recovery that has ended well. */
  readonly evaluationId: EvaluationId;
  readonly lost: Pick<Loss, "downSince" | "pool">;
  /** When it had come to where it was lost, ISO 8601. Absent: not known. */
  readonly since?: string;
  /** ISO 8601 */
  readonly recoveredAt: string;
}

/** @param before of the same target. Done twice for the same recovery it changes nothing. */
export const rememberLoss = (
  before: SpotBackoff | undefined,
  { targetId, evaluationId, lost, since, recoveredAt }: LostNow,
): SpotBackoff => {
  if (before?.evaluationId === evaluationId) return before;
  const { zoneId, instanceType, product } = lost.pool;
  const wasCalm = since !== undefined && hoursBetween(since, lost.downSince) >= calmHours;
  return {
    targetId,
    evaluationId,
    lostPool: { zoneId, instanceType, product },
    lostAt: lost.downSince,
    losses: before === undefined || wasCalm ? 1 : before.losses + 1,
    recoveredAt,
  };
};

/** ISO 8601 */
export const backoffUntil = ({
  losses,
  lostAt,
}: Pick<SpotBackoff, "losses" | "lostAt">): string => {
  // 2^10 hours are more than the longest already: no power overflows.
  const hours = Math.min(longestHours, firstHours * 2 ** Math.min(losses - 1, 10));
  return new Date(Date.parse(lostAt) + hours * hourMs).toISOString();
};

/** The last time that it was moved EC2 had taken it: what came then was not its owner's switch, and the back-off takes the place of the dwell time. */
export const isLastMoveRecovery = (
  backoff: SpotBackoff | undefined,
  lastSwitchAt: string | undefined,
): boolean => backoff !== undefined && backoff.recoveredAt === lastSwitchAt;

/** A move onto Spot that nobody asked for becomes a STAY while the back-off lasts. */
export const heldBackByLoss = (
  verdict: Verdict,
  {
    backoff,
    isAskedFor,
  }: { readonly backoff: SpotBackoff | undefined; readonly isAskedFor: boolean },
): Verdict => {
  if (verdict.kind !== "SWITCH" || backoff === undefined || isAskedFor) return verdict;
  const { savings: _ofASwitch, ...others } = verdict;
  const retryAt = backoffUntil(backoff);
  if (Date.parse(retryAt) <= Date.parse(verdict.judgedAt)) return verdict;
  const { lostAt, losses, lostPool } = backoff;
  return {
    ...others,
    kind: "STAY",
    reason: "WITHIN_BACK_OFF",
    sentence:
      `EC2 took its Spot Instance (${lostPool.instanceType} in ${lostPool.zoneId}) on ${lostAt}, ` +
      `${losses === 1 ? "after a day or more there" : `as the last of ${String(losses)} without a day there in between`}: it is put on Spot again by itself from ${retryAt} on, or when a person evaluates the target. Otherwise: ${verdict.sentence}`,
    offers: [],
    retryAt,
  };
};
