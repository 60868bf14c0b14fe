/**
 * When a scheduled action of a group comes next, within a short time. Source: EC2 Auto Scaling user guide, "Recurring schedules": five
 * fields, names of days and months, and a time zone of the IANA database.
 */

const minuteMs = 60_000;

interface Field {
  readonly from: number;
  readonly to: number;
  readonly names?: readonly string[];
}

const minute: Field = { from: 0, to: 59 };
const hour: Field = { from: 0, to: 23 };
const dayOfMonth: Field = { from: 1, to: 31 };
const month: Field = {
  from: 1,
  to: 12,
  names: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
};
const dayOfWeek: Field = {
  from: 0,
  to: 7,
  names: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
};

const valueOf = (text: string, { from, to, names = [] }: Field): number | undefined => {
  const index = names.indexOf(text.toUpperCase());
  const value = index < 0 ? Number(text) : index + from;
  return text !== "" && Number.isInteger(value) && value >= from && value <= to ? value : undefined;
};

interface Span {
  readonly from: number;
  readonly to: number;
}

/** `*`, `5` or `1-5`; one number with a step, `5/15`, goes on to the end. */
const spanOf = (text: string, field: Field, hasStep: boolean): Span | undefined => {
  if (text === "*") return field;
  const [first = "", last, ...others] = text.split("-");
  const from = valueOf(first, field);
  const only = hasStep ? field.to : from;
  const to = last === undefined ? only : valueOf(last, field);
  const isSpan = from !== undefined && to !== undefined && from <= to && others.length === 0;
  return isSpan ? { from, to } : undefined;
};

/** A span, with `/2` every second of it. Undefined: it can't be read. */
const valuesOfPart = (part: string, field: Field): readonly number[] | undefined => {
  const [text = "", step, ...more] = part.split("/");
  const span = spanOf(text, field, step !== undefined);
  const every = Number(step ?? 1);
  if (span === undefined || !Number.isInteger(every) || every < 1 || more.length > 0) {
    return undefined;
  }
  return Array.from(
    { length: Math.floor((span.to - span.from) / every) + 1 },
    (_, index) => span.from + index * every,
  );
};

const valuesOf = (text: string, field: Field): ReadonlySet<number> | undefined => {
  const parts = text.split(",").map((part) => valuesOfPart(part, field));
  const known = parts.filter((part) => part !== undefined);
  return known.length < parts.length ? undefined : new Set(known.flat());
};

interface Cron {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
  /** Where both are given, either will do, as in crontab(5). */
  readonly isEitherDay: boolean;
}

const readCron = (text: string): Cron | undefined => {
  const fields = text.trim().split(/\s+/);
  const [minutes, hours, days, months, weekdays] = [minute, hour, dayOfMonth, month, dayOfWeek].map(
    (field, index) => valuesOf(fields[index] ?? "", field),
  );
  if (fields.length !== 5 || !minutes || !hours || !days || !months || !weekdays) return undefined;
  return {
    minutes,
    hours,
    days,
    months,
    weekdays: new Set([...weekdays].map((day) => day % 7)),
    isEitherDay: fields[2] !== "*" && fields[4] !== "*",
  };
};

const clockOf = (timeZone: string): ((instant: number) => Date) => {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  });
  return (instant) => {
    const parts = new Map(
      format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]),
    );
    const of = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? NaN;
    return new Date(Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute")));
  };
};

const matches = (cron: Cron, wall: Date): boolean => {
  const isDay = cron.days.has(wall.getUTCDate());
  const isWeekday = cron.weekdays.has(wall.getUTCDay());
  return (
    cron.minutes.has(wall.getUTCMinutes()) &&
    cron.hours.has(wall.getUTCHours()) &&
    cron.months.has(wall.getUTCMonth() + 1) &&
    (cron.isEitherDay ? isDay || isWeekday : isDay && isWeekday)
  );
};

export type NextRun =
  { readonly kind: "AT"; readonly at: string } | { readonly kind: "NONE" | "UNREADABLE" };

/** The first time within the span, both ends included. `UNREADABLE`: nobody knows. */
export const nextRun = (
  { recurrence, timeZone = "UTC" }: { readonly recurrence: string; readonly timeZone?: string },
  { from, until }: { readonly from: string; readonly until: string },
): NextRun => {
  const cron = readCron(recurrence);
  if (cron === undefined) return { kind: "UNREADABLE" };
  const wallClock = clockOf(timeZone);
  const end = Date.parse(until);
  for (let at = Math.ceil(Date.parse(from) / minuteMs) * minuteMs; at <= end; at += minuteMs) {
    if (matches(cron, wallClock(at))) return { kind: "AT", at: new Date(at).toISOString() };
  }
  return { kind: "NONE" };
};
