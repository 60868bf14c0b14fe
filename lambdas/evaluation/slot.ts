/** Takes and gives back the place of a switch among those that go on in its account. */
import { isHeld, readLease } from "../../adapters/store/leases.ts";
import { readSwitching, updateSwitching } from "../../adapters/store/switching.ts";
import { admitSwitch, endSwitch } from "../../core/decide/switch/concurrency.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { Evaluation, Outcome } from "../../core/model/evaluation.ts";
import { isRecovery, isResponse } from "../../core/model/evaluation-kind.ts";
import { lastResolution } from "../../core/model/resolution.ts";
import type { ReservedCoverage } from "../../core/model/market.ts";
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

/**
 * Instances that other switches of the account and region are about to take from On-Demand: those that were admitted before this
 * one, or all where it was not. Each counts those before it, so that of two that are frozen at once the later knows of the other.
 */
export const leavingBefore = async (session: EvaluationSession): Promise<readonly string[]> => {
  const { context, evaluation } = session;
  const { running } = await readSwitching(context.table, evaluation.accountId);
  const own = running.findIndex(({ evaluationId }) => evaluationId === evaluation.evaluationId);
  const before = (own < 0 ? running : running.slice(0, own)).filter(
    ({ region }) => region === evaluation.region,
  );
  const alive = await Promise.all(before.map((one) => isAlive(session, one)));
  return before
    .filter((_, index) => alive[index])
    .flatMap(({ leaves }) => leaves?.instanceId ?? []);
};

export interface SlotWish {
  readonly extraHourlyUsd: number;
  /** Absent where nothing is taken from On-Demand. */
  readonly leaves?: Pick<NonNullable<RunningSwitch["leaves"]>, "instanceType" | "product">;
  /** Absent where the policy does not respect what is reserved. */
  readonly reserved?: ReservedCoverage;
}

const wantedBy = (
  { evaluation, now }: EvaluationSession,
  { extraHourlyUsd, leaves }: SlotWish,
): RunningSwitch => {
  const { evaluationId, region } = evaluation;
  const leaseResource = evaluation.leases.at(-1)?.resource;
  if (leaseResource === undefined) {
    throw new SpotOptimizerError("StaleLease", `Evaluation ${evaluationId} has no lease.`, {
      resource: evaluationId,
    });
  }
  const { subject } = evaluation;
  return {
    evaluationId,
    region,
    leaseResource,
    takenAt: now.toISOString(),
    extraHourlyUsd,
    ...(subject.kind === "INSTANCE" &&
      leaves !== undefined && {
        leaves: { instanceId: subject.instanceId, ...leaves },
      }),
  };
};

/** Why the switch may not begin now; undefined when the place is its own. */
export const takeSlot = async (
  session: EvaluationSession,
  wish: SlotWish,
): Promise<Postponement | undefined> => {
  const { context, evaluation } = session;
  const { reserved } = wish;
  const limits = { ...(await session.account()), ...(reserved !== undefined && { reserved }) };
  const wanted = wantedBy(session, wish);
  let postponed: Postponement | undefined;
  await updateSwitching(context.table, evaluation.accountId, async (switching) => {
    const first = admitSwitch(switching, limits, wanted);
    // Whether those that have a place are alive is asked only where there is none left.
    const admission =
      first.kind === "POSTPONED" && first.postponed.reason === "PACE"
        ? admitSwitch(await withoutDead(session, switching), limits, wanted)
        : first;
    postponed = admission.kind === "POSTPONED" ? admission.postponed : undefined;
    return admission.kind === "ADMITTED" ? admission.switching : switching;
  });
  return postponed;
};

/** Where a person is needed the load may be down, or stand half-way: that is not met twice. */
const wasDown = ({ status }: Outcome, downtimeSeconds: number): boolean =>
  status === "NEEDS_OPERATOR" || downtimeSeconds > 0;

/** Pairs of a group that are done stay so: what failed, and was undone, is the rest. */
const wasRolledBack = ({ failure }: Pick<Evaluation, "failure">, { status }: Outcome): boolean =>
  status === "ROLLED_BACK" ||
  status === "NEEDS_OPERATOR" ||
  (status === "PARTLY_SWITCHED" && failure !== undefined);

/** Of an evaluation that has ended, however. What never had a place, and was not rolled back, changes nothing. */
export const giveBackSlot = async (
  { context, evaluation, now }: EvaluationSession,
  outcome: Outcome,
  downtimeSeconds: number,
): Promise<void> => {
  const { evaluationId, accountId } = evaluation;
  // What EC2 takes waits for no place: nobody would wait for one while it is down.
  if (evaluation.authorization?.kind !== "PROCEED") return;
  if (isRecovery(evaluation) || isResponse(evaluation)) return;
  // A person's own act says nothing of the next switch.
  const isAsked = lastResolution(evaluation)?.kind === "ROLL_BACK";
  const isRolledBack = !isAsked && wasRolledBack(evaluation, outcome);
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
