/** Says what is recovered by itself, and when a recovery that failed is tried again: soon at first, for the load is down, and ever more rarely where EC2 has no room. */
import { readRefusalSentence } from "../../model/aws-refusal.ts";
import type { Failure, Outcome } from "../../model/evaluation.ts";
import type { EvaluationId } from "../../model/ids.ts";
import type { FailedAttempt, Target, TargetOf } from "../../model/target.ts";

/** Its owner's deletion flags are kept while it stands on Spot. */
export const isWatchedForLoss = (target: Target): target is TargetOf<"LINEAR"> =>
  target.pipelineMode === "LINEAR" && target.ownersDeletionFlags !== undefined;

const minuteMs = 60_000;
/** A sweep comes each quarter of an hour: the next one tries again. */
const firstMs = 10 * minuteMs;
/** Nine of ten outages of a pool end within one to five hours, by the recorded traces. */
const longestMs = 4 * 60 * minuteMs;

const delayOf = (before: FailedAttempt | undefined): number =>
  before?.retryAt === undefined
    ? firstMs
    : Math.min(longestMs, 2 * (Date.parse(before.retryAt) - Date.parse(before.at)));

interface EndedRecovery {
  readonly evaluationId: EvaluationId;
  /** ISO 8601 */
  readonly endedAt: string;
  readonly outcome: Outcome;
  /** Absent: it did not fail, and launched nothing. */
  readonly failure?: Failure;
}

/** @param before the last recovery of the same target that failed. Done twice for the same evaluation it changes nothing. */
export const rememberRecovery = (
  before: FailedAttempt | undefined,
  ended: EndedRecovery,
): FailedAttempt => {
  const { evaluationId, endedAt: at, outcome } = ended;
  if (before?.evaluationId === evaluationId) return before;
  const { error, cause } = ended.failure ?? { error: outcome.reason, cause: outcome.sentence };
  const { code, action } = readRefusalSentence(cause) ?? {};
  return {
    evaluationId,
    at,
    cause: {
      error,
      ...(code !== undefined && { code }),
      ...(action !== undefined && { action }),
    },
    hadDowntime: false,
    retryAt: new Date(Date.parse(at) + delayOf(before)).toISOString(),
  };
};

/**
 * Is a target whose Spot Instance was lost to be recovered now?
 * @param failed of its recoveries, the last one. Undefined: none has failed.
 */
export const isRecoveryDue = (failed: FailedAttempt | undefined, now: Date): boolean =>
  failed?.retryAt === undefined || Date.parse(failed.retryAt) <= now.getTime();
