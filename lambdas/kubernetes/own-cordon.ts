/** Under which claim the node that goes was cordoned: by it the cordon is known as ours. */
import { listIntents } from "../../adapters/store/intents.ts";
import { exclusionLabel, type OwnCordon } from "../../core/decide/kubernetes/claims.ts";
import { isOpenIntent } from "../../core/decide/switch/outcome.ts";
import type { Intent } from "../../core/model/intent.ts";
import { absent } from "../evaluation/facts.ts";
import type { Launched } from "../evaluation/swap-changes.ts";
import type { KubernetesSession } from "./session.ts";

export const cordonId = ({ swapId }: Pick<Launched, "swapId">): string => `cordon-${swapId}`;

/** What a cordon has written, and what stood there. */
export const ownCordonIn = ({ change, before }: Intent): OwnCordon | undefined => {
  if (change.kind !== "CORDON_NODE") return undefined;
  const label = before?.[exclusionLabel];
  return { claim: change.claim, ...(typeof label === "string" ? { labelBefore: label } : {}) };
};

/** Of one that has acted, or may have. Undefined: none was planned. */
export const plannedCordon = async (
  { context, evaluation }: KubernetesSession,
  swap: Launched,
): Promise<OwnCordon | undefined> => {
  const intents = await listIntents(context.table, evaluation.evaluationId);
  const found = intents.find((intent) => intent.id === cordonId(swap) && isOpenIntent(intent));
  return found && ownCordonIn(found);
};

/** Throws BrokenFacts where the node was not cordoned. */
export const requireCordon = async (
  session: KubernetesSession,
  swap: Launched,
): Promise<OwnCordon> => {
  const cordon = await plannedCordon(session, swap);
  if (cordon === undefined) throw absent(session, `cordon of ${swap.originalId}`);
  return cordon;
};
