/**
 * What an invocation works with: the evaluation and its swaps, by one reading, and the customer's clients. Account and target are
 * read when they are first asked for: a poll needs neither.
 */
import { getAccount } from "../../adapters/store/accounts.ts";
import { loadEvaluation, type StoredEvaluation } from "../../adapters/store/evaluations.ts";
import { tableOfInvocation } from "../../adapters/store/remembering-table.ts";
import { getTarget } from "../../adapters/store/targets.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { Account } from "../../core/model/account.ts";
import type { EvaluationOf } from "../../core/model/evaluation.ts";
import type { EvaluationId } from "../../core/model/ids.ts";
import type { Swap } from "../../core/model/swap.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import type { TargetOf } from "../../core/model/target.ts";
import type {
  ClientName,
  CustomerClients,
  CustomerNames,
  StepContext,
} from "../runtime/context.ts";

/** What is left to do for an evaluation whose target may be deleted by now. */
export interface DueSession<
  Mode extends PipelineMode = PipelineMode,
  Name extends ClientName = never,
> {
  readonly context: StepContext<Name>;
  readonly evaluation: EvaluationOf<Mode>;
  readonly swaps: readonly Swap[];
  /** As it was read: what is written on top of it need not be read again. */
  readonly stored: StoredEvaluation;
  /** Read consistently, once an invocation. Throws BrokenNotFound. */
  readonly account: () => Promise<Account>;
  /** The instant at which this invocation began. */
  readonly now: Date;
  /** Clients in the customer's account; assumes the role where no session of this evaluation is open. */
  readonly customer: () => Promise<Pick<CustomerClients, CustomerNames<Name>>>;
}

export interface EvaluationSession<
  Mode extends PipelineMode = PipelineMode,
  Name extends ClientName = never,
> extends DueSession<Mode, Name> {
  /** Throws BrokenNotFound. */
  readonly target: () => Promise<TargetOf<Mode>>;
}

const missing = (what: string, id: string): SpotOptimizerError =>
  new SpotOptimizerError("BrokenNotFound", `${what} ${id} does not exist.`, { resource: id });

const once = <Result>(read: () => Promise<Result>): (() => Promise<Result>) => {
  let reading: Promise<Result> | undefined;
  return () => (reading ??= read());
};

/** @throws BrokenNotFound for an evaluation that does not exist */
export const openDueSession = async <Name extends ClientName>(
  context: StepContext<Name>,
  evaluationId: EvaluationId,
): Promise<DueSession<PipelineMode, Name>> => {
  const stored = await loadEvaluation(context.table, evaluationId);
  if (stored === undefined) throw missing("Evaluation", evaluationId);
  const { evaluation, swaps } = stored;
  const { accountId, region } = evaluation;
  const account = once(async () => {
    const found = await getAccount(context.table, accountId);
    if (found === undefined) throw missing("Account", accountId);
    return found;
  });
  return {
    context,
    evaluation,
    swaps,
    stored,
    account,
    now: context.now(),
    customer: async () =>
      context.openCustomer(region, evaluationId) ??
      context.customer(await account(), region, evaluationId),
  };
};

/**
 * @param keepsReadings what is read of the evaluation is not read again in this invocation
 * @throws BrokenNotFound for an evaluation that does not exist
 */
export const openSession = async <Name extends ClientName>(
  base: StepContext<Name>,
  evaluationId: EvaluationId,
  keepsReadings: boolean,
): Promise<EvaluationSession<PipelineMode, Name>> => {
  const context = keepsReadings
    ? { ...base, table: tableOfInvocation(base.table, evaluationId) }
    : base;
  const session = await openDueSession(context, evaluationId);
  const { targetId } = session.evaluation;
  return {
    ...session,
    target: once(async () => {
      const found = await getTarget(context.table, targetId);
      if (found === undefined) throw missing("Target", targetId);
      return found;
    }),
  };
};

const isOfMode = <Mode extends PipelineMode, Name extends ClientName>(
  session: EvaluationSession<PipelineMode, Name>,
  mode: Mode,
): session is EvaluationSession<Mode, Name> & EvaluationSession<PipelineMode, Name> =>
  session.evaluation.mode === mode;

const isDueOfMode = <Mode extends PipelineMode, Name extends ClientName>(
  session: DueSession<PipelineMode, Name>,
  mode: Mode,
): session is DueSession<Mode, Name> & DueSession<PipelineMode, Name> =>
  session.evaluation.mode === mode;

const ofOtherMode = ({ evaluation }: DueSession, mode: PipelineMode): SpotOptimizerError =>
  new SpotOptimizerError(
    "BrokenInput",
    `A step of ${mode} was given evaluation ${evaluation.evaluationId} of ${evaluation.mode}.`,
    { resource: evaluation.evaluationId },
  );

/** @throws BrokenInput where the evaluation is of another mode: the workflow that asks is not its own */
export const requireMode = <Mode extends PipelineMode, Name extends ClientName>(
  session: EvaluationSession<PipelineMode, Name>,
  mode: Mode,
): EvaluationSession<Mode, Name> => {
  if (isOfMode(session, mode)) return session;
  throw ofOtherMode(session, mode);
};

/** The same for what is left to do for an evaluation. */
export const requireDueMode = <Mode extends PipelineMode, Name extends ClientName>(
  session: DueSession<PipelineMode, Name>,
  mode: Mode,
): DueSession<Mode, Name> => {
  if (isDueOfMode(session, mode)) return session;
  throw ofOtherMode(session, mode);
};
