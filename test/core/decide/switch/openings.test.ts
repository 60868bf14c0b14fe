/**
 * Windows against a walk minute by minute, in zones with every kind of change: half hours, midnights, two a year for Ramadan, a day
 * that was left out. The walk knows nothing of offsets: it looks at the clock at each hour, and in each minute of one that is not an hour long.
 */
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { standingOfWindows } from "../../../../core/decide/switch/maintenance.ts";

const zones = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "America/St_Johns",
  "Asia/Kolkata",
  "Australia/Lord_Howe",
  "Antarctica/Troll",
  "Africa/Cairo",
  "Africa/Casablanca",
  "America/Santiago",
  "America/Havana",
  "Atlantic/Azores",
  "Pacific/Apia",
];

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const formats = new Map<string, Intl.DateTimeFormat>();
const formatOf = (zone: string): Intl.DateTimeFormat => {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hour12: false,
    hourCycle: "h23",
    dateStyle: "short",
    timeStyle: "short",
  });
  formats.set(zone, format);
  return format;
};

/** What the clock shows, in milliseconds as if it showed UTC; of `3/29/26, 03:00`. */
const wallAt = (zone: string, instant: number): number => {
  const [month = 0, date = 0, year = 0, hour = 0, minute = 0] = formatOf(zone)
    .format(instant)
    .split(/\D+/)
    .map(Number);
  return Date.UTC(2000 + year, month - 1, date, hour, minute);
};

interface Minute {
  readonly instant: number;
  readonly wall: number;
  readonly date: number;
  readonly minuteOfDay: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  /** Not shown in a minute before. */
  readonly isNew: boolean;
}

/** Each minute of an hour. No clock is changed and changed back within one. */
const wallsOfHour = (zone: string, from: number): readonly number[] => {
  const first = wallAt(zone, from);
  const isSteady = wallAt(zone, from + hourMs) - first === hourMs;
  return Array.from({ length: 60 }, (_, minute) =>
    isSteady ? first + minute * minuteMs : wallAt(zone, from + minute * minuteMs),
  );
};

/** Each minute from one instant up to another. */
const walk = (zone: string, from: number, to: number): readonly Minute[] => {
  const minutes: Minute[] = [];
  const seen = new Set<number>();
  for (let hour = from; hour < to; hour += hourMs) {
    for (const [minute, wall] of wallsOfHour(zone, hour).entries()) {
      const shown = new Date(wall);
      minutes.push({
        instant: hour + minute * minuteMs,
        wall,
        date: shown.getUTCDate(),
        minuteOfDay: shown.getUTCHours() * 60 + shown.getUTCMinutes(),
        weekday: shown.getUTCDay(),
        isNew: !seen.has(wall),
      });
      seen.add(wall);
    }
  }
  return minutes;
};

const walks = new Map<string, readonly Minute[]>();
const daysAhead = 4;
/** From two days before: no window is longer than a day, nor is it asked for earlier than a day before. */
const walkedAround = (zone: string, day: number): readonly Minute[] => {
  const key = `${zone} ${String(day)}`;
  const known = walks.get(key) ?? walk(zone, day - 2 * dayMs, day + daysAhead * dayMs);
  walks.set(key, known);
  return known;
};

/** From the day walked around: where the clock is behind UTC, it shows the date before at the begin of the walk. */
const datesWalked = Array.from({ length: 3 + 1 + daysAhead }, (_, index) => index - 3);

const perZone = 4;

/** Some, spread over the years. */
const spread = (days: readonly number[]): readonly number[] =>
  days.length <= perZone
    ? days
    : Array.from(
        { length: perZone },
        // An odd number apart, so that there are springs and autumns among them.
        (_, index) => days[(index * (Math.floor(days.length / perZone) | 1)) % days.length] ?? 0,
      );

/** Days of 2011 and of 2024 to 2031 at whose end the clock of the zone differs from what it showed a day earlier. */
const changesOf = (zone: string): readonly number[] => {
  const days = (from: number, to: number): readonly number[] =>
    Array.from({ length: (to - from) / dayMs }, (_, index) => from + index * dayMs);
  return [
    ...days(Date.UTC(2011, 11, 20), Date.UTC(2012, 0, 10)),
    ...days(Date.UTC(2024, 0, 1), Date.UTC(2032, 0, 1)),
  ].filter((day) => wallAt(zone, day + dayMs) - wallAt(zone, day) !== dayMs);
};

const changes = new Map(zones.map((zone) => [zone, spread(changesOf(zone))]));

interface Moment {
  readonly zone: string;
  /** The UTC midnight around which is walked, milliseconds since the epoch. */
  readonly day: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Near a change of the clock, or on any day where the zone has none. */
const moment: fc.Arbitrary<Moment> = fc
  .record({
    zone: fc.constantFrom(...zones),
    which: fc.nat(perZone - 1),
    minute: fc.integer({ min: -1440, max: 2 * 1440 }),
  })
  .map(({ zone, which, minute }) => {
    const days = changes.get(zone) ?? [];
    const day = days[which % Math.max(1, days.length)] ?? Date.UTC(2026, 0, 1 + which);
    return { zone, day, at: day + minute * minuteMs };
  });

interface Standing {
  readonly kind: "OPEN" | "CLOSED";
  readonly instant: number | undefined;
}

const standingOf = (
  openings: readonly { readonly opensAt: number; readonly closesAt: number }[],
  at: number,
): Standing => {
  const open = openings.filter(({ opensAt, closesAt }) => opensAt <= at && at < closesAt);
  if (open.length > 0) {
    return { kind: "OPEN", instant: Math.max(...open.map(({ closesAt }) => closesAt)) };
  }
  return {
    kind: "CLOSED",
    instant: openings.map(({ opensAt }) => opensAt).find((opensAt) => opensAt > at),
  };
};

const judged = (window: Parameters<typeof standingOfWindows>[0][number], at: number): Standing => {
  const now = standingOfWindows([window], new Date(at).toISOString());
  if (now.kind === "ANY_TIME") throw new Error("A window was given.");
  const text = now.kind === "OPEN" ? now.closesAt : now.next?.opensAt;
  return { kind: now.kind, instant: text === undefined ? undefined : Date.parse(text) };
};

/** Beyond the walk the oracle knows nothing. */
const known = (said: Standing, end: number): Standing =>
  said.instant !== undefined && said.instant >= end ? { ...said, instant: undefined } : said;

describe("a window is open as a walk by the minute says", () => {
  it("where a cron expression says when it opens: in a minute that the clock shows for the first time, for its duration", () => {
    const dayFields = fc.oneof(
      fc.constant({ date: "*", weekday: "?", holds: () => true }),
      fc.uniqueArray(fc.nat(6), { minLength: 1, maxLength: 4 }).map((weekdays) => ({
        date: "?",
        weekday: weekdays.map((one) => String(one + 1)).join(","),
        holds: (shown: Minute) => weekdays.includes(shown.weekday),
      })),
      fc.record({ from: fc.integer({ min: 1, max: 31 }), more: fc.nat(9) }).map((dates) => {
        const to = Math.min(31, dates.from + dates.more);
        return {
          date: `${String(dates.from)}-${String(to)}`,
          weekday: "?",
          holds: ({ date }: Minute) => dates.from <= date && date <= to,
        };
      }),
      fc.record({ weekday: fc.nat(6), nth: fc.integer({ min: 1, max: 5 }) }).map((one) => ({
        date: "?",
        weekday: `${String(one.weekday + 1)}#${String(one.nth)}`,
        holds: (shown: Minute) =>
          shown.weekday === one.weekday && Math.ceil(shown.date / 7) === one.nth,
      })),
    );
    const minutesOfHour = fc.oneof(
      fc.nat(59).map((minute) => ({ text: String(minute), values: [minute] })),
      fc.constant<{ readonly text: string; readonly values: readonly number[] }>({
        text: "0/20",
        values: [0, 20, 40],
      }),
    );
    const hours = fc.uniqueArray(fc.nat(23), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(
        moment,
        fc.record({ minutesOfHour, hours, dayFields, length: fc.integer({ min: 60, max: 1440 }) }),
        ({ zone, day, at }, { minutesOfHour: minute, hours: some, dayFields: days, length }) => {
          const window = {
            cron: `${minute.text} ${some.join(",")} ${days.date} * ${days.weekday} *`,
            duration: `${String(length)}m`,
            timezone: zone,
          };
          const minutes = walkedAround(zone, day);
          const end = day + daysAhead * dayMs;
          const openings = minutes
            .filter(
              (shown) =>
                shown.isNew &&
                days.holds(shown) &&
                minute.values.includes(shown.minuteOfDay % 60) &&
                some.includes(Math.floor(shown.minuteOfDay / 60)),
            )
            .map(({ instant }) => ({ opensAt: instant, closesAt: instant + length * minuteMs }));
          expect(known(judged(window, at), end)).toEqual(known(standingOf(openings, at), end));
        },
      ),
      { numRuns: 400 },
    );
  });

  it("where it is weekly: from the first minute that shows its begin or later, up to the first that shows its end or later", () => {
    const names = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    const clock = (minute: number): string =>
      [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, "0")).join(":");
    // Friday 23:36 by its clock: open since Thursday 23:54, until 23:37.
    const openSinceTheDateBeforeTheWalk: [Moment, number[], { from: number; length: number }] = [
      { zone: "America/St_Johns", day: Date.UTC(2024, 2, 10), at: Date.UTC(2024, 2, 9, 3, 6) },
      [4, 0],
      { from: 23 * 60 + 54, length: 1423 },
    ];
    fc.assert(
      fc.property(
        moment,
        fc.uniqueArray(fc.nat(6), { minLength: 1, maxLength: 7 }),
        fc.record({ from: fc.nat(1439), length: fc.integer({ min: 60, max: 1440 }) }),
        ({ zone, day, at }, weekdays, { from, length }) => {
          const until = (from + length) % 1440;
          const window = `${weekdays.map((one) => names[one]).join(",")} ${clock(from)}-${clock(until)} ${zone}`;
          const minutes = walkedAround(zone, day);
          const end = day + daysAhead * dayMs;
          const firstAtOrAfter = (wall: number): number =>
            minutes.find((shown) => shown.wall >= wall)?.instant ?? end;
          const openings = datesWalked
            .map((days) => day + days * dayMs)
            .filter((midnight) => weekdays.includes(new Date(midnight).getUTCDay()))
            .map((midnight) => ({
              opensAt: firstAtOrAfter(midnight + from * minuteMs),
              closesAt: firstAtOrAfter(midnight + (from + length) * minuteMs),
            }))
            .filter(({ opensAt, closesAt }) => opensAt < closesAt);
          expect(known(judged(window, at), end)).toEqual(known(standingOf(openings, at), end));
        },
      ),
      { numRuns: 400, examples: [openSinceTheDateBeforeTheWalk] },
    );
  });

  it("and the clocks of these zones do change", () => {
    for (const zone of zones.filter((one) => one !== "UTC" && one !== "Asia/Kolkata")) {
      expect(changes.get(zone)).not.toEqual([]);
    }
  });
});
