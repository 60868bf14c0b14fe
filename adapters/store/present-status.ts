/** Reads how an evaluation ended in the words of now, where an earlier release wrote it in others. */
import type { Evaluation, EvaluationStatus } from "../../core/model/evaluation.ts";

/** Of before there were approvals. */
const renamed: ReadonlyMap<string, Extract<EvaluationStatus, "AWAITING_APPROVAL">> = new Map([
  ["APPROVAL_REQUIRED", "AWAITING_APPROVAL"],
]);

export const withPresentStatus = <Record extends Pick<Evaluation, "status" | "outcome">>(
  record: Record,
): Record => {
  const status = renamed.get(record.status);
  if (status === undefined) return record;
  const { outcome } = record;
  return { ...record, status, ...(outcome !== undefined && { outcome: { ...outcome, status } }) };
};
