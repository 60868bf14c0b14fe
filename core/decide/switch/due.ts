/** Is a target to be evaluated again? */
import type { Target } from "../../model/target.ts";

/**
 * Spot prices move a few times a day and bands once a day; an evaluation costs some fifteen reading calls in the
 * customer's account. Every six hours is often enough to see either.
 */
const evaluationIntervalHours = 6;
const hourMs = 3_600_000;

/** It was never evaluated, or not within the interval, or what stood against its switch has passed. */
export const isDue = (
  { lastEvaluatedAt, evaluateAt }: Pick<Target, "lastEvaluatedAt" | "evaluateAt">,
  now: Date,
): boolean =>
  lastEvaluatedAt === undefined ||
  (evaluateAt !== undefined && now.getTime() >= Date.parse(evaluateAt)) ||
  now.getTime() - Date.parse(lastEvaluatedAt) >= evaluationIntervalHours * hourMs;
