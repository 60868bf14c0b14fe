/** Says what stands in the way of a target whose last evaluation has left something open, and the three ways out. */
import type { EvaluationId } from "../../core/model/ids.ts";
import { nameOf, type Subject } from "../../core/model/subject.ts";

export const unfinishedSentence = (evaluationId: EvaluationId, subject: Subject): string => {
  const path = `POST /api/v1/evaluations/${evaluationId}`;
  return (
    `Evaluation ${evaluationId} has left open what it had begun at ${nameOf(subject)}. ` +
    `Next: let it go on (${path}/resume), undo it (${path}/roll-back), ` +
    `or say which instance serves (${path}/adopt); each tells with ?dry_run=true what it would do.`
  );
};
