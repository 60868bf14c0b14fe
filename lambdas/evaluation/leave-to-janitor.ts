/** Hands what could not be put back to the janitor, who goes on trying. */
import { updateIntent } from "../../adapters/store/intents.ts";
import type { Intent } from "../../core/model/intent.ts";
import type { DueSession } from "./session.ts";

/** Due at once, whenever it was looked at last. */
export const leaveToJanitor = async (
  { context, evaluation }: DueSession,
  intentIds: readonly string[],
): Promise<void> => {
  for (const id of intentIds) {
    await updateIntent(
      context.table,
      evaluation.evaluationId,
      id,
      ({ retryAt: _, ...stored }): Intent => ({ ...stored, status: "COMMITTED" }),
    );
  }
};
