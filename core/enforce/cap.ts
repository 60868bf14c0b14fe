/** How many instances may be stopped of an account and region without asking, a day. */
import type { EnforcerPlace } from "../model/enforcer.ts";

const dayMs = 24 * 3_600_000;

/** Whatever the size of the account. */
const most = 5;

/** Of the running instances. */
const share = 0.02;

/** EC2 hands a load balancer's traffic on, and whoever is told has a moment: one at a time. */
const apartMs = 30_000;

/** Below 50 running instances it is 0: then each stop is asked for. */
export const capOf = (running: number): number => Math.min(most, Math.floor(running * share));

const withinDay = ({ at }: { readonly at: string }, now: Date): boolean =>
  now.getTime() - Date.parse(at) < dayMs;

/** Of any 24 hours: at midnight no second day's share is to be had. */
export const leftOfCap = ({ running = 0, stops }: EnforcerPlace, now: Date): number =>
  Math.max(0, capOf(running) - stops.filter((stop) => withinDay(stop, now)).length);

export const mayStopNow = ({ stops }: EnforcerPlace, now: Date): boolean =>
  stops.every(({ at }) => now.getTime() - Date.parse(at) >= apartMs);

/** With one more, which is counted before its call. */
export const withStop = (
  place: EnforcerPlace,
  stop: EnforcerPlace["stops"][number],
  now: Date,
): EnforcerPlace => ({
  ...place,
  stops: [...place.stops.filter((each) => withinDay(each, now)), stop],
});
