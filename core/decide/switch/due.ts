/** Is a target to be evaluated again? */
import type { Target } from "../../model/target.ts";

/**
 * Spot prices move a few times a day and bands once a day; an evaluation costs some fifteen reading calls in the
 * customer's account. Every six hours is often enough to see either.
 */
const evaluationIntervalHours = 6;
const hourMs = 3_600_000;

type Times = Pick<Target, "lastEvaluatedAt" | "failedAttempt">;

/** What failed without a downtime is tried again when its back-off has passed, the first time after an hour. */
const isToBeRetried = (
  { lastEvaluatedAt, failedAttempt }: Required<Pick<Times, "lastEvaluatedAt">> & Times,
  now: Date,
): boolean => {
  const retryAt = failedAttempt?.retryAt;
  return (
    retryAt !== undefined &&
    Date.parse(retryAt) > Date.parse(lastEvaluatedAt) &&
    Date.parse(retryAt) <= now.getTime()
  );
};

/** It was never evaluated, or not within the interval, or a failed attempt is to be made again. */
export const isDue = ({ lastEvaluatedAt, failedAttempt }: Times, now: Date): boolean =>
  lastEvaluatedAt === undefined ||
  now.getTime() - Date.parse(lastEvaluatedAt) >= evaluationIntervalHours * hourMs ||
  isToBeRetried({ lastEvaluatedAt, ...(failedAttempt && { failedAttempt }) }, now);
