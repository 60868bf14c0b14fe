import { describe, expect, it } from "@jest/globals";
import { datesIn } from "../../../core/model/cron-days.ts";
import { readCron, type Cron } from "../../../core/model/cron.ts";

const cronOf = (text: string): Cron => {
  const cron = readCron(text);
  if (typeof cron === "string") throw new Error(`${text} ${cron}`);
  return cron;
};

const all = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe("the days of a cron expression", () => {
  it.each([
    // August 2026 begins on a Saturday and has 31 days.
    { text: "0 2 ? * SUN *", dates: [2, 9, 16, 23, 30] },
    { text: "0 2 ? * 1 *", dates: [2, 9, 16, 23, 30] },
    { text: "cron(0 2 ? * sun *)", dates: [2, 9, 16, 23, 30] },
    { text: "0 2 * * 0", dates: [2, 9, 16, 23, 30] },
    { text: "0 2 * * 7", dates: [2, 9, 16, 23, 30] },
    { text: "0 2 * * SUN", dates: [2, 9, 16, 23, 30] },
    { text: "0 2 * * 0-7", dates: all(1, 31) },
    { text: "0 2 * * 6-7", dates: [1, 2, 8, 9, 15, 16, 22, 23, 29, 30] },
    { text: "0 2 * * 7-1", dates: [2, 3, 9, 10, 16, 17, 23, 24, 30, 31] },
    { text: "0 2 ? * 7#2", dates: [9] },
    { text: "0 2 ? * 1", dates: [3, 10, 17, 24, 31] },
    { text: "0 2 ? * TUE#2 *", dates: [11] },
    { text: "0 2 ? * 3#2 *", dates: [11] },
    { text: "0 2 ? * SUN#5 *", dates: [30] },
    { text: "0 2 ? * FRIL *", dates: [28] },
    { text: "0 2 ? * 6L *", dates: [28] },
    { text: "0 2 ? * L *", dates: [1, 8, 15, 22, 29] },
    { text: "0 2 ? * FRI-SUN *", dates: [1, 2, 7, 8, 9, 14, 15, 16, 21, 22, 23, 28, 29, 30] },
    { text: "0 2 ? * 2/5 *", dates: [1, 3, 8, 10, 15, 17, 22, 24, 29, 31] },
    { text: "0 2 L * ? *", dates: [31] },
    { text: "0 2 1W * ? *", dates: [3] },
    { text: "0 2 15W * ? *", dates: [14] },
    { text: "0 2 16W * ? *", dates: [17] },
    { text: "0 2 1,10-12 * ? *", dates: [1, 10, 11, 12] },
    { text: "0 2 25/3 * ? *", dates: [25, 28, 31] },
    { text: "0 2 * * ? *", dates: all(1, 31) },
    { text: "0 2 * * *", dates: all(1, 31) },
    { text: "0 2 ? * * *", dates: all(1, 31) },
    // A crontab with both counts either.
    { text: "0 2 13 * FRI", dates: [7, 13, 14, 21, 28] },
  ])("$text in August 2026", ({ text, dates }) => {
    expect(datesIn(cronOf(text).days, 2026, 8)).toEqual(dates);
  });

  it.each([
    // May 2026 ends on a Sunday, and its last workday is Friday the 29th.
    { text: "0 2 31W * ? *", month: 5, dates: [29] },
    { text: "0 2 31W * ? *", month: 6, dates: [] },
    { text: "0 2 31 * ? *", month: 6, dates: [] },
    { text: "0 2 L * ? *", month: 2, dates: [28] },
    { text: "0 2 ? * SUN#5 *", month: 6, dates: [] },
  ])("$text in month $month of 2026", ({ text, month, dates }) => {
    expect(datesIn(cronOf(text).days, 2026, month)).toEqual(dates);
  });
});

describe("the other fields of a cron expression", () => {
  it("are lists, ranges and steps", () => {
    expect(cronOf("0/20 8-10,22 ? * SUN *").minutesOfDay).toEqual([
      480, 500, 520, 540, 560, 580, 600, 620, 640, 1320, 1340, 1360,
    ]);
    expect(cronOf("5-15/5 2 ? * SUN *").minutesOfDay).toEqual([125, 130, 135]);
    expect(cronOf("* * * * *").minutesOfDay).toEqual(all(0, 1439));
  });

  it("go round, but for the year", () => {
    expect(cronOf("0 22-1 ? NOV-FEB SUN *")).toMatchObject({
      minutesOfDay: [0, 60, 1320, 1380],
      months: [1, 2, 11, 12],
    });
    expect(readCron("0 2 ? * SUN 2030-2026")).toContain("year");
  });

  it("have months by name, and years", () => {
    expect(cronOf("0 2 ? JAN,7-9 SUN 2026,2028-2032/2")).toMatchObject({
      months: [1, 7, 8, 9],
      years: [2026, 2028, 2030, 2032],
    });
    expect(cronOf("0 2 ? * SUN *").years).toEqual(all(1970, 2199));
  });
});

describe("a cron expression is refused, and told why", () => {
  const minutes = "must have as minutes 0 to 59, with , - * /, and not";
  const weekdays = "to 7 or SUN to SAT, with , - * ? / L #, and not";
  it.each([
    { text: "", says: "must have six fields as at EventBridge" },
    { text: "0 2 * *", says: "must have six fields as at EventBridge" },
    { text: "0 0 2 ? * SUN *", says: "must have six fields as at EventBridge" },
    { text: "@weekly", says: "must have six fields as at EventBridge" },
    { text: "rate(7 days)", says: "must have six fields as at EventBridge" },
    { text: "0 2 * * SUN *", says: "must have ? either as day-of-month or as day-of-week" },
    { text: "0 2 ? * ? *", says: "must have ? either as day-of-month or as day-of-week" },
    { text: "60 2 ? * SUN *", says: `${minutes} 60` },
    { text: "*-5 2 ? * SUN *", says: `${minutes} *-5` },
    { text: "*/0 2 ? * SUN *", says: `${minutes} */0` },
    { text: "1, 2 ? * SUN *", says: `${minutes} 1,` },
    { text: "? 2 1 * ? *", says: `${minutes} ?` },
    { text: "0 24 ? * SUN *", says: "must have as hours 0 to 23, with , - * /, and not 24" },
    { text: "0 2 32 * ? *", says: "must have as day-of-month 1 to 31, with" },
    { text: "0 2 0W * ? *", says: "and not 0W" },
    { text: "0 2 LW * ? *", says: "and not LW" },
    { text: "0 2 1 13 ? *", says: "must have as month 1 to 12 or JAN to DEC, with" },
    { text: "0 2 ? * 8 *", says: `must have as day-of-week 1 ${weekdays} 8` },
    { text: "0 2 ? * 0 *", says: `must have as day-of-week 1 ${weekdays} 0` },
    { text: "0 2 ? * TUE#6 *", says: `${weekdays} TUE#6` },
    { text: "0 2 ? * SUNDAY *", says: `${weekdays} SUNDAY` },
    { text: "0 2 * * 8", says: "must have as day-of-week 0 to 7 or SUN to SAT, with" },
    { text: "0 2 1 1 ? 1969", says: "must have as year 1970 to 2199, with , - * /, and not 1969" },
    { text: "0 2 31 FEB,APR ? *", says: "must name a day that comes" },
    { text: "0 2 29 FEB ? 2027", says: "must name a day that comes" },
  ])("$text", ({ text, says }) => {
    expect(readCron(text)).toEqual(expect.stringContaining(says));
  });
});
