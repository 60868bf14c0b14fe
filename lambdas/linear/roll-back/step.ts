/** Roll back: undoes what the intents say and the world shows, one call after the other, until nothing is left. */
import * as z from "zod";
import { listIntents, updateIntent } from "../../../adapters/store/intents.ts";
import { planRollback } from "../../../core/decide/linear/roll-back/plan.ts";
import type {
  RefusedAction,
  RollbackAction,
  RollbackPlan,
} from "../../../core/decide/linear/roll-back/world.ts";
import { familyOf, SpotOptimizerError } from "../../../core/errors.ts";
import type { LinearEvaluation } from "../../../core/model/evaluation.ts";
import type { Intent } from "../../../core/model/intent.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  withProgress,
} from "../../evaluation/evaluation-step.ts";
import { acquireLeases } from "../../evaluation/lease.ts";
import { caughtSchema, failureOf } from "../../evaluation/failure.ts";
import { carryOutUndo } from "./actions.ts";
import { readWorld } from "./world.ts";
import { type LinearSession, type LinearResult } from "../session.ts";

const outputSchema = z.object({
  kind: z.enum(["UNDONE", "WAITING", "NEEDS_OPERATOR"]),
  summary: z.string(),
});
type Output = z.infer<typeof outputSchema>;

/** Calls in one invocation: each takes a second or two with its readings, and the function has 60 s. */
const maxActions = 12;

/** Stop, start and checks of the original take minutes; an hour leaves room for a bad day of EC2. */
const deadlineMinutes = 60;

const markUndone = async (session: LinearSession, intents: readonly Intent[]): Promise<void> => {
  for (const intent of intents) {
    await updateIntent(
      session.context.table,
      session.evaluation.evaluationId,
      intent.id,
      (stored) => ({ ...stored, status: "UNDONE" }),
    );
  }
};

interface Refusal extends RefusedAction {
  /** A thing between two states, or not known yet: in a moment AWS may say yes. A missing permission stays missing. */
  readonly mayPass: boolean;
}

/** Undefined when it was carried out, else AWS's refusal. Throws what the workflow repeats, or what we do not know. */
const attempt = async (
  session: LinearSession,
  action: RollbackAction,
): Promise<Refusal | undefined> => {
  try {
    await carryOutUndo(session, action);
    return undefined;
  } catch (error) {
    if (!(error instanceof SpotOptimizerError) || familyOf(error) !== "Broken") throw error;
    const mayPass = error.name === "BrokenRequest" || error.name === "BrokenNotFound";
    return { action, sentence: error.message, mayPass };
  }
};

interface Undoing {
  /** At which the invocation ends; each action before it was carried out, or refused. */
  readonly plan: RollbackPlan;
  readonly refused: readonly Refusal[];
}

const undoWhatCanBe = async (
  session: LinearSession,
  planned: readonly Intent[],
): Promise<Undoing> => {
  const { context, evaluation } = session;
  const refused: Refusal[] = [];
  let intents = planned;
  for (let actions = 0; actions < maxActions; actions += 1) {
    const plan = planRollback({ ...(await readWorld(session, intents)), refused });
    if (plan.kind === "DONE") await markUndone(session, intents);
    if (plan.kind !== "ACT") return { plan, refused };
    const refusal = await attempt(session, plan.action);
    if (refusal !== undefined) refused.push(refusal);
    else if (plan.action.kind === "CANCEL_RETIREMENT") {
      const { intentId } = plan.action;
      await markUndone(
        session,
        intents.filter((intent) => intent.id === intentId),
      );
    }
    intents = await listIntents(context.table, evaluation.evaluationId);
  }
  return { plan: { kind: "WAIT", sentence: "The roll-back goes on." }, refused };
};

const needsOperator = (sentence: string): LinearResult<Output> => ({
  output: { kind: "NEEDS_OPERATOR", summary: sentence },
  change: (record) => ({ ...record, rollbackProblem: sentence }),
});

const minuteMs = 60_000;

/** Since the first invocation that came to an end. */
const waitedMinutes = ({ evaluation, now }: LinearSession): number => {
  const begun = evaluation.phases.find((phase) => phase.name === "roll-back")?.startedAt;
  return (now.getTime() - Date.parse(begun ?? now.toISOString())) / minuteMs;
};

const stillWaiting = (session: LinearSession, sentence: string): LinearResult<Output> =>
  waitedMinutes(session) > deadlineMinutes
    ? needsOperator(`${sentence} Waited ${String(deadlineMinutes)} minutes for it.`)
    : { output: { kind: "WAITING", summary: sentence } };

/** EC2 shows a change of state after seconds; what it still refuses after this, it refuses for a reason. */
const refusalMinutes = 5;

const settle = (session: LinearSession, { plan, refused }: Undoing): LinearResult<Output> => {
  switch (plan.kind) {
    case "DONE":
      return {
        output: {
          kind: "UNDONE",
          summary: `${session.evaluation.subject.instanceId} is as it was; nothing of ours is left.`,
        },
        change: withProgress({ restoredAt: session.context.now().toISOString() }),
      };
    case "NEEDS_OPERATOR":
      return refused.some(({ mayPass }) => mayPass) && waitedMinutes(session) < refusalMinutes
        ? stillWaiting(session, plan.sentence)
        : needsOperator(plan.sentence);
    case "WAIT":
      return stillWaiting(session, plan.sentence);
    case "ACT":
      return stillWaiting(session, "The roll-back goes on.");
  }
};

/** The first failure is the story; a later one of the roll-back itself is added by the record. */
const noteFailure =
  (caught: z.infer<typeof caughtSchema>) =>
  (record: LinearEvaluation): LinearEvaluation => {
    const failure = failureOf(caught);
    return failure === undefined || record.failure !== undefined ? record : { ...record, failure };
  };

/** Waits while another evaluation works on the instance: two at once must not, and that one ends soon. */
const rollBack = async (session: LinearSession): Promise<LinearResult<Output>> => {
  const { context, evaluation } = session;
  const { evaluationId: owner, subject } = evaluation;
  const intents = await listIntents(context.table, owner);
  if (intents.length === 0) return settle(session, { plan: { kind: "DONE" }, refused: [] });
  const held = await acquireLeases(context.table, { subject, owner, now: context.now() });
  if (held.kind === "BUSY") {
    return stillWaiting(session, `Evaluation ${held.owner} holds ${subject.instanceId} by now.`);
  }
  const { output, change } = settle(session, await undoWhatCanBe(session, intents));
  // Another may have had the lease in between: it is released under the number that holds now.
  const { leases } = held;
  return { output, change: (record) => ({ ...(change?.(record) ?? record), leases }) };
};

export const rollBackStep = defineEvaluationStep({
  name: "roll-back",
  mode: "LINEAR",
  input: evaluationInputSchema.extend({ state: caughtSchema }),
  output: outputSchema,
  needsLease: false,
  run: async (session, { state }) => {
    const result = await rollBack(session);
    return {
      output: result.output,
      change: (record) => noteFailure(state)(result.change?.(record) ?? record),
    };
  },
});
