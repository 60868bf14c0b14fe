/**
 * Says how a maintenance window is written: weekly, as `Sun 02:00-04:00 Europe/Berlin`, or as a cron expression that says when it
 * opens, with a duration and a time zone.
 */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";
import { readCron, type Cron } from "./cron.ts";

/** As they are written, in the order of `Date.getUTCDay`. */
const dayNames = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;

/** IANA name. */
interface InTimeZone {
  readonly timeZone: string;
}

interface WeeklyWindow extends InTimeZone {
  readonly kind: "WEEKLY";
  /** Days on which it opens: 0 is Sunday. */
  readonly days: readonly number[];
  /** Minutes since midnight, on the wall clock of the zone. */
  readonly fromMinute: number;
  /** Not after `fromMinute`: on the day after. */
  readonly untilMinute: number;
}

interface CronWindow extends InTimeZone {
  readonly kind: "CRON";
  /** When it opens, on the wall clock of the zone. */
  readonly opens: Cron;
  /** By the clock that runs on, also when the wall clock changes. */
  readonly durationMinutes: number;
}

export type MaintenanceWindow = WeeklyWindow | CronWindow;

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

const noTimeZone = "must name a time zone of the IANA database such as Europe/Berlin, or UTC";
const tooShort = `must be at least ${String(shortestMinutes)} minutes long`;

/** The window, or what is wrong with the text as the end of a sentence that begins with it. */
const readWeekly = (text: string): WeeklyWindow | string => {
  const spelled = (pattern.exec(text)?.groups as Spelled | undefined) ?? unread;
  const { zone: timeZone } = spelled;
  const days = daysOf(spelled.days);
  const [fromMinute, untilMinute] = [minuteOf(spelled.from), minuteOf(spelled.until)];
  if (days === undefined || fromMinute === undefined || untilMinute === undefined) {
    return "must be a window such as Sun 02:00-04:00 Europe/Berlin, Mon-Fri 22:00-02:00 UTC, Sat,Sun 01:00-05:00 UTC or daily 03:00-04:00 UTC";
  }
  if (!isTimeZone(timeZone)) return noTimeZone;
  if (lengthOf(fromMinute, untilMinute) < shortestMinutes) return tooShort;
  return { kind: "WEEKLY", days, fromMinute, untilMinute, timeZone };
};

const durationPattern = /^(?=\d)(?:(?<hours>\d{1,3})h)?(?:(?<minutes>\d{1,5})m)?$/;

/** A week: who wants more wants any time. */
const longestMinutes = 7 * minutesPerDay;

/** Minutes of a text such as 2h, 90m or 1h30m; or what is wrong with it. */
const readDuration = (text: string): number | string => {
  const spelled = durationPattern.exec(text)?.groups;
  if (spelled === undefined) return "must be a duration such as 2h, 90m or 1h30m";
  const { hours = "0", minutes = "0" } = spelled;
  const length = Number(hours) * 60 + Number(minutes);
  if (length < shortestMinutes) return tooShort;
  return length <= longestMinutes ? length : "must be at most 168h long, which is a week";
};

/** A text that this reads; where it returns text, that is said of it. */
const readBy = (read: (text: string) => unknown) =>
  z
    .string()
    .max(100)
    .check((context) => {
      const message = read(context.value);
      if (typeof message !== "string") return;
      context.issues.push({ code: "custom", message, input: context.value });
    });

/** Field names are single words: the API and the core spell them alike. */
const cronWindowSchema = atFirstUse(() =>
  z.strictObject({
    cron: readBy(readCron).meta({
      description:
        "When it opens: six fields as at EventBridge and Systems Manager, or five as in a crontab and at Karpenter.",
      examples: ["0 2 ? * SUN *", "0 2 * * SUN", "0 22 ? * TUE#2 *"],
    }),
    duration: readBy(readDuration).meta({
      description: "How long it stays open, from 1h to 168h.",
      examples: ["2h", "90m", "1h30m"],
    }),
    timezone: readBy((name) => isTimeZone(name) || noTimeZone).meta({
      description: "Name in the IANA database, by whose wall clock it opens.",
      examples: ["Europe/Berlin", "UTC"],
    }),
  }),
);

/** As the owner wrote it. */
export type WrittenWindow = string | Readonly<z.infer<ReturnType<typeof cronWindowSchema>>>;

export const maintenanceWindowSchema = atFirstUse(() =>
  z.union([readBy(readWeekly), cronWindowSchema()]),
);

/** As sentences name it. */
export const nameOfWindow = (window: WrittenWindow): string =>
  typeof window === "string" ? window : `${window.cron} for ${window.duration} ${window.timezone}`;

const readWindow = (window: WrittenWindow): MaintenanceWindow | string => {
  if (typeof window === "string") return readWeekly(window);
  const [opens, durationMinutes] = [readCron(window.cron), readDuration(window.duration)];
  if (typeof opens === "string") return opens;
  if (typeof durationMinutes === "string") return durationMinutes;
  return { kind: "CRON", opens, durationMinutes, timeZone: window.timezone };
};

/** Throws a TypeError for one that the schema would not let pass. */
export const parseMaintenanceWindow = (window: WrittenWindow): MaintenanceWindow => {
  const read = readWindow(window);
  if (typeof read === "string") throw new TypeError(`${nameOfWindow(window)} ${read}.`);
  return read;
};
