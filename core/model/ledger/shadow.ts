/** What a target's verdicts in shadow mode would have come to in a month, each scored once its horizon was over. Amounts are whole billionths of a US dollar. */
import type { AccountId, TargetId } from "../ids.ts";

/** Why a verdict, or one member of a group that it sends elsewhere, has no score. */
export const unscoredReasons = [
  /** Of a group or of nodes, judged by a release that did not write down which of them was to go where. */
  "NOT_ONE_INSTANCE",
  /** It stood on Spot already, or was to go back: what its owner paid On-Demand does not tell what that would have saved. */
  "NOT_FROM_ON_DEMAND",
  /** Facts or offers of the evaluation are no longer there. */
  "FACTS_MISSING",
  /** What the pool or the owner's type cost is not known for all of the horizon. */
  "NO_PRICE",
] as const;
export type UnscoredReason = (typeof unscoredReasons)[number];

export const shadowAmounts = [
  /** At the upper end of the chance of a loss, its likely value, its lower end. */
  "lowNanoUsd",
  "likelyNanoUsd",
  "highNanoUsd",
  /** Of each verdict the likelier of its two outcomes. */
  "medianNanoUsd",
  /** By so much the best of the offers would have saved more. */
  "regretToBestNanoUsd",
  /** By so much staying would have cost less. */
  "regretToStayNanoUsd",
] as const;
export type ShadowAmount = (typeof shadowAmounts)[number];

export const shadowCounts = [
  /** Verdicts on an instance; of a group or of nodes each that was to go. */
  "decisions",
  "hours",
  /** In which an instance of a PROD account really ran in the very pool. */
  "exposedHours",
  /** Verdicts of which it is known whether the pool was lost, how many were, and the sum of (predicted − came)². */
  "known",
  "lost",
  "squaredErrors",
] as const;
export type ShadowCount = (typeof shadowCounts)[number];

export type ShadowSums = Readonly<Record<ShadowAmount, bigint> & Record<ShadowCount, number>>;

export interface ShadowMonth {
  readonly accountId: AccountId;
  readonly targetId: TargetId;
  /** `2026-11`, UTC */
  readonly month: string;
  /** When the horizon of the last one ended, ISO 8601: a verdict before that changes nothing, it stands there already. */
  readonly until: string;
  /** Of pools in which an instance was launched for a target within an hour of the verdict: there was capacity. */
  readonly proven: ShadowSums;
  /** Of the others: nobody knows whether there was any. Not in the headline. */
  readonly unproven: ShadowSums;
  readonly unscored: Readonly<Record<UnscoredReason, number>>;
}
