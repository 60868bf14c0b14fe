/**
 * When the janitor tries again what is due and could not be done: ever more rarely, for each try costs calls and a record, and what has stood in the way
 * for days rarely goes within the half-hour (safety: what failed without a downtime is tried again with growing back-off).
 */
import type { DueKind } from "../../model/intent.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** The janitor comes every five minutes; what is looked at may be a minute from passing, and AWS shows it a moment later. */
const shortestMs = 30 * minuteMs;

/** Of how long it has been due already: what is done late is late by a quarter at most. */
const share = 0.25;

/** A stopped original, an image, an empty group: nobody is hindered by them, and they cost cents a day. */
const longestMs = 6 * hourMs;

/** Kinds that can't wait so long, each with the reason. */
const sooner: Readonly<Partial<Record<DueKind, number>>> = {
  // Held capacity costs the On-Demand price of the original for each hour until its end date.
  RESERVE_CAPACITY: shortestMs,
  // Its owner's deployments wait an hour for a protected member, and fail then.
  HOLD_MEMBERS: hourMs,
  PROTECT_MEMBERS: hourMs,
  // What stands in the way, more members than the old maximum or zones that differ, may go for an hour or two a night alone; and until then a
  // policy can take more than its owner has allowed, and what an interruption took from a zone is not balanced.
  RAISE_MAX: hourMs,
  SUSPEND_AZ_REBALANCE: hourMs,
  // Its owner pays for a node that takes no pods, or that his autoscaler must not end.
  CORDON_NODE: hourMs,
  HOLD_NODE: hourMs,
  KEEP_NODE: hourMs,
};

/** ISO 8601. `dueAt`: since when it is to be done. */
export const nextTry = (
  { kind, dueAt }: { readonly kind: DueKind; readonly dueAt: string },
  now: Date,
): string => {
  const grown = (now.getTime() - Date.parse(dueAt)) * share;
  const delay = Math.min(Math.max(grown, shortestMs), sooner[kind] ?? longestMs);
  return new Date(now.getTime() + delay).toISOString();
};

/** Of what waits for an answer that is under way: the longer it stands, the less it says. */
export const nextAnswer = (now: Date): string => new Date(now.getTime() + shortestMs).toISOString();
