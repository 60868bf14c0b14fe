/**
 * Ends what was recorded and then not started: its record says why, and its subject is free. The execution is asked for by its name
 * first. Where it comes late all the same it finds a record that has ended, and does nothing.
 */
import type { SFNClient } from "@aws-sdk/client-sfn";
import { findExecution, type ExecutionStanding } from "../../adapters/aws/stepfunctions.ts";
import { updateEvaluation } from "../../adapters/store/evaluations.ts";
import { isHeld, readLease } from "../../adapters/store/leases.ts";
import type { Table } from "../../adapters/store/table.ts";
import type { Evaluation, Failure } from "../../core/model/evaluation.ts";
import { onlyForward } from "../../core/model/held-reason.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import { lastResolution } from "../../core/model/resolution.ts";
import { leaseSeconds, releaseLeases } from "./lease.ts";

interface Context {
  readonly now: () => Date;
  readonly table: Table;
  readonly sfn: SFNClient;
  readonly workflowOf: (mode: PipelineMode) => string | undefined;
}

export const executionNameOf = ({ evaluationId }: Evaluation, resolutionId?: string): string =>
  resolutionId === undefined ? evaluationId : `${evaluationId}-${resolutionId}`;

/** Which execution the record waits for; undefined where it waits for none. */
export const awaitedExecution = (record: Evaluation): string | undefined => {
  if (record.endedAt !== undefined) return undefined;
  const resolution = lastResolution(record);
  if (resolution === undefined) {
    const waits = record.status === "PENDING";
    return waits && record.executionArn === undefined ? executionNameOf(record) : undefined;
  }
  const { executionArn, notStarted, resolutionId } = resolution;
  const waits = executionArn === undefined && notStarted === undefined;
  return waits ? executionNameOf(record, resolutionId) : undefined;
};

/** It ends as it would if its first step had failed: nothing was touched. */
const endedRecord = (record: Evaluation, failure: Failure, endedAt: string): Evaluation => ({
  ...record,
  status: "DEGRADED",
  failure,
  outcome: {
    status: "DEGRADED",
    reason: failure.error,
    sentence: `The workflow was not started, so nothing was touched. ${failure.cause}`,
  },
  endedAt,
});

/** As it had ended before somebody decided; where it had not, it stays open for another decision. */
const withoutDecision = (record: Evaluation, failure: Failure, endedAt: string): Evaluation => {
  const resolutions = (record.resolutions ?? []).map((each, index, all) =>
    index === all.length - 1 ? { ...each, notStarted: failure.cause } : each,
  );
  const outcome = lastResolution(record)?.outcomeBefore;
  if (outcome === undefined) return { ...record, resolutions };
  return {
    ...record,
    resolutions,
    status: outcome.status,
    outcome,
    endedAt,
    ...(outcome.isHeld === undefined ? {} : { isHeld: outcome.isHeld }),
    ...(outcome.isHeld === true && outcome.reason === onlyForward
      ? { heldBecause: onlyForward }
      : {}),
  };
};

/**
 * Ends the record, unless it has moved since it was read. Returns it as it stands.
 * @param waited the execution that was asked for, see `awaitedExecution`
 */
export const endUnstarted = async (
  { table, now }: Pick<Context, "now" | "table">,
  {
    evaluationId,
    waited,
    failure,
  }: {
    readonly evaluationId: Evaluation["evaluationId"];
    readonly waited: string;
    readonly failure: Failure;
  },
): Promise<Evaluation> => {
  const endedAt = now().toISOString();
  const ended = await updateEvaluation(table, evaluationId, (stored) => {
    if (awaitedExecution(stored) !== waited) return stored;
    return lastResolution(stored) === undefined
      ? endedRecord(stored, failure, endedAt)
      : withoutDecision(stored, failure, endedAt);
  });
  if (awaitedExecution(ended) === undefined) {
    await releaseLeases(table, evaluationId, ended.leases);
  }
  return ended;
};

/** A start takes seconds; until its lease has run out whoever began it may still go on. */
const mayStillStart = async (context: Context, record: Evaluation): Promise<boolean> => {
  const { evaluationId, startedAt, leases } = record;
  const began = lastResolution(record)?.at ?? startedAt;
  if (context.now().getTime() - Date.parse(began) < leaseSeconds * 1000) return true;
  for (const { resource } of leases) {
    const lease = await readLease(context.table, resource);
    if (lease?.owner === evaluationId && isHeld(lease, context.now())) return true;
  }
  return false;
};

const causeOf = (standing: Exclude<ExecutionStanding, { kind: "RUNNING" }>): Failure =>
  standing.kind === "ENDED"
    ? {
        error: "BrokenDeadline",
        cause: `Its execution ${standing.executionArn} ended as ${standing.status} before its first step had written anything.`,
      }
    : {
        error: "RetryableUnavailable",
        cause:
          "Whoever started it was cut off, and Step Functions knows no execution of its name. Next: evaluate again.",
      };

export type Settled = "WAITS" | "RUNS" | "ENDED";

/** What was cut off long enough ago. Throws Retryable… when Step Functions or the table does not answer. */
export const settleUnstarted = async (context: Context, record: Evaluation): Promise<Settled> => {
  const name = awaitedExecution(record);
  const stateMachineArn = context.workflowOf(record.mode);
  if (name === undefined || stateMachineArn === undefined) return "WAITS";
  if (await mayStillStart(context, record)) return "WAITS";
  const standing = await findExecution(context.sfn, { stateMachineArn, name });
  if (standing.kind === "RUNNING") return "RUNS";
  const { evaluationId } = record;
  await endUnstarted(context, { evaluationId, waited: name, failure: causeOf(standing) });
  return "ENDED";
};
