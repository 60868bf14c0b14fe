/**
 * Starts the evaluation of a target: lease, record, execution, in that order. Called again with the same
 * evaluation id it goes on where it was cut off, and starts nothing twice: the lease is ours already, the record
 * is there, and the execution's name is the evaluation id.
 */
import type { SFNClient } from "@aws-sdk/client-sfn";
import { findExecution, startExecution } from "../../adapters/aws/stepfunctions.ts";
import { keepDeploymentId } from "../../adapters/store/deployment.ts";
import { getAccount } from "../../adapters/store/accounts.ts";
import {
  createEvaluation,
  getEvaluation,
  updateEvaluation,
} from "../../adapters/store/evaluations.ts";
import type { Table } from "../../adapters/store/table.ts";
import { getTarget } from "../../adapters/store/targets.ts";
import { canonicalJson } from "../../core/canonical.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { Account } from "../../core/model/account.ts";
import type { Caller } from "../../core/model/approval.ts";
import type { Evaluation } from "../../core/model/evaluation.ts";
import type { EvaluationKind } from "../../core/model/evaluation-kind.ts";
import {
  deploymentIdSchema,
  evaluationIdSchema,
  type ApprovalId,
  type DeploymentId,
  type EvaluationId,
} from "../../core/model/ids.ts";
import { subjectOf, type Subject } from "../../core/model/subject.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import type { Target } from "../../core/model/target.ts";
import { acquireLeases, releaseLeases, type Leases } from "./lease.ts";
import { newRecord } from "./new-record.ts";
import type { WarnedNode } from "./warned-node.ts";
import { unfinishedSentence } from "./unfinished.ts";
import { awaitedExecution, endUnstarted, executionNameOf } from "./unstarted.ts";

export interface StartContext {
  readonly now: () => Date;
  readonly table: Table;
  readonly sfn: SFNClient;
  /** ARN of the state machine of a mode; undefined where this deployment has none. */
  readonly workflowOf: (mode: PipelineMode) => string | undefined;
  /** 20 characters of `0-9a-z`. */
  readonly randomId: () => string;
}

export interface StartRequest {
  readonly target: Target;
  /** What is asked for. Absent: a switch to Spot. */
  readonly kind?: EvaluationKind;
  /** `api`, `sweep`. */
  readonly startedBy: string;
  /** Of an earlier, interrupted start; absent: a new one. */
  readonly evaluationId?: EvaluationId;
  /** Of a response: the node. */
  readonly warned?: WarnedNode;
  readonly requestedBy?: Caller;
  /** By which it is begun: it judges within its bounds. */
  readonly approvalId?: ApprovalId;
}

export type StartResult =
  | {
      readonly kind: "STARTED";
      readonly evaluationId: EvaluationId;
      readonly executionArn: string;
      /** It had been before. */
      readonly isRepeated?: true;
    }
  /** Who holds the lease, as the lease names it: an evaluation, mostly. */
  | { readonly kind: "BUSY"; readonly holder: string }
  /** The evaluation that was to go on has ended before its workflow was started. */
  | { readonly kind: "ENDED"; readonly evaluationId: EvaluationId }
  /** That evaluation has ended, or was cut off, and has left open what it had begun: a person must decide first. */
  | {
      readonly kind: "UNFINISHED";
      readonly evaluationId: EvaluationId;
      readonly sentence: string;
    }
  | {
      readonly kind: "NOT_AVAILABLE";
      /** MOVED: of a recovery. The target stands at another instance since it was read. */
      readonly reason: "MODE" | "ACCOUNT_DISABLED" | "ACCOUNT_UNKNOWN" | "TARGET_GONE" | "MOVED";
      readonly sentence: string;
    };

export const newEvaluationId = (randomId: () => string): EvaluationId =>
  evaluationIdSchema.parse(`evl-${randomId()}`);

export const newDeploymentId = (randomId: () => string): DeploymentId =>
  deploymentIdSchema.parse(`dpl-${randomId()}`);

/** Writes the record under the lease. One that is there already gets the fence that holds now. */
const recordUnder = async (context: StartContext, record: Evaluation): Promise<void> => {
  const { kind } = await createEvaluation(context.table, record);
  if (kind === "WRITTEN") return;
  await updateEvaluation(context.table, record.evaluationId, (stored) =>
    canonicalJson(stored.leases) === canonicalJson(record.leases)
      ? stored
      : { ...stored, leases: record.leases },
  );
};

/** Throws what Step Functions answered, once the record says it too: nothing runs, and the subject is free. */
const refuse = async (
  context: StartContext,
  record: Evaluation,
  error: SpotOptimizerError,
): Promise<never> => {
  const { evaluationId } = record;
  const failure = { error: error.name, cause: error.message };
  await endUnstarted(context, { evaluationId, waited: executionNameOf(record), failure });
  throw error;
};

const withoutWorkflow = ({ evaluationId, mode }: Evaluation): SpotOptimizerError =>
  new SpotOptimizerError(
    "BrokenInput",
    `Evaluation ${evaluationId} is of ${mode}, which has no workflow in this version.`,
    { resource: evaluationId },
  );

const note = async (
  context: StartContext,
  { evaluationId }: Evaluation,
  executionArn: string,
): Promise<StartResult> => {
  const noted = await updateEvaluation(context.table, evaluationId, (stored) => {
    if (stored.executionArn !== undefined) return stored;
    const status = stored.status === "PENDING" ? "RUNNING" : stored.status;
    return { ...stored, executionArn, status };
  });
  // A resumed start may have taken the lease of an execution that had run to its end meanwhile.
  if (noted.endedAt !== undefined) {
    await releaseLeases(context.table, evaluationId, noted.leases);
  }
  return { kind: "STARTED", evaluationId, executionArn };
};

const workflowFor = (context: StartContext, record: Evaluation): string => {
  const stateMachineArn = context.workflowOf(record.mode);
  if (stateMachineArn === undefined) throw withoutWorkflow(record);
  return stateMachineArn;
};

const execute = async (context: StartContext, record: Evaluation): Promise<StartResult> => {
  const { evaluationId } = record;
  const started = await startExecution(context.sfn, {
    stateMachineArn: workflowFor(context, record),
    name: executionNameOf(record),
    input: { evaluationId },
  });
  return started.kind === "REFUSED"
    ? refuse(context, record, started.error)
    : note(context, record, started.executionArn);
};

/** It has ended, and no execution is noted: either that ran before anybody could note it, or there was none. */
const lookUp = async (context: StartContext, record: Evaluation): Promise<StartResult> => {
  const stateMachineArn = workflowFor(context, record);
  const name = executionNameOf(record);
  const standing = await findExecution(context.sfn, { stateMachineArn, name });
  return standing.kind === "UNKNOWN"
    ? { kind: "ENDED", evaluationId: record.evaluationId }
    : note(context, record, standing.executionArn);
};

/** Why the leases of the subject can't be had. */
const withoutLeases = (
  held: Exclude<Leases, { readonly kind: "HELD" }>,
  subject: Evaluation["subject"],
): StartResult =>
  held.kind === "BUSY"
    ? { kind: "BUSY", holder: held.owner }
    : { ...held, sentence: unfinishedSentence(held.evaluationId, subject) };

/** Works on the instance that the record names: a switch may have given the target another one since. */
const resume = async (context: StartContext, record: Evaluation): Promise<StartResult> => {
  const { evaluationId, executionArn } = record;
  if (executionArn !== undefined) {
    return { kind: "STARTED", evaluationId, executionArn, isRepeated: true };
  }
  if (record.endedAt !== undefined) return lookUp(context, record);
  if (record.status !== "PENDING") return execute(context, record);
  const held = await acquireLeases(context.table, {
    subject: record.subject,
    owner: evaluationId,
    now: context.now(),
    begins: true,
  });
  if (held.kind !== "HELD") return withoutLeases(held, record.subject);
  await recordUnder(context, { ...record, leases: held.leases });
  return execute(context, record);
};

/** API Gateway waits 29 s for a start, and a function lives for a minute: whoever began it is gone by then. */
const cutOffAfterMs = 2 * 60_000;

/** An evaluation that holds the subject, and whose start was cut off: it goes on, in place of another one. */
const findCutOff = async (
  context: StartContext,
  owner: string,
): Promise<Evaluation | undefined> => {
  const evaluationId = evaluationIdSchema.safeParse(owner);
  if (!evaluationId.success) return undefined;
  const record = await getEvaluation(context.table, evaluationId.data);
  if (record === undefined || awaitedExecution(record) !== executionNameOf(record)) {
    return undefined;
  }
  const ageMs = context.now().getTime() - Date.parse(record.startedAt);
  return ageMs < cutOffAfterMs ? undefined : record;
};

type NotAvailable = Extract<StartResult, { kind: "NOT_AVAILABLE" }>;

const targetGone = (target: Target): NotAvailable => ({
  kind: "NOT_AVAILABLE",
  reason: "TARGET_GONE",
  sentence: `Target ${target.targetId} was deleted meanwhile.`,
});

/** What is to be recovered is one instance. Another that the target stands at by now has taken its place, and lives. */
const movedFrom = ({ kind, target }: StartRequest, current: Target): NotAvailable | undefined => {
  if (kind !== "RECOVER" || target.pipelineMode !== "LINEAR") return undefined;
  if (current.pipelineMode === "LINEAR" && current.instanceId === target.instanceId)
    return undefined;
  return {
    kind: "NOT_AVAILABLE",
    reason: "MOVED",
    sentence: `Target ${target.targetId} no longer stands at ${target.instanceId}: there is nothing to recover.`,
  };
};

/** The account in which the target may be evaluated, or why it may not be. */
const admit = (
  context: StartContext,
  target: Target,
  account: Account | undefined,
): { readonly kind: "ADMITTED"; readonly account: Account } | NotAvailable => {
  if (context.workflowOf(target.pipelineMode) === undefined) {
    return {
      kind: "NOT_AVAILABLE",
      reason: "MODE",
      sentence: `Pipeline mode ${target.pipelineMode} of ${target.targetId} is not available in this version.`,
    };
  }
  if (account === undefined) {
    return {
      kind: "NOT_AVAILABLE",
      reason: "ACCOUNT_UNKNOWN",
      sentence: `Account ${target.accountId} of ${target.targetId} is no longer connected.`,
    };
  }
  if (account.status === "DISABLED") {
    return {
      kind: "NOT_AVAILABLE",
      reason: "ACCOUNT_DISABLED",
      sentence: `Account ${account.accountId} is DISABLED; set it to PENDING and verify it to evaluate again.`,
    };
  }
  return { kind: "ADMITTED", account };
};

/** The target read again under the lease: a list may be old, and a switch may have moved it to another instance. */
const readAgain = async (
  context: StartContext,
  target: Target,
): Promise<
  | { readonly kind: "UNCHANGED" }
  | { readonly kind: "GONE" }
  | { readonly kind: "CHANGED"; readonly target: Target }
> => {
  const current = await getTarget(context.table, target.targetId);
  if (current === undefined) return { kind: "GONE" };
  return canonicalJson(current) === canonicalJson(target)
    ? { kind: "UNCHANGED" }
    : { kind: "CHANGED", target: current };
};

const subjectFor = ({ target, warned }: StartRequest): Subject => {
  const subject = subjectOf(target);
  return subject.kind === "NODE_GROUP" && warned !== undefined
    ? { ...subject, instanceId: warned.instanceId }
    : subject;
};

const begin = async (
  context: StartContext,
  request: StartRequest,
  account: Account,
): Promise<StartResult> => {
  const { target } = request;
  const evaluationId = request.evaluationId ?? newEvaluationId(context.randomId);
  const now = context.now();
  const subject = subjectFor(request);
  const wanted = { subject, owner: evaluationId, now, begins: true };
  const held = await acquireLeases(context.table, wanted);
  if (held.kind === "BUSY") {
    const cutOff = await findCutOff(context, held.owner);
    if (cutOff !== undefined) return resume(context, cutOff);
  }
  if (held.kind !== "HELD") return withoutLeases(held, subject);
  const { leases } = held;
  const reading = await readAgain(context, target);
  if (reading.kind !== "UNCHANGED") {
    await releaseLeases(context.table, evaluationId, leases);
    if (reading.kind === "GONE") return targetGone(target);
    const moved = movedFrom(request, reading.target);
    return moved ?? startEvaluation(context, { ...request, target: reading.target });
  }
  const startedAt = now.toISOString();
  const deploymentId = await keepDeploymentId(context.table, newDeploymentId(context.randomId));
  const record = newRecord({
    request,
    account,
    deploymentId,
    evaluationId,
    leases,
    startedAt,
  });
  await recordUnder(context, record);
  return execute(context, record);
};

/**
 * Throws what Step Functions answered where it refused the start: the record has ended then. Throws Retryable… when the table or
 * Step Functions doesn't answer: what was begun is resumed by the same evaluation id, by the next evaluation of the target, or is
 * ended by the sweep once its lease has run out.
 */
export const startEvaluation = async (
  context: StartContext,
  request: StartRequest,
): Promise<StartResult> => {
  if (request.evaluationId !== undefined) {
    const begun = await getEvaluation(context.table, request.evaluationId);
    if (begun !== undefined) return resume(context, begun);
  }
  const { target } = request;
  const admitted = admit(context, target, await getAccount(context.table, target.accountId));
  return admitted.kind === "ADMITTED" ? begin(context, request, admitted.account) : admitted;
};
