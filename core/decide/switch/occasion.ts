/**
 * May a switch that is worth it be made at this time? Freezes of the account, the target's maintenance windows, and what the
 * load was down for already. A recovery after an interruption and an undo never ask.
 */
import type { Account } from "../../model/account.ts";
import { nameOfWindow } from "../../model/maintenance-window.ts";
import type { Downtime, Target } from "../../model/target.ts";
import { callsForAction, type Postponement, type Verdict } from "../../model/verdict.ts";
import { limitName } from "../../policy/limit-name.ts";
import type { Policy } from "../../policy/policy.ts";
import { standingOfWindows, type NextOpening } from "./maintenance.ts";

export interface OccasionInput {
  readonly account: Pick<Account, "accountId" | "freezes">;
  readonly target: Pick<Target, "targetId" | "downtimes">;
  readonly policy: Pick<Policy, "maintenanceWindows" | "maxDowntimeMinutesPer_30Days">;
  /** Downtime that the switch is likely to take; 0 where the load serves throughout. */
  readonly expectedSeconds: number;
  /** ISO 8601 */
  readonly at: string;
}

type Answer = Postponement | undefined;

const dayMs = 24 * 3_600_000;
const budgetMs = 30 * dayMs;

const minutesOf = (seconds: number): string => `${String(Math.ceil(seconds / 6) / 10)} min`;

const judgeFreezes = ({ account, at }: OccasionInput): Answer => {
  const now = Date.parse(at);
  const frozen = (account.freezes ?? [])
    .filter(({ from, until }) => Date.parse(from) <= now && now < Date.parse(until))
    .toSorted((one, other) => Date.parse(other.until) - Date.parse(one.until));
  const [longest] = frozen;
  if (longest === undefined) return undefined;
  const retryAt = new Date(longest.until).toISOString();
  return {
    reason: "FROZEN",
    sentence: `Nothing is switched in account ${account.accountId} until ${retryAt}: ${longest.reason}`,
    retryAt,
  };
};

const outside = (input: OccasionInput, next: NextOpening | undefined): Postponement => {
  const { target, policy } = input;
  const none = `No maintenance window of target ${target.targetId} is open`;
  if (next === undefined) {
    const names = policy.maintenanceWindows.map(nameOfWindow).join("; ");
    const sentence = `${none}, and none will open again: change ${limitName("maintenanceWindows")} (${names}).`;
    return { reason: "OUTSIDE_WINDOW", sentence };
  }
  return {
    reason: "OUTSIDE_WINDOW",
    sentence: `${none}; the next, ${next.window}, opens at ${next.opensAt}.`,
    retryAt: next.opensAt,
  };
};

/** An open window must have room for the downtime: it would end after the window else. */
const judgeWindows = (input: OccasionInput): Answer => {
  const { policy, expectedSeconds, at } = input;
  const now = standingOfWindows(policy.maintenanceWindows, at);
  if (now.kind === "ANY_TIME") return undefined;
  if (now.kind === "CLOSED") return outside(input, now.next);
  const room = (Date.parse(now.closesAt) - Date.parse(at)) / 1000;
  if (expectedSeconds <= room) return undefined;
  const after = standingOfWindows(policy.maintenanceWindows, now.closesAt);
  const retryAt = after.kind === "CLOSED" ? after.next?.opensAt : undefined;
  return {
    reason: "OUTSIDE_WINDOW",
    sentence:
      `The maintenance window of target ${input.target.targetId} closes at ${now.closesAt}, and a downtime of ` +
      `${minutesOf(expectedSeconds)} no longer fits in.`,
    ...(retryAt === undefined ? {} : { retryAt }),
  };
};

/** Those that count on a day: the others are forgotten. */
export const recentDowntimes = (
  downtimes: readonly Downtime[] | undefined,
  at: string,
): readonly Downtime[] =>
  (downtimes ?? []).filter((one) => Date.parse(at) - Date.parse(one.at) < budgetMs);

const secondsOf = (downtimes: readonly Downtime[]): number =>
  downtimes.reduce((sum, { seconds }) => sum + seconds, 0);

/** When enough of the oldest are 30 days old; undefined when the budget is too small for any switch. */
const budgetFreeAt = (downtimes: readonly Downtime[], secondsFree: number): string | undefined => {
  const inOrder = downtimes.toSorted((one, other) => (one.at < other.at ? -1 : 1));
  const last = inOrder.find((_, index) => secondsOf(inOrder.slice(index + 1)) <= secondsFree);
  return secondsFree < 0 || last === undefined
    ? undefined
    : new Date(Date.parse(last.at) + budgetMs).toISOString();
};

const judgeBudget = ({ target, policy, expectedSeconds, at }: OccasionInput): Answer => {
  if (expectedSeconds === 0) return undefined;
  const recent = recentDowntimes(target.downtimes, at);
  const budget = policy.maxDowntimeMinutesPer_30Days * 60;
  const used = secondsOf(recent);
  if (used + expectedSeconds <= budget) return undefined;
  const retryAt = budgetFreeAt(recent, budget - expectedSeconds);
  return {
    reason: "DOWNTIME_BUDGET",
    sentence:
      `Target ${target.targetId} was down for ${minutesOf(used)} in the last 30 days, and a switch is expected to take ` +
      `${minutesOf(expectedSeconds)}: together more than ${limitName("maxDowntimeMinutesPer_30Days")} ` +
      `(${String(policy.maxDowntimeMinutesPer_30Days)}) allows` +
      (retryAt === undefined ? ". Raise it, or no switch is ever made." : ` before ${retryAt}.`),
    ...(retryAt === undefined ? {} : { retryAt }),
  };
};

/** Undefined when now will do. */
export const judgeOccasion = (input: OccasionInput): Postponement | undefined =>
  judgeFreezes(input) ?? judgeWindows(input) ?? judgeBudget(input);

/** A SWITCH, or a way back, at the wrong time is a STAY; its pools are told no more, and the offers keep what was found. */
export const heldBack = (verdict: Verdict, input: Omit<OccasionInput, "at">): Verdict => {
  if (!callsForAction(verdict)) return verdict;
  const postponed = judgeOccasion({ ...input, at: verdict.judgedAt });
  if (postponed === undefined) return verdict;
  const { savings: _given, sentence, ...rest } = verdict;
  return {
    ...rest,
    kind: "STAY",
    offers: [],
    ...postponed,
    sentence: `${postponed.sentence} Worth it then: ${sentence}`,
  };
};
