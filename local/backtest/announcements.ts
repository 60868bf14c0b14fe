/**
 * What is announced ahead of time on a recorded market: a share of its losses, and alarms that nothing need follow. Drawn by a seed: the
 * recordings hold no announcements.
 */
import { createRandom, type Random } from "../cloud/random.ts";
import { levelAt, type Recording } from "./recording.ts";

export interface SignalOptions {
  /** Share of the losses that are announced, 0 to 1. */
  readonly announcedShare: number;
  /** Seconds between announcement and loss. */
  readonly leadSeconds: number;
  /** In each pool. */
  readonly falseAlarmsPerDay: number;
  /** For so long a unit that has moved at an announcement heeds no other. */
  readonly restHours: number;
  /** What is announced of an instance that was launched later than this is not heeded. */
  readonly youngMinutes: number;
  readonly seed: number;
}

export interface Announcement {
  /** Seconds since tick 0. */
  readonly at: number;
  readonly zone: number;
  /** The tick at which the zone loses capacity. Absent: a false alarm, which tells all that are there. */
  readonly lossTick?: number;
}

const secondsPerDay = 86_400;

interface Drawing {
  readonly market: Recording;
  readonly options: SignalOptions;
  readonly random: Random;
}

const lossesIn = (
  zone: number,
  { market, options: { leadSeconds, announcedShare }, random }: Drawing,
): readonly Announcement[] => {
  const { capacity, gapSeconds, ticks } = market;
  const announced: Announcement[] = [];
  for (let tick = 1; tick < ticks; tick += 1) {
    if (levelAt(capacity, zone, tick) >= levelAt(capacity, zone, tick - 1)) continue;
    // Drawn for each, so that one loss more or less changes no other's.
    if (random.next() >= announcedShare) continue;
    announced.push({ at: Math.max(0, tick * gapSeconds - leadSeconds), zone, lossTick: tick });
  }
  return announced;
};

/** Times between them are exponential: they come at any time alike. */
const falseAlarmsIn = (
  zone: number,
  { market: { ticks, gapSeconds }, options: { falseAlarmsPerDay }, random }: Drawing,
): readonly Announcement[] => {
  const alarms: Announcement[] = [];
  if (falseAlarmsPerDay === 0) return alarms;
  const meanSeconds = secondsPerDay / falseAlarmsPerDay;
  const wait = (): number => -Math.log(1 - random.next()) * meanSeconds;
  for (let at = wait(); at < ticks * gapSeconds; at += wait()) alarms.push({ at, zone });
  return alarms;
};

/** In order of time. */
export const announcementsOf = (
  market: Recording,
  options: SignalOptions,
): readonly Announcement[] => {
  const random = createRandom(options.seed);
  const drawing = (name: string): Drawing => ({ market, options, random: random.fork(name) });
  return market.zones
    .flatMap((name, zone) => [
      ...lossesIn(zone, drawing(`losses of ${name}`)),
      ...falseAlarmsIn(zone, drawing(`false alarms of ${name}`)),
    ])
    .sort((one, other) => one.at - other.at);
};
