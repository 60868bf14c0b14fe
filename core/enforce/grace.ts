/** The grace of a flagged instance: a day since its owner was told, and enough complete readings that showed it still so. */
import type { EnforcerPlace, Finding } from "../model/enforcer.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** A clock of a function may be so far off at either end. */
const clockErrorMs = 10 * minuteMs;

/** Tags come seconds to minutes after the launch, and a clock that is ahead makes an instance look older. */
const settleMs = 30 * minuteMs;

const graceMs = dayMs + clockErrorMs;

export const readingsNeeded = 20;

/** A place is read each hour, and looked at every five minutes: with one reading left out they are further apart than that. */
const consecutiveMs = 90 * minuteMs;

/** Two readings of one hour, by two runs at once or by a repeat, are one. */
const apartMs = 50 * minuteMs;

/** Between the last notice and the stop. */
const warningMs = hourMs + clockErrorMs;

/** A stop that was held up so long is told anew. */
const warningHoldsMs = 6 * hourMs;

/** In these only flags are made: per account, region and rules. */
const flagsOnlyMs = 7 * dayMs;

const since = (instant: string, now: Date): number => now.getTime() - Date.parse(instant);

/** Not flagged yet: whoever launches it may still be tagging it. */
export const isSettled = ({ launchedAt }: { readonly launchedAt: string }, now: Date): boolean =>
  since(launchedAt, now) >= settleMs;

/** One more complete reading that shows it running without an owner. */
export const countReading = (finding: Finding, now: Date): Finding => {
  const { lastDueAt, readings } = finding;
  if (lastDueAt !== undefined && since(lastDueAt, now) < apartMs) return finding;
  return {
    ...finding,
    readings: readings + 1,
    lastDueAt: now.toISOString(),
    ...(lastDueAt !== undefined && { dueBeforeAt: lastDueAt }),
  };
};

const isConsecutive = ({ lastDueAt, dueBeforeAt }: Finding, now: Date): boolean =>
  lastDueAt !== undefined &&
  dueBeforeAt !== undefined &&
  since(lastDueAt, now) <= consecutiveMs &&
  Date.parse(lastDueAt) - Date.parse(dueBeforeAt) <= consecutiveMs;

/** The end of a grace that begins now. ISO 8601 */
export const graceEndAfter = (begin: Date): string =>
  new Date(begin.getTime() + graceMs).toISOString();

/** From when on it may be warned of, as far as time alone says: since its owner was told, or in a dry run since its flag. ISO 8601 */
export const graceEndOf = ({ flagNotice, flaggedAt }: Finding): string =>
  graceEndAfter(new Date(flagNotice?.at ?? flaggedAt));

/** Its grace is over: hours, readings, and the last two of these in a row. */
export const isGraceOver = (finding: Finding, now: Date): boolean =>
  finding.flagNotice !== undefined &&
  now.getTime() >= Date.parse(graceEndOf(finding)) &&
  finding.readings >= readingsNeeded &&
  isConsecutive(finding, now);

/** NONE: it must be told, or told anew. */
export const warningOf = ({ warning }: Finding, now: Date): "NONE" | "RUNS" | "OVER" => {
  if (warning === undefined || since(warning.at, now) >= warningHoldsMs) return "NONE";
  return since(warning.at, now) >= warningMs ? "OVER" : "RUNS";
};

/** ISO 8601 */
export const flagsOnlyUntil = ({ watchingSince }: EnforcerPlace): string | undefined =>
  watchingSince === undefined
    ? undefined
    : new Date(Date.parse(watchingSince) + flagsOnlyMs).toISOString();

/** A grace that begins anew, with nothing of the former one. */
export const restarted = (finding: Finding, now: Date): Finding => {
  const { accountId, region, instanceId, instanceType, imageId, state, launchedAt } = finding;
  const { verdict, effects, firstSeenAt } = finding;
  return {
    ...{ accountId, region, instanceId, instanceType, imageId, state, launchedAt },
    ...{ verdict, effects, firstSeenAt },
    status: "FLAGGED",
    flaggedAt: now.toISOString(),
    readings: 0,
  };
};
