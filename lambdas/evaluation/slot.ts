/** Takes and gives back the place of a switch among those that go on in its account. */
import { isHeld, readLease } from "../../adapters/store/leases.ts";
import { updateSwitching } from "../../adapters/store/switching.ts";
import { admitSwitch, endSwitch } from "../../core/decide/switch/concurrency.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { Outcome } from "../../core/model/evaluation.ts";
import type { RunningSwitch, Switching } from "../../core/model/switching.ts";
import type { Postponement } from "../../core/model/verdict.ts";
import type { EvaluationSession } from "./session.ts";

/** An execution that died without a record has let its lease run out. */
const isAlive = async (
  { context, now }: EvaluationSession,
  { evaluationId, leaseResource }: RunningSwitch,
): Promise<boolean> => {
  const lease = await readLease(context.table, leaseResource);
  return lease !== undefined && lease.owner === evaluationId && isHeld(lease, now);
};

const withoutDead = async (
  session: EvaluationSession,
  switching: Switching,
): Promise<Switching> => {
  const alive = await Promise.all(switching.running.map((one) => isAlive(session, one)));
  return { ...switching, running: switching.running.filter((_, index) => alive[index]) };
};

const wantedBy = (
  { evaluation, now }: EvaluationSession,
  extraHourlyUsd: number,
): RunningSwitch => {
  const { evaluationId, region } = evaluation;
  const leaseResource = evaluation.leases.at(-1)?.resource;
  if (leaseResource === undefined) {
    throw new SpotOptimizerError("StaleLease", `Evaluation ${evaluationId} has no lease.`, {
      resource: evaluationId,
    });
  }
  return { evaluationId, region, leaseResource, takenAt: now.toISOString(), extraHourlyUsd };
};

/** Why the switch may not begin now; undefined when the place is its own. */
export const takeSlot = async (
  session: EvaluationSession,
  extraHourlyUsd: number,
): Promise<Postponement | undefined> => {
  const { context, evaluation } = session;
  const account = await session.account();
  const wanted = wantedBy(session, extraHourlyUsd);
  let postponed: Postponement | undefined;
  await updateSwitching(context.table, evaluation.accountId, async (switching) => {
    const first = admitSwitch(switching, account, wanted);
    // Whether those that have a place are alive is asked only where there is none left.
    const admission =
      first.kind === "POSTPONED" && first.postponed.reason === "PACE"
        ? admitSwitch(await withoutDead(session, switching), account, wanted)
        : first;
    postponed = admission.kind === "POSTPONED" ? admission.postponed : undefined;
    return admission.kind === "ADMITTED" ? admission.switching : switching;
  });
  return postponed;
};

/** Where a person is needed the load may be down, or stand half-way: that is not met twice. */
const wasDown = ({ status }: Outcome, downtimeSeconds: number): boolean =>
  status === "NEEDS_OPERATOR" || downtimeSeconds > 0;

/** Of an evaluation that has ended, however. What never had a place, and was not rolled back, changes nothing. */
export const giveBackSlot = async (
  { context, evaluation, now }: EvaluationSession,
  outcome: Outcome,
  downtimeSeconds: number,
): Promise<void> => {
  const { evaluationId, accountId } = evaluation;
  if (evaluation.authorization?.kind !== "PROCEED") return;
  const isRolledBack = outcome.status === "ROLLED_BACK" || outcome.status === "NEEDS_OPERATOR";
  const rolledBack = {
    evaluationId,
    at: now.toISOString(),
    error: outcome.reason,
    wasDown: wasDown(outcome, downtimeSeconds),
  };
  await updateSwitching(context.table, accountId, (switching) =>
    endSwitch(switching, { evaluationId, ...(isRolledBack ? { rolledBack } : {}) }),
  );
};
