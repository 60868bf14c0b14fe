/** Which of a target's failed attempts was a recovery: one to move it says nothing of when it is recovered. */
import { getEvaluation } from "../../adapters/store/evaluations.ts";
import type { Table } from "../../adapters/store/table.ts";
import { isRecovery } from "../../core/model/evaluation-kind.ts";
import type { FailedAttempt, Target } from "../../core/model/target.ts";

/** Undefined: none has failed since it was last moved, or what has failed was another thing. */
export const failedRecoveryOf = async (
  table: Table,
  { failedAttempt }: Pick<Target, "failedAttempt">,
): Promise<FailedAttempt | undefined> => {
  if (failedAttempt === undefined) return undefined;
  const evaluation = await getEvaluation(table, failedAttempt.evaluationId);
  return evaluation !== undefined && isRecovery(evaluation) ? failedAttempt : undefined;
};
