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

/** The rest may take less than what was made would have one believe. */
const sureShare = 0.9;

/** However sure, after so many a look is made: EC2's figure may stand still and then jump. */
const mostLeftOut = 5;

/**
 * What is waited for has been made to so many whole percent: it surely takes so many seconds more. 0 without a figure.
 * @param percent 0 to 100, rounded down
 */
const sureSeconds = (percent: number | undefined, waitedSeconds: number): number => {
  // Of what was rounded down, the most that it can have been.
  const made = ((percent ?? 0) + 1) / 100;
  return percent === undefined || percent < 1 || made > 1
    ? 0
    : waitedSeconds * (1 / made - 1) * sureShare;
};

/**
 * As `secondsToNextLook`, without the looks that would surely find nothing. None is made at another time, so that nothing is found later
 * than it would have been.
 */
export const secondsToUsefulLook = (
  pace: Pace,
  waitedSeconds: number,
  percent: number | undefined,
): number => {
  const sure = sureSeconds(percent, waitedSeconds);
  let seconds = secondsToNextLook(pace, waitedSeconds);
  for (let leftOut = 0; leftOut < mostLeftOut; leftOut += 1) {
    const next = seconds + secondsToNextLook(pace, waitedSeconds + seconds);
    if (next > sure) return seconds;
    seconds = next;
  }
  return seconds;
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

/**
 * Is it worth a call to ask AWS how much is made? At the first look of a wait, and then where the longest jump from there leads: in between
 * the end is near. Told from the time, for no look is counted; a look comes a moment late.
 */
export const isLookForFigure = (
  { pace, beganAt }: Pick<Wait, "pace" | "beganAt">,
  now: Date,
): boolean => {
  const seconds = (now.getTime() - Date.parse(beganAt)) / 1000 - pace.everySeconds / 2;
  return looksWithin(pace, seconds, manyLooks) % (mostLeftOut + 1) === 1;
};
