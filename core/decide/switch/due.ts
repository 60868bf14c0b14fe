/** Is a target to be evaluated again? */
import type { Target } from "../../model/target.ts";

/**
 * Spot prices move a few times a day and bands once a day; an evaluation costs some fifteen reading calls in the
 * customer's account. Every six hours is often enough to see either.
 */
const evaluationIntervalHours = 6;
const hourMs = 3_600_000;

/** LINEAR targets that were never evaluated, or not within the interval. */
export const isDue = (
  target: Pick<Target, "pipelineMode" | "lastEvaluatedAt">,
  now: Date,
): boolean =>
  target.pipelineMode === "LINEAR" &&
  (target.lastEvaluatedAt === undefined ||
    now.getTime() - Date.parse(target.lastEvaluatedAt) >= evaluationIntervalHours * hourMs);
