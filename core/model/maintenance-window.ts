/** Says how a weekly maintenance window is written: `Sun 02:00-04:00 Europe/Berlin`. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";

/** As they are written, in the order of `Date.getUTCDay`. */
const dayNames = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;

export interface MaintenanceWindow {
  /** Days on which it opens: 0 is Sunday. */
  readonly days: readonly number[];
  /** Minutes since midnight, on the wall clock of the zone. */
  readonly fromMinute: number;
  /** Not after `fromMinute`: on the day after. */
  readonly untilMinute: number;
  /** IANA name. */
  readonly timeZone: string;
}

/** The sweep comes every 15 minutes, and images are made before anything is stopped: a shorter window would be missed. */
const shortestMinutes = 60;

const minutesPerDay = 24 * 60;

const pattern =
  /^(?<days>daily|[A-Z][a-z]{2}(?:[-,][A-Z][a-z]{2})*) (?<from>\d{2}:\d{2})-(?<until>\d{2}:\d{2}) (?<zone>\S+)$/;

const minuteOf = (clock: string): number | undefined => {
  const [hour = NaN, minute = NaN] = clock.split(":").map(Number);
  return hour < 24 && minute < 60 ? hour * 60 + minute : undefined;
};

const dayOf = (name: string): number => dayNames.findIndex((day) => day === name);

/** `Mon-Fri` goes round the week: `Sat-Mon` is three days. */
const daysOfRange = (range: string): readonly number[] | undefined => {
  const [first = "", last = first, ...more] = range.split("-");
  const [from, to] = [dayOf(first), dayOf(last)];
  if (from < 0 || to < 0 || more.length > 0) return undefined;
  return Array.from({ length: ((to - from + 7) % 7) + 1 }, (_, index) => (from + index) % 7);
};

const daysOf = (text: string): readonly number[] | undefined => {
  if (text === "daily") return [0, 1, 2, 3, 4, 5, 6];
  const ranges = text.split(",").map(daysOfRange);
  const days = ranges.filter((range) => range !== undefined).flat();
  return ranges.includes(undefined) ? undefined : [...new Set(days)].sort();
};

const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat("en-GB", { timeZone: name }).format(0) !== "";
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
};

const lengthOf = (fromMinute: number, untilMinute: number): number =>
  ((untilMinute - fromMinute + minutesPerDay - 1) % minutesPerDay) + 1;

interface Spelled {
  readonly days: string;
  readonly from: string;
  readonly until: string;
  readonly zone: string;
}

const unread: Spelled = { days: "", from: "", until: "", zone: "" };

/** The window, or what is wrong with the text as the end of a sentence that begins with it. */
const readWindow = (text: string): MaintenanceWindow | string => {
  const spelled = (pattern.exec(text)?.groups as Spelled | undefined) ?? unread;
  const { zone: timeZone } = spelled;
  const days = daysOf(spelled.days);
  const [fromMinute, untilMinute] = [minuteOf(spelled.from), minuteOf(spelled.until)];
  if (days === undefined || fromMinute === undefined || untilMinute === undefined) {
    return "must be a window such as Sun 02:00-04:00 Europe/Berlin, Mon-Fri 22:00-02:00 UTC, Sat,Sun 01:00-05:00 UTC or daily 03:00-04:00 UTC";
  }
  if (!isTimeZone(timeZone)) {
    return "must name a time zone of the IANA database such as Europe/Berlin, or UTC";
  }
  if (lengthOf(fromMinute, untilMinute) < shortestMinutes) {
    return `must be at least ${String(shortestMinutes)} minutes long`;
  }
  return { days, fromMinute, untilMinute, timeZone };
};

/** Throws a TypeError for a text that the schema would not let pass. */
export const parseMaintenanceWindow = (text: string): MaintenanceWindow => {
  const read = readWindow(text);
  if (typeof read === "string") throw new TypeError(`${text} ${read}.`);
  return read;
};

export const maintenanceWindowSchema = atFirstUse(() =>
  z
    .string()
    .max(100)
    .check((context) => {
      const read = readWindow(context.value);
      if (typeof read !== "string") return;
      context.issues.push({ code: "custom", message: read, input: context.value });
    }),
);
