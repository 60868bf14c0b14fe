/** Adds what an evaluation has launched to the inventory of Spot: an interruption may come before the next sweep, and its pool is known then. */
import { addSpotInstance } from "../../adapters/store/spot-instances.ts";
import type { Replacement } from "../../core/model/swap.ts";
import type { EvaluationSession } from "./session.ts";

export const keepInInventory = async (
  { context, evaluation }: Pick<EvaluationSession, "context" | "evaluation">,
  { instanceId, pool }: Replacement,
): Promise<void> => {
  const { accountId, targetId } = evaluation;
  const launchedAt = context.now().toISOString();
  await addSpotInstance(context.table, { accountId, instanceId, ...pool, launchedAt, targetId });
};
