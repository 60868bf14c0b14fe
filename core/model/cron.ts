/**
 * Reads cron expressions in the two spellings that users of AWS and of Kubernetes know: six fields as at EventBridge and Systems
 * Manager (`0 2 ? * SUN *`; 1 is Sunday, the last is the year), or five as in a crontab and at Karpenter (`0 2 * * SUN`; 0 is Sunday).
 */
import { datesIn, type DayRule } from "./cron-days.ts";

export interface Cron {
  /** Minutes since midnight, in order. */
  readonly minutesOfDay: readonly number[];
  /** A day counts that fulfils one of them. */
  readonly days: readonly DayRule[];
  /** In order; 1 is January. */
  readonly months: readonly number[];
  /** In order. */
  readonly years: readonly number[];
}

interface Field {
  /** As AWS's documents spell it. */
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** The highest number that is read: above `max` it begins anew. */
  readonly most?: number;
  /** That of `min` first. */
  readonly names?: readonly string[];
  /** What it takes besides. */
  readonly signs: string;
}

const monthNames = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ");
/** In the order of `Date.getUTCDay`. */
const weekdayNames = "SUN MON TUE WED THU FRI SAT".split(" ");

const minuteField: Field = { name: "minutes", min: 0, max: 59, signs: ", - * /" };
const hourField: Field = { name: "hours", min: 0, max: 23, signs: ", - * /" };
const dateField: Field = { name: "day-of-month", min: 1, max: 31, signs: ", - * ? / L W" };
const monthField: Field = { name: "month", min: 1, max: 12, names: monthNames, signs: ", - * /" };
/** From 0 on, 7 is Sunday as well: so it is in a crontab. */
const weekdayField = (min: 0 | 1): Field => ({
  name: "day-of-week",
  min,
  max: min + 6,
  most: 7,
  names: weekdayNames,
  signs: ", - * ? / L #",
});
/** Those that EventBridge takes. */
const yearField: Field = { name: "year", min: 1970, max: 2199, signs: ", - * /" };

const numberIn = ({ names, min, max, most = max }: Field, text: string): number | undefined => {
  const named = names?.indexOf(text) ?? -1;
  if (named >= 0) return min + named;
  const number = /^\d{1,4}$/.test(text) ? Number(text) : NaN;
  return min <= number && number <= most ? number : undefined;
};

/** `FRI-MON` goes round the week, and `22-2` round midnight; years do not come again. */
const span = (field: Field, from: number, to: number): readonly number[] => {
  if (to < from && field === yearField) return [];
  const round = field.max - field.min + 1;
  return Array.from(
    { length: to - from + 1 + (to < from ? round : 0) },
    (_, index) => ((from - field.min + index) % round) + field.min,
  );
};

const rangePattern = /^(?:\*|(?<first>\w+)(?:-(?<last>\w+))?)(?:\/(?<step>[1-9]\d{0,3}))?$/;

type Read<Value> = (field: Field, text: string) => readonly Value[] | undefined;

/** `SUN`, `1-5`, `*`, `0/15` or `8-18/2`. Undefined: it can't be read. */
const numbersOfRange: Read<number> = (field, text) => {
  const range = rangePattern.exec(text)?.groups;
  if (range === undefined) return undefined;
  const { first, last, step } = range;
  const from = first === undefined ? field.min : numberIn(field, first);
  // A step behind a single number goes on to the end of the field.
  const end = first === undefined || step !== undefined ? field.max : from;
  const to = last === undefined ? end : numberIn(field, last);
  if (from === undefined || to === undefined) return undefined;
  const found = span(field, from, to).filter((_, index) => index % Number(step ?? 1) === 0);
  return found.length === 0 ? undefined : found;
};

/** What is wrong, each as the end of a sentence that begins with the expression. */
type Faults = string[];

const faultOf = ({ name, min, max, most = max, names, signs }: Field, text: string): string => {
  const named = names === undefined ? "" : ` or ${names[0] ?? ""} to ${names.at(-1) ?? ""}`;
  return `must have as ${name} ${String(min)} to ${String(most)}${named}, with ${signs}, and not ${text}`;
};

/** A field of the expression, and what stands in it. */
interface Given {
  readonly field: Field;
  readonly text: string;
}

/** A list of what is read one by one; empty where there is a fault. */
const listOf = <Value>(
  { field, text }: Given,
  read: Read<Value>,
  faults: Faults,
): readonly Value[] => {
  const parts = text.split(",").map((part) => read(field, part));
  if (parts.includes(undefined)) faults.push(faultOf(field, text));
  return parts.flatMap((part) => part ?? []);
};

const numbersOf = (given: Given, faults: Faults): readonly number[] =>
  [...new Set(listOf(given, numbersOfRange, faults))].sort((one, other) => one - other);

const isAny = (text: string): boolean => text === "*" || text === "?";

const dateRules: Read<DayRule> = (field, text) => {
  if (text === "L") return [{ kind: "LAST_DATE" }];
  const near = text.endsWith("W") ? numberIn(field, text.slice(0, -1)) : undefined;
  if (near !== undefined) return [{ kind: "NEAREST_WORKDAY", date: near }];
  return numbersOfRange(field, text)?.map((date) => ({ kind: "DATE", date }));
};

const nthPattern = /^(?<day>\w+?)(?:L|#(?<nth>[1-5]))$/;

/** `L` alone is the last day of the week, `FRIL` the last Friday of the month, `TUE#2` its second Tuesday. */
const weekdayRules: Read<DayRule> = (field, text) => {
  if (text === "L") return [{ kind: "WEEKDAY", weekday: 6 }];
  const { day = "", nth } = nthPattern.exec(text)?.groups ?? {};
  const found = numberIn(field, day);
  if (found !== undefined) {
    return [
      {
        kind: "WEEKDAY",
        weekday: (found - field.min) % 7,
        nth: nth === undefined ? "LAST" : Number(nth),
      },
    ];
  }
  return numbersOfRange(field, text)?.map((number) => ({
    kind: "WEEKDAY",
    weekday: number - field.min,
  }));
};

const everyDate: readonly DayRule[] = span(dateField, 1, 31).map((date) => ({
  kind: "DATE",
  date,
}));

/** Where both are given, each day counts that either one names: so it is in a crontab, and EventBridge lets nobody give both. */
const daysOf = (dates: Given, weekdays: Given, faults: Faults): readonly DayRule[] => {
  const found = [
    ...(isAny(dates.text) ? [] : listOf(dates, dateRules, faults)),
    ...(isAny(weekdays.text) ? [] : listOf(weekdays, weekdayRules, faults)),
  ];
  return found.length === 0 ? everyDate : found;
};

/** A date such as 31 FEB never comes. */
const comes = ({ days, months, years }: Cron): boolean =>
  years.some((year) => months.some((month) => datesIn(days, year, month).length > 0));

const wrongCount =
  "must have six fields as at EventBridge, such as 0 2 ? * SUN *, or five as in a crontab, such as 0 2 * * SUN";
const wrongDays =
  "must have ? either as day-of-month or as day-of-week, as EventBridge wants it of six fields";

const readFields = (fields: readonly string[], faults: Faults): Cron => {
  const [minute = "", hour = "", date = "", month = "", weekday = "", year = "*"] = fields;
  const minutes = numbersOf({ field: minuteField, text: minute }, faults);
  const hours = numbersOf({ field: hourField, text: hour }, faults);
  const days = daysOf(
    { field: dateField, text: date },
    { field: weekdayField(fields.length === 6 ? 1 : 0), text: weekday },
    faults,
  );
  const months = numbersOf({ field: monthField, text: month }, faults);
  const years = numbersOf({ field: yearField, text: year }, faults);
  const minutesOfDay = hours.flatMap((one) => minutes.map((past) => one * 60 + past));
  return { minutesOfDay, days, months, years };
};

/** The schedule, or what is wrong with the text as the end of a sentence that begins with it. */
export const readCron = (text: string): Cron | string => {
  const inner = text
    .trim()
    .toUpperCase()
    .replace(/^CRON\((.*)\)$/, "$1");
  const fields = inner.trim().split(/\s+/);
  if (fields.length !== 5 && fields.length !== 6) return wrongCount;
  if (fields.length === 6 && (fields[2] === "?") === (fields[4] === "?")) return wrongDays;
  const faults: Faults = [];
  const cron = readFields(fields, faults);
  const [fault] = faults;
  if (fault !== undefined) return fault;
  return comes(cron) ? cron : "must name a day that comes: none of its months has it";
};
