/** Attaches whose answer is not known: what the group shows of them is written down before anything is judged by it. */
import { listIntents, updateIntent } from "../../../adapters/store/intents.ts";
import { attachesThatActed, unknownAttaches } from "../../../core/decide/cluster/capacity.ts";
import { readGroupAgain } from "../group.ts";
import type { LiveSession } from "../session.ts";

/** The room below the maximum that an attach has taken would look like taken by others, and its replacement like one that is still to join. */
export const settleUnanswered = async (session: LiveSession): Promise<void> => {
  const { context, evaluation } = session;
  const { evaluationId } = evaluation;
  const intents = await listIntents(context.table, evaluationId);
  if (unknownAttaches(intents).length === 0) return;
  for (const { id } of attachesThatActed(intents, await readGroupAgain(session))) {
    await updateIntent(context.table, evaluationId, id, (stored) => ({
      ...stored,
      status: "ACTED",
      actedAt: context.now().toISOString(),
    }));
  }
};
