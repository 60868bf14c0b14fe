/** A target's month: the sum of its days. */
import type { LedgerDay, LedgerMonth } from "../model/ledger/day.ts";
import { addAllTerms } from "./terms.ts";

export const monthPattern = /^\d{4}-(0[1-9]|1[0-2])$/;

/** Of a day, or of an instant. */
export const monthOf = (day: string): string => day.slice(0, 7);

const sum = (days: readonly LedgerDay[], of: "wantedSeconds" | "downtimeSeconds"): number =>
  days.reduce((all, day) => all + day[of], 0);

/** @param days of one target and month; undefined without any */
export const sumMonth = (days: readonly LedgerDay[]): LedgerMonth | undefined => {
  const last = days.toSorted((one, other) => (one.day < other.day ? -1 : 1)).at(-1);
  if (last === undefined) return undefined;
  const { accountId, targetId, day } = last;
  const stated = days.map(({ statedAt }) => statedAt).toSorted();
  return {
    accountId,
    targetId,
    month: monthOf(day),
    days: days.length,
    isFinal: days.every(({ isFinal }) => isFinal),
    statedAt: stated.at(-1) ?? last.statedAt,
    terms: addAllTerms(days.map(({ terms }) => terms)),
    wantedSeconds: sum(days, "wantedSeconds"),
    downtimeSeconds: sum(days, "downtimeSeconds"),
    spotDriftNanoUsd: days.reduce((all, one) => all + one.spotDriftNanoUsd, 0n),
  };
};
