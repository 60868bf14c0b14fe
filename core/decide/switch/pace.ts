/** When a wait asks again: not before an answer can be expected, and ever more rarely the longer it takes. */
import type { Pace, Wait } from "../../model/evaluation.ts";

/** What is found has been so for at most this share of the time that was waited, beside the shortest interval. */
const lateness = 0.05;

/** From a look that found nothing to the next one. Whole seconds, at least 1: Step Functions waits in these. */
export const secondsToNextLook = (pace: Pace, waitedSeconds: number): number => {
  const { firstSeconds, everySeconds, mostSeconds } = pace;
  const toFirst = firstSeconds - waitedSeconds;
  if (toFirst >= everySeconds) return Math.ceil(toFirst);
  const grown = Math.max(everySeconds, waitedSeconds * lateness);
  return Math.max(1, Math.ceil(Math.min(grown, mostSeconds)));
};

/** The most looks that fit into so many seconds of waiting, the one at its beginning left out; counts no further than `limit`. */
export const looksWithin = (pace: Pace, seconds: number, limit: number): number => {
  let looks = 0;
  for (let at = 0; at < seconds && looks <= limit; looks += 1) at += secondsToNextLook(pace, at);
  return looks;
};

/** More looks than any wait has. */
const manyLooks = 10_000;

/**
 * Of the looks of a wait every second one: for what need not be asked at each. Told from the time, for no look is counted; where two take
 * long it may be so of both, or of neither.
 */
export const isSecondLook = (
  { pace, beganAt }: Pick<Wait, "pace" | "beganAt">,
  now: Date,
): boolean => {
  const seconds = (now.getTime() - Date.parse(beganAt)) / 1000;
  return looksWithin(pace, seconds, manyLooks) % 2 === 1;
};
