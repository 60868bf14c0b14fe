/**
 * Begins what a person has decided about an evaluation that left something open: leases, record, execution, in that order, and
 * on the same record. Called again with the same resolution id it goes on where it was cut off, and starts nothing twice.
 */
import { startExecution } from "../../adapters/aws/stepfunctions.ts";
import { updateEvaluation } from "../../adapters/store/evaluations.ts";
import { listIntents } from "../../adapters/store/intents.ts";
import { isHeld, readLease } from "../../adapters/store/leases.ts";
import { isOpenIntent } from "../../core/decide/switch/outcome.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { Evaluation, Resolution } from "../../core/model/evaluation.ts";
import type { ResolutionId } from "../../core/model/ids.ts";
import type { ResolutionWish } from "../../core/model/resolution.ts";
import { isItsExecutionRunning } from "./its-execution.ts";
import { acquireLeases } from "./lease.ts";
import type { StartContext } from "./start.ts";
import { unfinishedSentence } from "./unfinished.ts";
import { endUnstarted, executionNameOf } from "./unstarted.ts";

export interface ResolutionRequest {
  readonly evaluation: Evaluation;
  readonly wish: ResolutionWish;
  readonly resolutionId: ResolutionId;
  /** ARN of the caller. */
  readonly by: string;
  readonly reason: string;
}

export type Standing =
  /** A person may decide. */
  | { readonly kind: "OPEN" }
  /** Its execution runs, or another evaluation, or the janitor, holds its subject. */
  | { readonly kind: "BUSY"; readonly holder: string }
  /** It has ended and left nothing open. */
  | { readonly kind: "CLOSED"; readonly sentence: string };

export type Resolved =
  | { readonly kind: "STARTED"; readonly executionArn: string }
  /** The decision that was to go on was never carried out, and no longer stands. */
  | { readonly kind: "ENDED" }
  | Exclude<Standing, { readonly kind: "OPEN" }>
  | { readonly kind: "UNFINISHED"; readonly evaluationId: string; readonly sentence: string };

type Context = Pick<StartContext, "now" | "table" | "sfn" | "workflowOf">;

const leaseHolder = async (
  { table, now }: Context,
  { leases }: Evaluation,
): Promise<string | undefined> => {
  for (const { resource } of leases) {
    const lease = await readLease(table, resource);
    if (lease !== undefined && isHeld(lease, now())) return lease.owner;
  }
  return undefined;
};

/**
 * NEEDS_OPERATOR, or something is open although its execution has ended or was stopped by hand. Throws Retryable… when Step
 * Functions does not answer.
 */
export const standingOf = async (context: Context, evaluation: Evaluation): Promise<Standing> => {
  const { evaluationId, status, endedAt } = evaluation;
  const holder = await leaseHolder(context, evaluation);
  if (holder !== undefined) return { kind: "BUSY", holder };
  if (endedAt === undefined && (await isItsExecutionRunning(context, evaluation))) {
    return { kind: "BUSY", holder: evaluationId };
  }
  const isOpen =
    status === "NEEDS_OPERATOR" ||
    (await listIntents(context.table, evaluationId)).some(isOpenIntent);
  return isOpen
    ? { kind: "OPEN" }
    : {
        kind: "CLOSED",
        sentence: `Evaluation ${evaluationId} is ${status} and has left nothing open.`,
      };
};

const moved = (evaluationId: string): SpotOptimizerError =>
  new SpotOptimizerError(
    "RetryableContention",
    `Evaluation ${evaluationId} was changed by somebody else meanwhile.`,
    { resource: evaluationId },
  );

/** As it is to be found by the execution: nothing of how it ended, and no deadline of the past. */
const reopened = (
  record: Evaluation,
  { wish, resolutionId, by, reason }: ResolutionRequest,
  { at, leases }: { readonly at: string; readonly leases: Evaluation["leases"] },
): Evaluation => {
  const {
    outcome,
    endedAt: _ended,
    rollbackProblem: _problem,
    isHeld: _held,
    heldBecause: _because,
    failure,
    launchExhausted,
    postponed,
    ...rest
  } = record;
  const resolution: Resolution = {
    ...wish,
    resolutionId,
    by,
    reason,
    at,
    ...(outcome === undefined ? {} : { outcomeBefore: outcome }),
  };
  const story = {
    ...(failure === undefined ? {} : { failure }),
    ...(launchExhausted === undefined ? {} : { launchExhausted }),
    ...(postponed === undefined ? {} : { postponed }),
  };
  return {
    ...rest,
    // What went wrong is the story of a roll-back and of an adoption; a switch that goes on may still succeed.
    ...(wish.kind === "RESUME" ? {} : story),
    status: "RUNNING",
    leases,
    waits: {},
    resolutions: [...(record.resolutions ?? []), resolution],
  };
};

const isSame = (one: Evaluation, other: Evaluation): boolean =>
  one.status === other.status &&
  one.endedAt === other.endedAt &&
  (one.resolutions ?? []).length === (other.resolutions ?? []).length;

const execute = async (
  context: Context,
  evaluation: Evaluation,
  resolutionId: ResolutionId,
): Promise<Resolved> => {
  const { sfn, table, workflowOf } = context;
  const { evaluationId, mode } = evaluation;
  const stateMachineArn = workflowOf(mode);
  if (stateMachineArn === undefined) {
    const sentence = `Evaluation ${evaluationId} is of ${mode}, which has no workflow in this version.`;
    throw new SpotOptimizerError("BrokenInput", sentence, { resource: evaluationId });
  }
  const name = executionNameOf(evaluation, resolutionId);
  const started = await startExecution(sfn, { stateMachineArn, name, input: { evaluationId } });
  if (started.kind === "REFUSED") {
    const { error } = started;
    const failure = { error: error.name, cause: error.message };
    await endUnstarted(context, { evaluationId, waited: name, failure });
    throw error;
  }
  const { executionArn } = started;
  await updateEvaluation(table, evaluationId, (stored) => {
    const isNoted = stored.resolutions?.some((each) => each.executionArn === executionArn);
    if (isNoted === true) return stored;
    const resolutions = (stored.resolutions ?? []).map((each) =>
      each.resolutionId === resolutionId ? { ...each, executionArn } : each,
    );
    return { ...stored, executionArn, resolutions };
  });
  return { kind: "STARTED", executionArn };
};

const begin = async (context: Context, request: ResolutionRequest): Promise<Resolved> => {
  const { evaluation, resolutionId } = request;
  const { evaluationId, subject } = evaluation;
  const standing = await standingOf(context, evaluation);
  if (standing.kind !== "OPEN") return standing;
  const now = context.now();
  const held = await acquireLeases(context.table, { subject, owner: evaluationId, now });
  if (held.kind === "BUSY") return { kind: "BUSY", holder: held.owner };
  if (held.kind === "UNFINISHED") {
    return { ...held, sentence: unfinishedSentence(held.evaluationId, subject) };
  }
  const { leases } = held;
  const at = now.toISOString();
  await updateEvaluation(context.table, evaluationId, (stored) => {
    if (!isSame(stored, evaluation)) throw moved(evaluationId);
    return reopened(stored, request, { at, leases });
  });
  return execute(context, evaluation, resolutionId);
};

/**
 * Throws Retryable… when the table or Step Functions doesn't answer: what was begun is gone on with by the same resolution id,
 * or by another decision once the leases have expired.
 */
export const beginResolution = async (
  context: Context,
  request: ResolutionRequest,
): Promise<Resolved> => {
  const { evaluation, resolutionId } = request;
  const known = evaluation.resolutions?.find((each) => each.resolutionId === resolutionId);
  if (known === undefined) return begin(context, request);
  const { executionArn, notStarted } = known;
  if (notStarted !== undefined) return { kind: "ENDED" };
  return executionArn === undefined
    ? execute(context, evaluation, resolutionId)
    : { kind: "STARTED", executionArn };
};
