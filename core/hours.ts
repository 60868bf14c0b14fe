/** Spans of time between facts, in hours. Core has no clock: both ends are given. */
import { SpotOptimizerError } from "./errors.ts";

const millisecondsPerHour = 3_600_000;

/** 365 days × 24 h ÷ 12: the month of AWS's own price examples, and of `Savings.monthlyUsd`. */
export const hoursPerMonth = 730;

const instant = (iso: string): number => {
  const milliseconds = Date.parse(iso);
  if (Number.isNaN(milliseconds)) {
    throw new SpotOptimizerError("BrokenFacts", `"${iso}" is not a time in ISO 8601.`);
  }
  return milliseconds;
};

/**
 * Hours from `earlier` to `later`, both ISO 8601. Never negative: a time that lies in the future is the skew of
 * somebody's clock, and counts as now. Throws BrokenFacts for what is not a time.
 */
export const hoursBetween = (earlier: string, later: string): number =>
  Math.max(0, (instant(later) - instant(earlier)) / millisecondsPerHour);
