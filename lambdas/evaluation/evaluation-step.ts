/**
 * Steps that work on one evaluation. Each invocation reads record, target and account anew, renews the lease,
 * runs, and writes the record once: what the step adds to it, and the phase for the reader of the record.
 */
import * as z from "zod";
import { getAccount } from "../../adapters/store/accounts.ts";
import { getEvaluation, updateEvaluation } from "../../adapters/store/evaluations.ts";
import { acquireLease } from "../../adapters/store/leases.ts";
import { getTarget } from "../../adapters/store/targets.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { Account } from "../../core/model/account.ts";
import type { Evaluation, Phase, SwitchProgress } from "../../core/model/evaluation.ts";
import { evaluationIdSchema, type EvaluationId } from "../../core/model/ids.ts";
import type { Target } from "../../core/model/target.ts";
import type { CustomerClients, StepContext } from "../runtime/context.ts";
import type { Step } from "../runtime/step.ts";

/**
 * Three times the longest gap between two invocations: the slowest poll waits 60 s, a step may run 60 s and be
 * retried after 60 s; 15 minutes leave room for a redrive by hand.
 */
export const leaseSeconds = 15 * 60;

export const leaseResource = (subject: { accountId: string; instanceId: string }): string =>
  `instance#${subject.accountId}#${subject.instanceId}`;

export const evaluationInputSchema = z.object({ evaluationId: evaluationIdSchema });

/** What is left to do for an evaluation whose target may be deleted by now. */
export interface DueSession {
  readonly context: StepContext;
  readonly evaluation: Evaluation;
  readonly account: Account;
  /** The instant at which this invocation began. */
  readonly now: Date;
  /** Clients in the customer's account; assumes the role at the first call. */
  readonly customer: () => Promise<CustomerClients>;
}

export interface EvaluationSession extends DueSession {
  readonly target: Target;
}

/** What every step returns to the workflow: the value it routes on, and a sentence for the console. */
export interface StepOutput {
  readonly kind: string;
  readonly summary: string;
}

export interface StepResult<Output extends StepOutput> {
  readonly output: Output;
  /** What is added to the record, in the same write as the phase. */
  readonly change?: (evaluation: Evaluation) => Evaluation;
}

const missing = (what: string, id: string): SpotOptimizerError =>
  new SpotOptimizerError("BrokenNotFound", `${what} ${id} does not exist.`, { resource: id });

/** @throws BrokenNotFound for an evaluation or an account that does not exist */
export const openDueSession = async (
  context: StepContext,
  evaluationId: EvaluationId,
): Promise<DueSession> => {
  const evaluation = await getEvaluation(context.table, evaluationId);
  if (evaluation === undefined) throw missing("Evaluation", evaluationId);
  const account = await getAccount(context.table, evaluation.accountId);
  if (account === undefined) throw missing("Account", evaluation.accountId);
  return {
    context,
    evaluation,
    account,
    now: context.now(),
    customer: () => context.customer(account, evaluation.region, evaluation.evaluationId),
  };
};

/** @throws BrokenNotFound for an evaluation, a target or an account that does not exist */
export const openSession = async (
  context: StepContext,
  evaluationId: EvaluationId,
): Promise<EvaluationSession> => {
  const session = await openDueSession(context, evaluationId);
  const target = await getTarget(context.table, session.evaluation.targetId);
  if (target === undefined) throw missing("Target", session.evaluation.targetId);
  return { ...session, target };
};

/** Renews our lease, or takes it back if nobody else took it since. Throws StaleLease. */
export const holdLease = async (session: EvaluationSession): Promise<void> => {
  const { context, evaluation } = session;
  const lease = await acquireLease(context.table, {
    resource: leaseResource(evaluation),
    owner: evaluation.evaluationId,
    now: context.now(),
    seconds: leaseSeconds,
  });
  if (lease.kind === "HELD" && lease.fence === evaluation.fence) return;
  throw new SpotOptimizerError(
    "StaleLease",
    lease.kind === "BUSY"
      ? `Evaluation ${lease.owner} holds the lease of ${evaluation.instanceId}.`
      : `The lease of ${evaluation.instanceId} was taken by others since (fence ${String(lease.fence)}, ours is ${String(evaluation.fence)}).`,
    { resource: evaluation.instanceId, nextStep: "Wait for that evaluation to end." },
  );
};

const notePhase = (
  phases: readonly Phase[],
  note: { name: string; startedAt: string; endedAt: string; output: StepOutput },
): readonly Phase[] => {
  const others = phases.filter((phase) => phase.name !== note.name);
  const begun = phases.find((phase) => phase.name === note.name);
  const open = note.output.kind === "WAITING";
  return [
    ...others,
    {
      name: note.name,
      startedAt: begun?.startedAt ?? note.startedAt,
      ...(open ? {} : { endedAt: note.endedAt }),
      summary: note.output.summary,
    },
  ];
};

/** Rethrows; a retry in this sandbox must not meet the same expired session again. */
const forgettingExpired = async <Result>(
  { context, account }: EvaluationSession,
  run: () => Promise<Result>,
): Promise<Result> => {
  try {
    return await run();
  } catch (error) {
    if (error instanceof SpotOptimizerError && error.name === "RetryableCredentials") {
      context.forgetSessions(account);
    }
    throw error;
  }
};

export interface EvaluationStepDefinition<
  Input extends { evaluationId: EvaluationId },
  Output extends StepOutput,
> {
  readonly name: string;
  readonly input: z.ZodType<Input>;
  readonly output: z.ZodType<Output>;
  /** Name in the record where one function serves several states. Default: `name`. */
  readonly phase?: (input: Input) => string;
  /** Off for what must also run when the lease was lost. Default: on. */
  readonly needsLease?: boolean;
  readonly run: (session: EvaluationSession, input: Input) => Promise<StepResult<Output>>;
}

export const defineEvaluationStep = <
  Input extends { evaluationId: EvaluationId },
  Output extends StepOutput,
>(
  definition: EvaluationStepDefinition<Input, Output>,
): Step<Input, Output> => ({
  name: definition.name,
  input: definition.input,
  output: definition.output,
  run: async (context, input) => {
    const session = await openSession(context, input.evaluationId);
    if (definition.needsLease !== false) await holdLease(session);
    const { output, change } = await forgettingExpired(session, () =>
      definition.run(session, input),
    );
    const endedAt = context.now().toISOString();
    await updateEvaluation(context.table, input.evaluationId, (evaluation) => {
      const changed = change?.(evaluation) ?? evaluation;
      return {
        ...changed,
        phases: notePhase(changed.phases, {
          name: definition.phase?.(input) ?? definition.name,
          startedAt: session.now.toISOString(),
          endedAt,
          output,
        }),
      };
    });
    return output;
  },
});

/** Adds to the progress of the switch. */
export const withProgress =
  (added: SwitchProgress) =>
  (evaluation: Evaluation): Evaluation => ({
    ...evaluation,
    progress: { ...evaluation.progress, ...added },
  });
