/** Roll back: undoes what the intents say and the world shows, one call after the other, until nothing is left. */
import { z } from "zod";
import { listIntents, updateIntent } from "../../adapters/store/intents.ts";
import { acquireLease } from "../../adapters/store/leases.ts";
import { planRollback } from "../../core/decide/rollback-plan.ts";
import type { RollbackPlan } from "../../core/decide/rollback-world.ts";
import type { Evaluation } from "../../core/model/evaluation.ts";
import type { Intent } from "../../core/model/intent.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  leaseResource,
  leaseSeconds,
  type EvaluationSession,
  type StepResult,
} from "../runtime/evaluation-step.ts";
import { caughtSchema, failureOf } from "../runtime/failure.ts";
import { carryOutUndo } from "./actions.ts";
import { readWorld } from "./world.ts";

const outputSchema = z.object({
  kind: z.enum(["UNDONE", "WAITING", "NEEDS_OPERATOR"]),
  summary: z.string(),
});
type Output = z.infer<typeof outputSchema>;

/** Calls in one invocation: each takes a second or two with its readings, and the function has 60 s. */
const maxActions = 12;

/** Stop, start and checks of the original take minutes; an hour leaves room for a bad day of EC2. */
const deadlineMinutes = 60;

const markUndone = async (
  session: EvaluationSession,
  intents: readonly Intent[],
): Promise<void> => {
  for (const intent of intents) {
    await updateIntent(
      session.context.table,
      session.evaluation.evaluationId,
      intent.id,
      (stored) => ({ ...stored, status: "UNDONE" }),
    );
  }
};

/** The plan at which the invocation ends; each action before it was carried out. */
const undoWhatCanBe = async (session: EvaluationSession): Promise<RollbackPlan> => {
  const { context, evaluation } = session;
  for (let actions = 0; actions < maxActions; actions += 1) {
    const intents = await listIntents(context.table, evaluation.evaluationId);
    if (intents.length === 0) return { kind: "DONE" };
    const plan = planRollback(await readWorld(session, intents));
    if (plan.kind === "DONE") await markUndone(session, intents);
    if (plan.kind !== "ACT") return plan;
    await carryOutUndo(session, plan.action);
    if (plan.action.kind === "CANCEL_RETIREMENT") {
      const { intentId } = plan.action;
      await markUndone(
        session,
        intents.filter((intent) => intent.id === intentId),
      );
    }
  }
  return { kind: "WAIT", sentence: "The roll-back goes on." };
};

const needsOperator = (sentence: string): StepResult<Output> => ({
  output: { kind: "NEEDS_OPERATOR", summary: sentence },
  change: (record) => ({ ...record, rollbackProblem: sentence }),
});

const minuteMs = 60_000;

const stillWaiting = (session: EvaluationSession, sentence: string): StepResult<Output> => {
  const begun = session.evaluation.phases.find((phase) => phase.name === "roll-back")?.startedAt;
  const waitedMs = session.now.getTime() - Date.parse(begun ?? session.now.toISOString());
  return waitedMs > deadlineMinutes * minuteMs
    ? needsOperator(`${sentence} Waited ${String(deadlineMinutes)} minutes for it.`)
    : { output: { kind: "WAITING", summary: sentence } };
};

const settle = (session: EvaluationSession, plan: RollbackPlan): StepResult<Output> => {
  switch (plan.kind) {
    case "DONE":
      return {
        output: {
          kind: "UNDONE",
          summary: `${session.evaluation.instanceId} is as it was; nothing of ours is left.`,
        },
      };
    case "NEEDS_OPERATOR":
      return needsOperator(plan.sentence);
    case "WAIT":
      return stillWaiting(session, plan.sentence);
    case "ACT":
      return stillWaiting(session, "The roll-back goes on.");
  }
};

/** The first failure is the story; a later one of the roll-back itself is added by the record. */
const noteFailure =
  (caught: z.infer<typeof caughtSchema>) =>
  (record: Evaluation): Evaluation => {
    const failure = failureOf(caught);
    return failure === undefined || record.failure !== undefined ? record : { ...record, failure };
  };

export const rollBackStep = defineEvaluationStep({
  name: "roll-back",
  input: evaluationInputSchema.extend({ state: caughtSchema }),
  output: outputSchema,
  needsLease: false,
  run: async (session, { state }) => {
    const { context, evaluation } = session;
    const lease = await acquireLease(context.table, {
      resource: leaseResource(evaluation),
      owner: evaluation.evaluationId,
      now: context.now(),
      seconds: leaseSeconds,
    });
    const result =
      lease.kind === "BUSY"
        ? needsOperator(`Evaluation ${lease.owner} holds ${evaluation.instanceId} by now.`)
        : settle(session, await undoWhatCanBe(session));
    return {
      output: result.output,
      change: (record) => noteFailure(state)(result.change?.(record) ?? record),
    };
  },
});
