/** Is the place of the new node still ours? Asked before anything is taken from the old one, and before that leaves. */
import { listIntents } from "../../adapters/store/intents.ts";
import { desiredBefore } from "../../core/decide/kubernetes/undo/open-pair.ts";
import { whyAbsorbed } from "../../core/decide/kubernetes/surplus.ts";
import type { Swap } from "../../core/model/swap.ts";
import { readSpotGroup } from "./facts.ts";
import { readGroupShown } from "./group.ts";
import type { KubernetesSession } from "./session.ts";

/** Why no node may leave for it. Undefined: it is, or it is not known that our call has acted. */
export const readWhyAbsorbed = async (
  session: KubernetesSession<"autoScaling">,
  { swapId }: Pick<Swap, "swapId">,
): Promise<string | undefined> => {
  const { context, evaluation } = session;
  const planned = await listIntents(context.table, evaluation.evaluationId);
  const intents = planned.filter((intent) => intent.swapId === swapId && intent.status === "ACTED");
  const before = desiredBefore({ swapId, intents });
  if (before === undefined) return undefined;
  return whyAbsorbed(await readGroupShown(session, await readSpotGroup(session)), before);
};
