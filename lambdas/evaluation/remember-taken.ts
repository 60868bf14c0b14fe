/** Remembers for all who look for a pool that it took an instance of an evaluation back, and of whose account it was: what LAB loses counts for itself alone. */
import { recordLoss, type PoolEvent } from "../../adapters/store/pools.ts";
import type { EvaluationSession } from "./session.ts";

export const rememberTaken = (
  {
    context,
    evaluation,
  }: Pick<EvaluationSession, "evaluation"> & {
    readonly context: Pick<EvaluationSession["context"], "now" | "table">;
  },
  { instanceId, ...taken }: Pick<PoolEvent, "pool" | "held"> & { readonly instanceId: string },
): Promise<void> => {
  const { evaluationId, accountId, environment } = evaluation;
  const at = context.now().toISOString();
  return recordLoss(context.table, {
    ...taken,
    at,
    what: instanceId,
    evaluationId,
    accountId,
    environment,
  });
};
