/** What an invocation works with: the evaluation read anew, its swaps, target and account, and the customer's clients. */
import { getAccount } from "../../adapters/store/accounts.ts";
import { getEvaluationWithSwaps } from "../../adapters/store/evaluations.ts";
import { getTarget } from "../../adapters/store/targets.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { Account } from "../../core/model/account.ts";
import type { EvaluationOf } from "../../core/model/evaluation.ts";
import type { EvaluationId } from "../../core/model/ids.ts";
import type { Swap } from "../../core/model/swap.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import type { TargetOf } from "../../core/model/target.ts";
import type { CustomerClients, StepContext } from "../runtime/context.ts";

/** What is left to do for an evaluation whose target may be deleted by now. */
export interface DueSession<Mode extends PipelineMode = PipelineMode> {
  readonly context: StepContext;
  readonly evaluation: EvaluationOf<Mode>;
  readonly swaps: readonly Swap[];
  readonly account: Account;
  /** The instant at which this invocation began. */
  readonly now: Date;
  /** Clients in the customer's account; assumes the role at the first call. */
  readonly customer: () => Promise<CustomerClients>;
}

export interface EvaluationSession<
  Mode extends PipelineMode = PipelineMode,
> extends DueSession<Mode> {
  readonly target: TargetOf<Mode>;
}

const missing = (what: string, id: string): SpotOptimizerError =>
  new SpotOptimizerError("BrokenNotFound", `${what} ${id} does not exist.`, { resource: id });

/** @throws BrokenNotFound for an evaluation or an account that does not exist */
export const openDueSession = async (
  context: StepContext,
  evaluationId: EvaluationId,
): Promise<DueSession> => {
  const stored = await getEvaluationWithSwaps(context.table, evaluationId);
  if (stored === undefined) throw missing("Evaluation", evaluationId);
  const { evaluation } = stored;
  const account = await getAccount(context.table, evaluation.accountId);
  if (account === undefined) throw missing("Account", evaluation.accountId);
  return {
    context,
    ...stored,
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

const isOfMode = <Mode extends PipelineMode>(
  session: EvaluationSession,
  mode: Mode,
): session is EvaluationSession<Mode> & EvaluationSession =>
  session.evaluation.mode === mode && session.target.pipelineMode === mode;

/** @throws BrokenInput where evaluation or target is of another mode: the workflow that asks is not theirs */
export const requireMode = <Mode extends PipelineMode>(
  session: EvaluationSession,
  mode: Mode,
): EvaluationSession<Mode> => {
  if (isOfMode(session, mode)) return session;
  const { evaluation, target } = session;
  throw new SpotOptimizerError(
    "BrokenInput",
    `A step of ${mode} was given evaluation ${evaluation.evaluationId} of ${evaluation.mode}, whose target is in mode ${target.pipelineMode}.`,
    { resource: evaluation.evaluationId },
  );
};
