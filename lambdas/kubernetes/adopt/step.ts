/**
 * Adopt: a person has decided that the nodes are right as they stand. Nothing is ended or moved. What we left by which others are hindered is taken off: cordon, annotation, protection
 * and claims; what else we had changed is told.
 */
import * as z from "zod";
import { listIntents, updateIntents } from "../../../adapters/store/intents.ts";
import {
  planKeep,
  planUncordon,
  planUncordonOwn,
} from "../../../core/decide/kubernetes/undo/marks.ts";
import { planClaim, planProtection } from "../../../core/decide/kubernetes/undo/settings.ts";
import { openOf, type Next } from "../../../core/decide/kubernetes/undo/step.ts";
import type { KubernetesUndoWorld } from "../../../core/decide/kubernetes/undo/world.ts";
import { isUnsettled } from "../../../core/decide/switch/unsettled.ts";
import type { NodeFacts } from "../../../core/model/kubernetes/node.ts";
import { changesOf, type Intent } from "../../../core/model/intent.ts";
import { nameOf } from "../../../core/model/subject.ts";
import { adopted } from "../../evaluation/adopted.ts";
import { defineEvaluationStep, evaluationInputSchema } from "../../evaluation/evaluation-step.ts";
import { holdLease } from "../../evaluation/lease.ts";
import { carryOutKubernetesUndo } from "../undo/actions.ts";
import { undoInput } from "../undo/undo.ts";
import { kubernetesReaders, undoClients, type UndoSession } from "../undo/world.ts";

const readWorld = async (
  session: UndoSession,
  intents: readonly Intent[],
): Promise<KubernetesUndoWorld> => {
  const readers = kubernetesReaders(session);
  const [group, spotGroup, nodes] = await Promise.all([
    readers.group(intents),
    readers.spotGroup(intents),
    readers.nodes(intents),
  ]);
  return { group, spotGroup, nodes, replacements: [] };
};

/** New nodes that a roll-back was about to empty. */
const cordonedByUs = (
  { swaps }: UndoSession,
  intents: readonly Intent[],
  { nodes }: KubernetesUndoWorld,
): readonly NodeFacts[] => {
  const grown = changesOf(intents, "SCALE_OUT").map(({ instanceId }) => instanceId);
  const made = [...swaps.map(({ replacement }) => replacement?.instanceId), ...grown];
  return nodes.filter((node) => made.some((id) => id !== undefined && node.instanceId === id));
};

/** What is taken off, by the world as it is and what the intents say. One that is not known yet is left to its owner, and told. */
const plansFor = (
  session: UndoSession,
  intents: readonly Intent[],
  world: KubernetesUndoWorld,
): readonly Next[] => {
  const input = undoInput(session, { world, intents, refused: [] }, { phase: "adopt" });
  return [
    planProtection(input),
    ...openOf(intents, "CORDON_NODE").map((open) => planUncordon(input, open)),
    ...openOf(intents, "HOLD_NODE").map((open) => planUncordon(input, open)),
    ...cordonedByUs(session, intents, world).map((node) => planUncordonOwn(input, node)),
    ...openOf(intents, "KEEP_NODE").map((open) => planKeep({ ...input, intents: [open] })),
    ...openOf(intents, "CLAIM_GROUP").map((open) => planClaim({ ...input, intents: [open] })),
  ];
};

/** Changes that stay. */
const leftOf = (intents: readonly Intent[]): readonly string[] => {
  const open = intents.filter(isUnsettled);
  return [
    ...changesOf(open, "SUSPEND_AZ_REBALANCE").map(
      ({ asgName }) => `AZRebalance of ${asgName} was suspended`,
    ),
    ...changesOf(open, "SCALE_OUT").map(
      ({ nodeGroup, instanceId }) =>
        `node group ${nodeGroup} has grown by ${instanceId ?? "one node"}`,
    ),
    ...changesOf(open, "LAUNCH_INSTANCE").flatMap(({ instanceId }) =>
      instanceId === undefined ? [] : [`${instanceId} was launched for it`],
    ),
  ];
};

export const adoptStep = defineEvaluationStep({
  name: "adopt",
  clients: undoClients,
  mode: "KUBERNETES",
  input: evaluationInputSchema,
  output: z.object({ kind: z.literal("ADOPTED"), summary: z.string() }),
  run: async (session) => {
    const { context, evaluation } = session;
    const { evaluationId, subject } = evaluation;
    const intents = await listIntents(context.table, evaluationId);
    const world = await readWorld(session, intents);
    await holdLease(session);
    for (const plan of plansFor(session, intents, world)) {
      if (plan?.kind === "ACT") await carryOutKubernetesUndo(session, plan.action);
    }
    const left = leftOf(intents);
    // Last: until all the rest is done, no other evaluation may begin.
    await updateIntents(context.table, evaluationId, (intent) =>
      isUnsettled(intent) ? { ...intent, status: "SETTLED" } : intent,
    );
    const rest = left.length === 0 ? "Nothing of it was changed." : `Left so: ${left.join("; ")}.`;
    return {
      output: { kind: "ADOPTED", summary: `${nameOf(subject)} stands as it is. ${rest}` },
      change: adopted(context.now().toISOString()),
    };
  },
});
