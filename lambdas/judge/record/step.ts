/** Record: how it ended, what it cost and saves; the target follows the switch; the lease is released. */
import * as z from "zod";
import { loadFacts, loadOffers } from "../../../adapters/store/evaluations.ts";
import { listIntents, planIntent, updateIntent } from "../../../adapters/store/intents.ts";
import { releaseLease } from "../../../adapters/store/leases.ts";
import { updateTarget } from "../../../adapters/store/targets.ts";
import { judgeOutcome } from "../../../core/decide/switch/outcome.ts";
import { downtimeSeconds } from "../../../core/decide/offers/savings.ts";
import { savingsOfSwitch } from "../../../core/decide/switch/switch-savings.ts";
import {
  endStatuses,
  statusesWithDowntime,
  type Evaluation,
  type Outcome,
} from "../../../core/model/evaluation.ts";
import type { Intent } from "../../../core/model/intent.ts";
import { defineEvaluationStep, evaluationInputSchema } from "../../evaluation/evaluation-step.ts";
import { caughtSchema, failureOf, rollbackFailureOf } from "../../evaluation/failure.ts";
import { leaseResource } from "../../evaluation/lease.ts";
import type { EvaluationSession } from "../../evaluation/session.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The warm image served its purpose once the final one is there; whichever is the last is kept for a while. */
const expireImages = async (
  session: EvaluationSession,
  intents: readonly Intent[],
): Promise<void> => {
  const { context, evaluation, now } = session;
  const images = intents
    .map((intent) => intent.change)
    .filter((change) => change.kind === "CREATE_IMAGE");
  const { cooloffHours, snapshotDays } = evaluation.policy;
  // They outlive the original, which is kept for the cool-off.
  const keepMs = cooloffHours * hourMs + snapshotDays * dayMs;
  const keepUntil = new Date(now.getTime() + keepMs).toISOString();
  const isSuperseded = (purpose: string): boolean =>
    purpose === "warm" && images.some((image) => image.purpose === "final");
  for (const { imageId, purpose } of images) {
    if (imageId === undefined) continue;
    await planIntent(context.table, evaluation.evaluationId, {
      id: `expire-${imageId}`,
      status: "COMMITTED",
      fence: evaluation.fence,
      plannedAt: now.toISOString(),
      change: {
        kind: "EXPIRE_IMAGE",
        imageId,
        dueAt: isSuperseded(purpose) ? now.toISOString() : keepUntil,
      },
    });
  }
};

/** From here on a roll-back leaves the switch alone; what has a due time is the janitor's. */
const commitIntents = async (
  session: EvaluationSession,
  intents: readonly Intent[],
): Promise<void> => {
  for (const intent of intents) {
    if (intent.status === "UNDONE" || intent.status === "SETTLED") continue;
    await updateIntent(
      session.context.table,
      session.evaluation.evaluationId,
      intent.id,
      (stored) => ({ ...stored, status: "COMMITTED" }),
    );
  }
};

const followTarget = async (session: EvaluationSession, outcome: Outcome): Promise<void> => {
  const { context, evaluation } = session;
  const endedAt = session.now.toISOString();
  const { replacementId, servingAt } = evaluation.progress;
  await updateTarget(context.table, evaluation.targetId, (target) => ({
    ...target,
    lastEvaluatedAt: endedAt,
    ...(outcome.status === "SWITCHED" && replacementId !== undefined
      ? { instanceId: replacementId, lastSwitchAt: servingAt ?? endedAt, updatedAt: endedAt }
      : {}),
  }));
};

const estimate = async (
  session: EvaluationSession,
  outcome: Outcome,
): Promise<Pick<Evaluation, "estimatedSavings">> => {
  const { context, evaluation } = session;
  const { verdict, progress, policy } = evaluation;
  if (verdict?.kind !== "SWITCH" || outcome.status !== "SWITCHED") return {};
  const facts = await loadFacts(context.table, evaluation.evaluationId);
  const offers = await loadOffers(context.table, evaluation.evaluationId);
  const savings = savingsOfSwitch({
    pool: progress.replacementPool,
    facts,
    offers: offers ?? [],
    policy,
  });
  return savings === undefined ? {} : { estimatedSavings: savings };
};

export const recordStep = defineEvaluationStep({
  name: "record",
  input: evaluationInputSchema.extend({ state: caughtSchema }),
  output: z.object({ kind: z.enum(endStatuses), summary: z.string() }),
  // What happened is recorded even if the lease was lost meanwhile.
  needsLease: false,
  run: async (session, { state }) => {
    const { context, evaluation } = session;
    const intents = await listIntents(context.table, evaluation.evaluationId);
    const failure = evaluation.failure ?? failureOf(state);
    const rollbackProblem = evaluation.rollbackProblem ?? rollbackFailureOf(state)?.cause;
    const outcome = judgeOutcome({
      evaluation,
      intents,
      ...(failure === undefined ? {} : { failure }),
      ...(rollbackProblem === undefined ? {} : { rollbackProblem }),
    });
    if (outcome.status === "SWITCHED") {
      await commitIntents(session, intents);
      await expireImages(session, intents);
    }
    await followTarget(session, outcome);
    const added = await estimate(session, outcome);
    await releaseLease(context.table, {
      resource: leaseResource(evaluation),
      owner: evaluation.evaluationId,
      fence: evaluation.fence,
    });
    const downtime = statusesWithDowntime.includes(outcome.status)
      ? downtimeSeconds(evaluation.progress)
      : undefined;
    return {
      output: { kind: outcome.status, summary: outcome.sentence },
      change: (record) => ({
        ...record,
        status: outcome.status,
        outcome,
        endedAt: session.now.toISOString(),
        ...(failure === undefined ? {} : { failure }),
        ...(rollbackProblem === undefined ? {} : { rollbackProblem }),
        ...(downtime === undefined ? {} : { downtimeSeconds: downtime }),
        ...added,
      }),
    };
  },
});
