/**
 * Reckons with weekly maintenance windows: is one open, until when, and when does the next one open? On the wall clock of the
 * window's own time zone, so that a window stays at two o'clock when the clocks change.
 */
import { parseMaintenanceWindow, type MaintenanceWindow } from "../../model/maintenance-window.ts";

/** From one instant to another, both in milliseconds since the epoch; the end is outside. */
interface Opening {
  readonly opensAt: number;
  readonly closesAt: number;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Making one costs a thousand times what asking it does. */
const clockOf = (timeZone: string): Intl.DateTimeFormat => {
  const clock =
    clocks.get(timeZone) ??
    new Intl.DateTimeFormat("en-GB", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
    });
  clocks.set(timeZone, clock);
  return clock;
};

/** What the wall clock shows then, as if it were UTC. Whole minutes: no zone is off by seconds today. */
const wallClock = (timeZone: string, instant: number): number => {
  const parts = new Map(
    clockOf(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const of = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? NaN;
  return Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"));
};

const offsetMs = (timeZone: string, instant: number): number =>
  wallClock(timeZone, instant) - Math.floor(instant / minuteMs) * minuteMs;

/**
 * When the wall clock shows this. The second try counts with the offset that holds there: of an hour that comes twice it
 * takes one, and of an hour that is left out an instant beside it.
 */
const instantOf = (timeZone: string, wall: number): number =>
  wall - offsetMs(timeZone, wall - offsetMs(timeZone, wall));

/**
 * One that opened yesterday may be open. One opens in each week, but for that in which the clocks leave out its hour: so the
 * next one is at most 14 days away.
 */
const aroundDays = Array.from({ length: 1 + 14 + 1 }, (_, index) => index - 1);

const openingsOf = (window: MaintenanceWindow, at: number): readonly Opening[] => {
  const { days, fromMinute, untilMinute, timeZone } = window;
  const midnight = Math.floor(wallClock(timeZone, at) / dayMs) * dayMs;
  return aroundDays
    .map((day) => midnight + day * dayMs)
    .filter((day) => days.includes(new Date(day).getUTCDay()))
    .map((day) => ({
      opensAt: instantOf(timeZone, day + fromMinute * minuteMs),
      closesAt: instantOf(
        timeZone,
        day + untilMinute * minuteMs + (untilMinute <= fromMinute ? dayMs : 0),
      ),
    }))
    .filter(({ opensAt, closesAt }) => opensAt < closesAt);
};

export type WindowStanding =
  /** No window is set: any time will do. */
  | { readonly kind: "ANY_TIME" }
  /** ISO 8601 */
  | { readonly kind: "OPEN"; readonly closesAt: string }
  /** `window` as the owner wrote it; `opensAt` ISO 8601. */
  | { readonly kind: "CLOSED"; readonly window: string; readonly opensAt: string };

const iso = (instant: number): string => new Date(instant).toISOString();

/**
 * Windows that meet or overlap are not joined: the latest end counts of those that are open. Throws a TypeError for a window
 * that the policy's schema does not let pass.
 */
export const standingOfWindows = (windows: readonly string[], at: string): WindowStanding => {
  if (windows.length === 0) return { kind: "ANY_TIME" };
  const now = Date.parse(at);
  const openings = windows
    .flatMap((window) =>
      openingsOf(parseMaintenanceWindow(window), now).map((opening) => ({ window, ...opening })),
    )
    .toSorted((one, other) => one.opensAt - other.opensAt);
  const open = openings.filter(({ opensAt, closesAt }) => opensAt <= now && now < closesAt);
  if (open.length > 0) {
    return { kind: "OPEN", closesAt: iso(Math.max(...open.map(({ closesAt }) => closesAt))) };
  }
  const next = openings.find(({ opensAt }) => opensAt > now);
  if (next === undefined) throw new TypeError(`${windows.join(", ")} never opens.`);
  return { kind: "CLOSED", window: next.window, opensAt: iso(next.opensAt) };
};
