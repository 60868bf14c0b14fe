/** Says on which days of a month a cron expression counts: a date, its last day, the workday nearest to it, the second Tuesday. */

export type DayRule =
  | { readonly kind: "DATE"; readonly date: number }
  | { readonly kind: "LAST_DATE" }
  /** The date, or where it falls on a weekend the workday of the same month that is nearest to it. */
  | { readonly kind: "NEAREST_WORKDAY"; readonly date: number }
  /** `weekday` 0 is Sunday. Without `nth` each of the month. */
  | { readonly kind: "WEEKDAY"; readonly weekday: number; readonly nth?: number | "LAST" };

interface Month {
  /** Days that it has. */
  readonly length: number;
  /** Weekday of its first day. */
  readonly begins: number;
}

const weekdayOf = ({ begins }: Month, date: number): number => (begins + date - 1) % 7;

/** 1W on a Saturday is Monday the 3rd: it does not leave the month. */
const nearestWorkday = (month: Month, date: number): number => {
  const weekday = weekdayOf(month, date);
  if (weekday === 6) return date === 1 ? 3 : date - 1;
  if (weekday === 0) return date === month.length ? date - 2 : date + 1;
  return date;
};

const nthOf = (dates: readonly number[], nth: number | "LAST" | undefined): readonly number[] => {
  if (nth === undefined) return dates;
  return nth === "LAST" ? dates.slice(-1) : dates.slice(nth - 1, nth);
};

const datesOfRule = (month: Month, rule: DayRule): readonly number[] => {
  switch (rule.kind) {
    case "DATE":
      return rule.date <= month.length ? [rule.date] : [];
    case "LAST_DATE":
      return [month.length];
    case "NEAREST_WORKDAY":
      return rule.date <= month.length ? [nearestWorkday(month, rule.date)] : [];
    case "WEEKDAY": {
      const first = 1 + ((rule.weekday - month.begins + 7) % 7);
      const all = [0, 7, 14, 21, 28].map((days) => first + days);
      return nthOf(
        all.filter((date) => date <= month.length),
        rule.nth,
      );
    }
  }
};

/**
 * In order, each once.
 * @param month 1 is January
 */
export const datesIn = (
  rules: readonly DayRule[],
  year: number,
  month: number,
): readonly number[] => {
  const facts = {
    length: new Date(Date.UTC(year, month, 0)).getUTCDate(),
    begins: new Date(Date.UTC(year, month - 1, 1)).getUTCDay(),
  };
  const dates = new Set(rules.flatMap((rule) => datesOfRule(facts, rule)));
  return [...dates].sort((one, other) => one - other);
};
