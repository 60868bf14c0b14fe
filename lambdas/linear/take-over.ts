/**
 * Cancels the retirement that an earlier evaluation has committed of the very instance that this one is about to replace: its owner
 * went back to it, and what becomes of it is this evaluation's from now on. The earlier one's tags find it; its intent says whether
 * it is ours.
 */
import { getEvaluation } from "../../adapters/store/evaluations.ts";
import { listIntents, updateIntent } from "../../adapters/store/intents.ts";
import { evaluationIdSchema, type EvaluationId } from "../../core/model/ids.ts";
import type { InstanceFacts } from "../../core/model/instance.ts";
import type { ChangeOf, Intent } from "../../core/model/intent.ts";
import { evaluationTag } from "../../core/model/tags.ts";
import { tellSettlement } from "../evaluation/tell-settlement.ts";
import type { LinearSession } from "./session.ts";

type Retirement = Intent & { readonly change: ChangeOf<"RETIRE_ORIGINAL"> };

const isOf =
  (instanceId: string) =>
  (intent: Intent): intent is Retirement =>
    intent.status === "COMMITTED" &&
    intent.change.kind === "RETIRE_ORIGINAL" &&
    intent.change.instanceId === instanceId;

/** Undefined where its tags name no other evaluation that we know. */
const earlierOf = async (
  { context, evaluation }: LinearSession<never>,
  { tags }: Pick<InstanceFacts, "tags">,
): Promise<EvaluationId | undefined> => {
  const named = evaluationIdSchema.safeParse(tags[evaluationTag]);
  if (!named.success || named.data === evaluation.evaluationId) return undefined;
  return (await getEvaluation(context.table, named.data)) === undefined ? undefined : named.data;
};

/** Before anything of the original is changed. Repeated it does nothing more. */
export const takeOverRetirement = async (
  session: LinearSession<never>,
  original: Pick<InstanceFacts, "instanceId" | "tags">,
): Promise<void> => {
  const { context, evaluation } = session;
  const earlier = await earlierOf(session, original);
  if (earlier === undefined) return;
  const intents = await listIntents(context.table, earlier);
  const retirement = intents.find(isOf(original.instanceId));
  if (retirement === undefined) return;
  await tellSettlement(context, earlier, {
    change: retirement.change,
    settled: {
      kind: "KEPT",
      reason: "NOT_OURS",
      sentence: `Evaluation ${evaluation.evaluationId} replaces ${original.instanceId} again: its retirement by ${earlier} is cancelled.`,
    },
  });
  await updateIntent(context.table, earlier, retirement.id, (stored) =>
    isOf(original.instanceId)(stored) ? { ...stored, status: "SETTLED" } : stored,
  );
};
