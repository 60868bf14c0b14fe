/**
 * Starts the evaluation of a target: lease, record, execution, in that order. Called again with the same
 * evaluation id it goes on where it was cut off, and starts nothing twice: the lease is ours already, the record
 * is there, and the execution's name is the evaluation id.
 */
import { createHash } from "node:crypto";
import type { SFNClient } from "@aws-sdk/client-sfn";
import { startExecution } from "../../adapters/aws/stepfunctions.ts";
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
import type { Evaluation, EvaluationHead } from "../../core/model/evaluation.ts";
import {
  deploymentIdSchema,
  evaluationIdSchema,
  type DeploymentId,
  type EvaluationId,
} from "../../core/model/ids.ts";
import {
  groupSubject,
  instanceSubject,
  nodeGroupSubject,
  subjectOf,
} from "../../core/model/subject.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import type { Target } from "../../core/model/target.ts";
import { effectivePolicy, type Policy } from "../../core/policy/policy.ts";
import { defaultModelVersion } from "../../core/risk/registry.ts";
import { acquireLeases, releaseLeases, type Leases } from "./lease.ts";
import { unfinishedSentence } from "./unfinished.ts";

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
  /** `api`, `sweep`. */
  readonly startedBy: string;
  /** Of an earlier, interrupted start; absent: a new one. */
  readonly evaluationId?: EvaluationId;
}

export type StartResult =
  | {
      readonly kind: "STARTED";
      readonly evaluationId: EvaluationId;
      readonly executionArn: string;
    }
  /** Who holds the lease, as the lease names it: an evaluation, mostly. */
  | { readonly kind: "BUSY"; readonly holder: string }
  /** That evaluation has ended, or was cut off, and has left open what it had begun: a person must decide first. */
  | {
      readonly kind: "UNFINISHED";
      readonly evaluationId: EvaluationId;
      readonly sentence: string;
    }
  | {
      readonly kind: "NOT_AVAILABLE";
      readonly reason: "MODE" | "ACCOUNT_DISABLED" | "ACCOUNT_UNKNOWN" | "TARGET_GONE";
      readonly sentence: string;
    };

export const newEvaluationId = (randomId: () => string): EvaluationId =>
  evaluationIdSchema.parse(`evl-${randomId()}`);

const newDeploymentId = (randomId: () => string): DeploymentId =>
  deploymentIdSchema.parse(`dpl-${randomId()}`);

/** 48 bits of the hash: enough to tell the policies of one product apart. */
const versionDigits = 12;

export const policyVersionOf = (policy: Policy): string =>
  `pol-${createHash("sha256").update(canonicalJson(policy)).digest("hex").slice(0, versionDigits)}`;

const withoutExternalId = (account: Account): Omit<Account, "externalId"> => {
  const { externalId: _withheld, ...shown } = account;
  return shown;
};

/** What only evaluations of the target's mode have. */
const withBody = (head: EvaluationHead, target: Target): Evaluation => {
  switch (target.pipelineMode) {
    case "LINEAR":
      return { ...head, mode: "LINEAR", subject: instanceSubject(target), progress: {} };
    case "CLUSTER":
      return { ...head, mode: "CLUSTER", subject: groupSubject(target) };
    case "KUBERNETES":
      return { ...head, mode: "KUBERNETES", subject: nodeGroupSubject(target) };
  }
};

const newRecord = (input: {
  readonly request: StartRequest;
  readonly account: Account;
  readonly evaluationId: EvaluationId;
  readonly deploymentId: DeploymentId;
  readonly leases: EvaluationHead["leases"];
  readonly startedAt: string;
}): Evaluation => {
  const { account, deploymentId, evaluationId, leases, startedAt } = input;
  const { target, startedBy } = input.request;
  const policy = effectivePolicy(target.pipelineMode, target.policyOverrides);
  const head: EvaluationHead = {
    evaluationId,
    deploymentId,
    targetId: target.targetId,
    accountId: target.accountId,
    environment: account.environment,
    region: target.region,
    isShadowMode: target.isShadowMode,
    status: "PENDING",
    startedBy,
    startedAt,
    leases,
    policy,
    policyVersion: policyVersionOf(policy),
    modelVersion: target.modelVersion ?? defaultModelVersion,
    registered: { account: withoutExternalId(account), target },
    ...(target.lastSwitchAt === undefined ? {} : { lastSwitchAt: target.lastSwitchAt }),
    phases: [],
    waits: {},
    version: 1,
  };
  return withBody(head, target);
};

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

const withoutWorkflow = ({ evaluationId, mode }: Evaluation): SpotOptimizerError =>
  new SpotOptimizerError(
    "BrokenInput",
    `Evaluation ${evaluationId} is of ${mode}, which has no workflow in this version.`,
    { resource: evaluationId },
  );

const execute = async (context: StartContext, record: Evaluation): Promise<StartResult> => {
  const { evaluationId, mode } = record;
  const stateMachineArn = context.workflowOf(mode);
  if (stateMachineArn === undefined) throw withoutWorkflow(record);
  const { executionArn } = await startExecution(context.sfn, {
    stateMachineArn,
    name: evaluationId,
    input: { evaluationId },
  });
  const noted = await updateEvaluation(context.table, evaluationId, (stored) =>
    stored.executionArn === undefined ? { ...stored, executionArn } : stored,
  );
  // A resumed start may have taken the lease of an execution that had run to its end meanwhile.
  if (noted.endedAt !== undefined) {
    await releaseLeases(context.table, evaluationId, noted.leases);
  }
  return { kind: "STARTED", evaluationId, executionArn };
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
  if (executionArn !== undefined) return { kind: "STARTED", evaluationId, executionArn };
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

type NotAvailable = Extract<StartResult, { kind: "NOT_AVAILABLE" }>;

const targetGone = (target: Target): NotAvailable => ({
  kind: "NOT_AVAILABLE",
  reason: "TARGET_GONE",
  sentence: `Target ${target.targetId} was deleted meanwhile.`,
});

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

const begin = async (
  context: StartContext,
  request: StartRequest,
  account: Account,
): Promise<StartResult> => {
  const { target } = request;
  const evaluationId = request.evaluationId ?? newEvaluationId(context.randomId);
  const now = context.now();
  const subject = subjectOf(target);
  const wanted = { subject, owner: evaluationId, now, begins: true };
  const held = await acquireLeases(context.table, wanted);
  if (held.kind !== "HELD") return withoutLeases(held, subject);
  const { leases } = held;
  const reading = await readAgain(context, target);
  if (reading.kind !== "UNCHANGED") {
    await releaseLeases(context.table, evaluationId, leases);
    return reading.kind === "GONE"
      ? targetGone(target)
      : startEvaluation(context, { ...request, target: reading.target });
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
 * Throws Retryable… when the table or Step Functions doesn't answer: what was begun is resumed by the same
 * evaluation id, or ends with its lease.
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
