/** Record: how it ended, what it cost and saves; the target follows the switch; the leases are released. */
import * as z from "zod";
import { listIntents } from "../../../adapters/store/intents.ts";
import { updateTarget } from "../../../adapters/store/targets.ts";
import { recentDowntimes } from "../../../core/decide/switch/occasion.ts";
import { judgeOutcome } from "../../../core/decide/switch/outcome.ts";
import { endStatuses, type Failure } from "../../../core/model/evaluation.ts";
import { nameOf } from "../../../core/model/subject.ts";
import type { Target } from "../../../core/model/target.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  type StepResult,
} from "../../evaluation/evaluation-step.ts";
import { caughtSchema, failureOf, rollbackFailureOf } from "../../evaluation/failure.ts";
import { releaseLeases } from "../../evaluation/lease.ts";
import type { EvaluationSession } from "../../evaluation/session.ts";
import { giveBackSlot } from "../../evaluation/slot.ts";
import { closingOf } from "./closings.ts";

const outputSchema = z.object({ kind: z.enum(endStatuses), summary: z.string() });
type Output = z.infer<typeof outputSchema>;

interface Problems {
  readonly failure?: Failure;
  readonly rollbackProblem?: string;
}

const succeeded: readonly string[] = ["SWITCHED", "PARTLY_SWITCHED"];

/** What the next evaluation needs to know: how long the load was down, and when what stands against a switch has passed. */
const withOccasion = (
  { evaluation: { evaluationId, verdict, postponed } }: EvaluationSession,
  { evaluateAt: _past, downtimes, ...target }: Target,
  { endedAt, seconds }: { readonly endedAt: string; readonly seconds: number },
): Target => {
  const evaluateAt = postponed?.retryAt ?? verdict?.retryAt;
  const others = recentDowntimes(downtimes, endedAt).filter(
    (one) => one.evaluationId !== evaluationId,
  );
  const recent = seconds > 0 ? [...others, { evaluationId, at: endedAt, seconds }] : others;
  return {
    ...target,
    lastEvaluatedAt: endedAt,
    ...(evaluateAt === undefined ? {} : { evaluateAt }),
    ...(recent.length === 0 ? {} : { downtimes: [...recent] }),
  };
};

const record = async (
  session: EvaluationSession,
  problems: Problems,
): Promise<StepResult<Output>> => {
  const { context, evaluation, now } = session;
  const closing = closingOf(session);
  const intents = await listIntents(context.table, evaluation.evaluationId);
  const outcome = judgeOutcome({
    evaluation,
    subjectName: nameOf(evaluation.subject),
    ending: closing.ending(session, intents),
    intents,
    ...problems,
    ...(evaluation.isHeld === undefined ? {} : { isHeld: evaluation.isHeld }),
    ...(evaluation.leftBehind === undefined ? {} : { leftBehind: evaluation.leftBehind }),
  });
  const input = { outcome, intents };
  if (succeeded.includes(outcome.status)) await closing.commit(session, intents);
  const endedAt = now.toISOString();
  const follow = await closing.follow(session, input);
  const figures = await closing.figures(session, input);
  const seconds = figures.downtimeSeconds ?? 0;
  await updateTarget(context.table, evaluation.targetId, (target) =>
    withOccasion(session, follow(target), { endedAt, seconds }),
  );
  const swaps = closing.swaps(session, input);
  await giveBackSlot(session, outcome, seconds);
  await releaseLeases(context.table, evaluation.evaluationId, evaluation.leases);
  return {
    output: { kind: outcome.status, summary: outcome.sentence },
    swaps,
    change: (stored) => ({
      ...stored,
      status: outcome.status,
      outcome,
      endedAt,
      ...problems,
      ...figures,
    }),
  };
};

export const recordStep = defineEvaluationStep({
  name: "record",
  input: evaluationInputSchema.extend({ state: caughtSchema }),
  output: outputSchema,
  // What happened is recorded even if a lease was lost meanwhile.
  needsLease: false,
  run: (session, { state }) => {
    const { evaluation } = session;
    const failure = evaluation.failure ?? failureOf(state);
    const rollbackProblem = evaluation.rollbackProblem ?? rollbackFailureOf(state)?.cause;
    return record(session, {
      ...(failure === undefined ? {} : { failure }),
      ...(rollbackProblem === undefined ? {} : { rollbackProblem }),
    });
  },
});
