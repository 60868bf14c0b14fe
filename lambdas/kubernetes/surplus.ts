/** Is the place of the new node still ours, and may the old one leave for it? Asked before anything is taken from that one, and before it leaves. */
import { listIntents } from "../../adapters/store/intents.ts";
import { askedBefore } from "../../core/decide/kubernetes/hidden-leave.ts";
import { whyAbsorbed } from "../../core/decide/kubernetes/surplus.ts";
import type { GroupFacts } from "../../core/model/group.ts";
import type { Swap } from "../../core/model/swap.ts";
import { readSpotGroup } from "./facts.ts";
import { whyOwnerKeeps } from "../../core/decide/switch/group/owner-keeps.ts";
import { readGroupShown } from "./group.ts";
import type { KubernetesSession } from "./session.ts";

/**
 * Why no node may leave for it. Undefined: it is, or it is not known that our call has acted. Where both nodes are of one group it is told, too, that its owner keeps the old one.
 * @param shown a group as it was read just now: not read again where it is that of the new node
 */
export const readWhyAbsorbed = async (
  session: KubernetesSession<"autoScaling">,
  { swapId, originalId }: Pick<Swap, "swapId" | "originalId">,
  shown?: GroupFacts,
): Promise<string | undefined> => {
  const { context, evaluation } = session;
  const planned = await listIntents(context.table, evaluation.evaluationId);
  const intents = planned.filter((intent) => intent.swapId === swapId && intent.status === "ACTED");
  const before = askedBefore({ swapId, intents }, planned);
  if (before === undefined) return undefined;
  const judged = await readSpotGroup(session);
  const group = shown?.asgName === judged.asgName ? shown : await readGroupShown(session, judged);
  return whyOwnerKeeps(group, originalId) ?? whyAbsorbed(group, before);
};
