/** Holds the lease of an evaluation: while it is ours, no other evaluation touches the instance. */
import { acquireLease } from "../../adapters/store/leases.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { EvaluationSession } from "./session.ts";

/**
 * Three times the longest gap between two invocations: the slowest poll waits 60 s, a step may run 60 s and be
 * retried after 60 s; 15 minutes leave room for a redrive by hand.
 */
export const leaseSeconds = 15 * 60;

export const leaseResource = (subject: { accountId: string; instanceId: string }): string =>
  `instance#${subject.accountId}#${subject.instanceId}`;

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
