/** What was made for a pair whose original has left is the group's from then on: no roll-back touches it. */
import { listIntents, updateIntent } from "../../adapters/store/intents.ts";
import { takenFromOwner } from "../../core/decide/kubernetes/hidden-leave.ts";
import { isOpenIntent } from "../../core/decide/switch/outcome.ts";
import type { KubernetesSession } from "./session.ts";

/**
 * What stands on the new node because of us stays open: it is taken off when the node is released. What its removal has taken of what the owner wants is returned, in
 * sentences.
 */
export const commitSwap = async (
  { context, evaluation }: KubernetesSession,
  swapId: string,
): Promise<readonly string[]> => {
  const { evaluationId } = evaluation;
  const intents = await listIntents(context.table, evaluationId);
  const own = intents.filter((intent) => intent.swapId === swapId && isOpenIntent(intent));
  for (const { id, change } of own) {
    if (change.kind === "KEEP_NODE") continue;
    await updateIntent(context.table, evaluationId, id, (stored) => ({
      ...stored,
      status: "COMMITTED",
    }));
  }
  return takenFromOwner(swapId, intents);
};
