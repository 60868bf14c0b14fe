/** Asks what the clock on the wall of a time zone shows, and when it shows a time: never in a spring night, twice in an autumn one. */

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

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
export const wallClock = (timeZone: string, instant: number): number => {
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

/** Zones are at most 14 hours ahead of UTC and 12 behind it; no two changes of one are so near to each other. */
const offsetsAround = (timeZone: string, from: number, to: number): readonly [number, number] => [
  offsetMs(timeZone, from - 15 * hourMs),
  offsetMs(timeZone, to + 13 * hourMs),
];

/** The earliest at which the clock shows this; undefined where it leaves it out. */
const firstOf = (
  timeZone: string,
  wall: number,
  offsets: readonly number[],
): number | undefined => {
  const shown = offsets
    .map((offset) => wall - offset)
    .filter((instant) => wallClock(timeZone, instant) === wall);
  return shown.length === 0 ? undefined : Math.min(...shown);
};

/**
 * When the clock shows each of these for the first time; those that it leaves out are left out.
 * @param walls in order, within some days
 */
export const firstShowings = (timeZone: string, walls: readonly number[]): readonly number[] => {
  const [from = 0, to = from] = [walls[0], walls.at(-1)];
  const offsets = offsetsAround(timeZone, from, to);
  const [before, after] = offsets;
  if (before === after) return walls.map((wall) => wall - before);
  return walls
    .map((wall) => firstOf(timeZone, wall, offsets))
    .filter((instant) => instant !== undefined);
};

/** The minute in which the offset is no longer that of `from`. */
const changeBetween = (timeZone: string, from: number, to: number): number => {
  const before = offsetMs(timeZone, from);
  let [last, first] = [from, to];
  while (first - last > minuteMs) {
    const middle = last + Math.floor((first - last) / 2 / minuteMs) * minuteMs;
    if (offsetMs(timeZone, middle) === before) last = middle;
    else first = middle;
  }
  return first;
};

/** The first instant at which the clock shows this or later: where it leaves it out, that at which it is put forward. */
export const firstAtOrAfter = (timeZone: string, wall: number): number => {
  const offsets = offsetsAround(timeZone, wall, wall);
  const [before, after] = offsets;
  return firstOf(timeZone, wall, offsets) ?? changeBetween(timeZone, wall - after, wall - before);
};
