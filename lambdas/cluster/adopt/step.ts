/**
 * Adopt: a person has decided that the group is right as it stands. Members, sizes and suspended processes stay as they are; what we left on it by which
 * others are hindered, protection and claim, is taken off; what else we had changed is told. Nothing is ended.
 */
import * as z from "zod";
import { listIntents, updateIntents } from "../../../adapters/store/intents.ts";
import { isUnsettled } from "../../../core/decide/switch/unsettled.ts";
import { planClaim, planProtections } from "../../../core/decide/cluster/undo/settings.ts";
import type { ClusterUndoAction, UndoGroup } from "../../../core/decide/cluster/undo/world.ts";
import { changesOf, type Intent } from "../../../core/model/intent.ts";
import { defineEvaluationStep, evaluationInputSchema } from "../../evaluation/evaluation-step.ts";
import { adopted } from "../../evaluation/adopted.ts";
import { holdLease } from "../../evaluation/lease.ts";
import { liveClients, type LiveSession } from "../session.ts";
import { carryOutClusterUndo } from "../undo/actions.ts";
import { clusterReaders } from "../undo/world.ts";

/** What is taken off, by the group as it is and what the intents say. */
const actionsFor = (
  session: LiveSession,
  intents: readonly Intent[],
  group: UndoGroup | undefined,
): readonly ClusterUndoAction[] => {
  const now = session.context.now().toISOString();
  const { asgName } = session.evaluation.subject;
  const input = {
    group,
    replacements: [],
    kept: [],
    intents,
    refused: [],
    asgName,
    now,
    askedSince: now,
    originals: new Map<string, string>(),
  };
  return [...planProtections(input, group), planClaim(input, group)].flatMap((plan) =>
    plan?.kind === "ACT" ? [plan.action] : [],
  );
};

/** Changes of the group that stay. */
const leftOf = (intents: readonly Intent[]): readonly string[] => {
  const open = intents.filter(isUnsettled);
  return [
    ...changesOf(open, "RAISE_MAX").map(
      ({ maxOriginal, maxRaised }) =>
        `its maximum was raised from ${String(maxOriginal)} to ${String(maxRaised)}`,
    ),
    ...changesOf(open, "SUSPEND_AZ_REBALANCE").map(() => "AZRebalance was suspended"),
    ...changesOf(open, "RETIRE_ORIGINAL").map(
      ({ instanceId }) => `${instanceId} bears the marks of an original that is to be kept stopped`,
    ),
    ...changesOf(open, "LAUNCH_INSTANCE").flatMap(({ instanceId }) =>
      instanceId === undefined ? [] : [`${instanceId} was launched for it`],
    ),
  ];
};

export const adoptStep = defineEvaluationStep({
  name: "adopt",
  clients: liveClients,
  mode: "CLUSTER",
  input: evaluationInputSchema,
  output: z.object({ kind: z.literal("ADOPTED"), summary: z.string() }),
  run: async (session) => {
    const { context, evaluation } = session;
    const { evaluationId, subject } = evaluation;
    const intents = await listIntents(context.table, evaluationId);
    const group = await clusterReaders(session).group(intents);
    await holdLease(session);
    for (const action of actionsFor(session, intents, group)) {
      await carryOutClusterUndo(session, action);
    }
    const left = leftOf(intents);
    // Last: until all the rest is done, no other evaluation may begin.
    await updateIntents(context.table, evaluationId, (intent) =>
      isUnsettled(intent) ? { ...intent, status: "SETTLED" } : intent,
    );
    const rest = left.length === 0 ? "Nothing of it was changed." : `Left so: ${left.join("; ")}.`;
    return {
      output: { kind: "ADOPTED", summary: `Group ${subject.asgName} stands as it is. ${rest}` },
      change: adopted(context.now().toISOString()),
    };
  },
});
