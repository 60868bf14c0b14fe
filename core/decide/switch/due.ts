/** Is a target to be evaluated again, and which of several first? */
import type { Target } from "../../model/target.ts";

/**
 * Spot prices move a few times a day and bands once a day; an evaluation costs some fifteen reading calls in the
 * customer's account. Every six hours is often enough to see either.
 */
const evaluationIntervalHours = 6;
const hourMs = 3_600_000;

type Times = Pick<Target, "targetId" | "lastEvaluatedAt" | "evaluateAt" | "failedAttempt">;

/** Evenly 0 to 1, and the same for the same text. Source: FNV-1a, 32 bits. */
const evenly = (text: string): number => {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0) / 2 ** 32;
};

/** Of those that were evaluated at one time each is due at another: by up to an hour sooner, always the same for the same target. */
const intervalMs = ({ targetId }: Times): number =>
  (evaluationIntervalHours - evenly(targetId)) * hourMs;

/** What failed without a downtime is tried again when its back-off has passed, unless it was looked at since. */
const isToBeRetried = (
  { failedAttempt }: Times,
  { lastEvaluatedAt, now }: { readonly lastEvaluatedAt: string; readonly now: Date },
): boolean => {
  const retryAt = failedAttempt?.retryAt;
  return (
    retryAt !== undefined &&
    Date.parse(retryAt) > Date.parse(lastEvaluatedAt) &&
    Date.parse(retryAt) <= now.getTime()
  );
};

/** It was never evaluated, or not within the interval, or what stood against its switch has passed, or one is to be retried. */
export const isDue = (target: Times, now: Date): boolean => {
  const { lastEvaluatedAt, evaluateAt } = target;
  return (
    lastEvaluatedAt === undefined ||
    (evaluateAt !== undefined && now.getTime() >= Date.parse(evaluateAt)) ||
    now.getTime() - Date.parse(lastEvaluatedAt) >= intervalMs(target) ||
    isToBeRetried(target, { lastEvaluatedAt, now })
  );
};

/** Who waits longest is first, so that each is started although the first ones of a list may be due at every sweep. */
export const longestWaitingFirst = <T extends Pick<Target, "lastEvaluatedAt">>(
  targets: readonly T[],
): readonly T[] => {
  const lastMs = ({ lastEvaluatedAt }: T): number =>
    lastEvaluatedAt === undefined ? 0 : Date.parse(lastEvaluatedAt);
  return targets.toSorted((one, other) => lastMs(one) - lastMs(other));
};
