/** Opens an evaluation for one invocation: record, account and target are read anew, clients are made when asked for. */
import { getAccount } from "../../adapters/store/accounts.ts";
import { getEvaluation } from "../../adapters/store/evaluations.ts";
import { getTarget } from "../../adapters/store/targets.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { Account } from "../../core/model/account.ts";
import type { Evaluation } from "../../core/model/evaluation.ts";
import type { EvaluationId } from "../../core/model/ids.ts";
import type { Target } from "../../core/model/target.ts";
import type { CustomerClients, StepContext } from "../runtime/context.ts";

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
