/** Says when a maintenance window is open and when it opens next, over the days on which the clocks change. */
import { datesIn } from "../../model/cron-days.ts";
import type { Cron } from "../../model/cron.ts";
import type { MaintenanceWindow } from "../../model/maintenance-window.ts";
import { firstAtOrAfter, firstShowings, wallClock } from "./wall-clock.ts";

/** From one instant to another, both in milliseconds since the epoch; the end is outside. */
export interface Opening {
  readonly opensAt: number;
  readonly closesAt: number;
}

type Weekly = Extract<MaintenanceWindow, { kind: "WEEKLY" }>;
type ByCron = Extract<MaintenanceWindow, { kind: "CRON" }>;

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

const midnightBefore = (timeZone: string, at: number): number =>
  Math.floor(wallClock(timeZone, at) / dayMs) * dayMs;

/**
 * One that opened yesterday may be open. One opens in each week, but for that in which the clocks leave out its hour: so the
 * next one is at most 14 days away.
 */
const aroundDays = Array.from({ length: 1 + 14 + 1 }, (_, index) => index - 1);

/** From and until are what the wall clock shows: in a night that is an hour longer or shorter, so is the window. */
const weeklyOpenings = (window: Weekly, at: number): readonly Opening[] => {
  const { days, fromMinute, untilMinute, timeZone } = window;
  const midnight = midnightBefore(timeZone, at);
  const nextDay = untilMinute <= fromMinute ? dayMs : 0;
  return aroundDays
    .map((day) => midnight + day * dayMs)
    .filter((day) => days.includes(new Date(day).getUTCDay()))
    .map((day) => ({
      opensAt: firstAtOrAfter(timeZone, day + fromMinute * minuteMs),
      closesAt: firstAtOrAfter(timeZone, day + untilMinute * minuteMs + nextDay),
    }))
    .filter(({ opensAt, closesAt }) => opensAt < closesAt);
};

/** Midnights, as if they were UTC, of the days that the expression names, from this one on. */
function* daysFrom({ days, months, years }: Cron, first: number): Generator<number> {
  const firstYear = new Date(first).getUTCFullYear();
  for (const year of years.filter((one) => one >= firstYear)) {
    for (const month of months) {
      for (const date of datesIn(days, year, month)) {
        const day = Date.UTC(year, month - 1, date);
        if (day >= first) yield day;
      }
    }
  }
}

/** As EventBridge Scheduler has it: a time that the clocks leave out is passed over, and one that comes twice counts once, the first time. */
const startsOn = ({ opens, timeZone }: ByCron, day: number): readonly number[] =>
  firstShowings(
    timeZone,
    opens.minutesOfDay.map((minute) => day + minute * minuteMs),
  );

/** The last that has opened by then, and the next: of those before the last none closes after it. */
const cronOpenings = (window: ByCron, at: number): readonly Opening[] => {
  const { opens, timeZone } = window;
  const durationMs = window.durationMinutes * minuteMs;
  const opening = (opensAt: number): Opening => ({ opensAt, closesAt: opensAt + durationMs });
  let last: number | undefined;
  // The day before too: the clock may have been put back over midnight.
  for (const day of daysFrom(opens, midnightBefore(timeZone, at - durationMs) - dayMs)) {
    const starts = startsOn(window, day);
    last = starts.findLast((start) => start <= at) ?? last;
    const next = starts.find((start) => start > at);
    if (next !== undefined) return [...(last === undefined ? [] : [last]), next].map(opening);
  }
  return last === undefined ? [] : [opening(last)];
};

/** Those that may be open then, and the next one where there is one. */
export const openingsAround = (window: MaintenanceWindow, at: number): readonly Opening[] =>
  window.kind === "CRON" ? cronOpenings(window, at) : weeklyOpenings(window, at);
