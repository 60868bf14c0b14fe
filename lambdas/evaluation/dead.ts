/**
 * Ends the record of an evaluation whose execution has ended without it: it was stopped by hand, or broke off. What it has left open waits
 * for a person, and that is said; nothing in the account is touched.
 */
import { updateEvaluation } from "../../adapters/store/evaluations.ts";
import { listIntents } from "../../adapters/store/intents.ts";
import type { Evaluation, EvaluationStatus } from "../../core/model/evaluation.ts";
import type { Intent } from "../../core/model/intent.ts";
import { abandonedSentence } from "./abandoned.ts";
import { isItsExecutionRunning } from "./its-execution.ts";
import { releaseLeases } from "./lease.ts";
import type { StartContext } from "./start.ts";
import { unfinishedSentence } from "./unfinished.ts";
import { awaitedExecution, type Settled } from "./unstarted.ts";

type Context = Pick<StartContext, "now" | "table" | "sfn" | "workflowOf">;

interface Ending {
  readonly status: Extract<EvaluationStatus, "DEGRADED" | "NEEDS_OPERATOR" | "ROLLED_BACK">;
  readonly sentence: string;
}

/** By its plan alone: what was committed may stand half-way, for its end was never written. */
const endingOf = ({ evaluationId, subject }: Evaluation, intents: readonly Intent[]): Ending => {
  if (intents.length === 0) return { status: "DEGRADED", sentence: "Nothing was touched." };
  return intents.every(({ status }) => status === "UNDONE")
    ? { status: "ROLLED_BACK", sentence: "All that it had begun was undone before." }
    : { status: "NEEDS_OPERATOR", sentence: unfinishedSentence(evaluationId, subject) };
};

const isSame = (one: Evaluation, other: Evaluation): boolean =>
  one.status === other.status &&
  one.endedAt === other.endedAt &&
  one.executionArn === other.executionArn &&
  (one.resolutions ?? []).length === (other.resolutions ?? []).length;

/**
 * Whoever works on it renews its lease, and a lease that has run out is not enough: Step Functions is asked. Throws Retryable… when it, or
 * the table, does not answer.
 */
export const settleDead = async (context: Context, record: Evaluation): Promise<Settled> => {
  const { evaluationId, executionArn = evaluationId } = record;
  const isLeft =
    awaitedExecution(record) === undefined &&
    (await abandonedSentence(context, record)) !== undefined;
  if (!isLeft) return "WAITS";
  if (await isItsExecutionRunning(context, record)) return "RUNS";
  const { status, sentence } = endingOf(record, await listIntents(context.table, evaluationId));
  const failure = {
    error: "BrokenDeadline" as const,
    cause: `Its execution ${executionArn} has ended, and did not write how.`,
  };
  const endedAt = context.now().toISOString();
  const ended = await updateEvaluation(context.table, evaluationId, (stored) =>
    isSame(stored, record)
      ? {
          ...stored,
          status,
          failure,
          outcome: { status, reason: failure.error, sentence: `${failure.cause} ${sentence}` },
          endedAt,
        }
      : stored,
  );
  if (ended.endedAt !== endedAt) return "WAITS";
  // What is left open keeps it: a redrive finds it, and no other evaluation begins.
  if (status !== "NEEDS_OPERATOR") await releaseLeases(context.table, evaluationId, ended.leases);
  return "ENDED";
};
