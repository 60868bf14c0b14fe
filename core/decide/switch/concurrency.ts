/**
 * May one more switch begin in an account? So many at a time and for so much money; and none while roll-backs say that
 * something is wrong which the next one would meet too. A recovery and an undo never ask.
 */
import type { Account } from "../../model/account.ts";
import type { EvaluationId } from "../../model/ids.ts";
import type { ReservedCoverage } from "../../model/market.ts";
import type { Halt, RolledBack, RunningSwitch, Switching } from "../../model/switching.ts";
import type { Postponement } from "../../model/verdict.ts";
import { usdPerHour } from "../offers/figures.ts";

type Limits = Pick<Account, "accountId" | "maxConcurrentSwitches" | "maxExtraHourlyUsd"> & {
  /** Of what is switched, as it was judged. Absent: nothing is, or the policy does not respect it. */
  readonly reserved?: ReservedCoverage;
};

const hourMs = 3_600_000;

/** Of switching in the region: a fault that shows in each switch shows in the first. */
const firstDayMs = 24 * hourMs;
const firstDaySwitches = 1;
const usualSwitches = 5;

const elapsed = (from: string, until: string): number => Date.parse(until) - Date.parse(from);

/** How many may go on at once in this region at this time. */
export const concurrentSwitches = (
  { beganAt }: Pick<Switching, "beganAt">,
  { maxConcurrentSwitches }: Pick<Limits, "maxConcurrentSwitches">,
  { region, at }: { readonly region: string; readonly at: string },
): number => {
  if (maxConcurrentSwitches !== undefined) return maxConcurrentSwitches;
  const first = beganAt[region];
  const isFirstDay = first === undefined || elapsed(first, at) < firstDayMs;
  return isFirstDay ? firstDaySwitches : usualSwitches;
};

const sentenceOfHalt = ({ accountId }: Limits, { error, evaluationIds, at }: Halt): string =>
  `No switch begins in account ${accountId} since ${at}: ${evaluationIds.join(" and ")} ` +
  `${evaluationIds.length === 1 ? "was" : "were"} rolled back for ${error}. ` +
  "Next: see to the cause, and let switches begin again (PUT /accounts/{id}/switching).";

/** Undefined while switches may begin, and those that are about to give something up may go on. */
export const judgeHalt = (
  { halt }: Pick<Switching, "halt">,
  limits: Limits,
): Postponement | undefined =>
  halt === undefined
    ? undefined
    : { reason: "ACCOUNT_HALTED", sentence: sentenceOfHalt(limits, halt) };

/** How many switches may begin in the region now, as far as their number goes. */
export const freeSwitches = (
  switching: Switching,
  limits: Pick<Limits, "maxConcurrentSwitches">,
  place: { readonly region: string; readonly at: string },
): number => {
  if (switching.halt !== undefined) return 0;
  const running = switching.running.filter(({ region }) => region === place.region).length;
  return Math.max(0, concurrentSwitches(switching, limits, place) - running);
};

const judgeNumber = (
  switching: Switching,
  limits: Limits,
  { region, takenAt: at }: RunningSwitch,
): Postponement | undefined => {
  const running = switching.running.filter((one) => one.region === region);
  const most = concurrentSwitches(switching, limits, { region, at });
  if (running.length < most) return undefined;
  const names = running.map(({ evaluationId }) => evaluationId).join(", ");
  return {
    reason: "PACE",
    sentence: `${String(running.length)} of at most ${String(most)} switches go on in ${region} of account ${limits.accountId} (${names}): the next sweep tries again.`,
    retryAt: at,
  };
};

const judgeMoney = (
  { running }: Switching,
  { accountId, maxExtraHourlyUsd: most }: Limits,
  { extraHourlyUsd, takenAt }: RunningSwitch,
): Postponement | undefined => {
  if (most === undefined) return undefined;
  const spent = running.reduce((sum, one) => sum + one.extraHourlyUsd, 0);
  if (spent + extraHourlyUsd <= most) return undefined;
  const isTooDear = extraHourlyUsd > most;
  return {
    reason: "PACE",
    sentence:
      `While it goes on this switch costs ${usdPerHour(extraHourlyUsd)} besides, and those that go on in account ${accountId} cost ` +
      `${usdPerHour(spent)}; max_extra_hourly_usd of the account is ${usdPerHour(most)}: ` +
      (isTooDear ? "raise it, or this one is never made." : "the next sweep tries again."),
    // What never fits is looked at again in the usual time.
    ...(isTooDear ? {} : { retryAt: takenAt }),
  };
};

/**
 * One Reserved Instance can't pay for two that leave: those that were admitted since it was judged count as gone, and enough
 * must still run to use what is paid for.
 */
const judgeReserved = (
  { running }: Switching,
  { reserved }: Limits,
  { region, leaves, takenAt }: RunningSwitch,
): Postponement | undefined => {
  if (reserved === undefined || leaves === undefined || reserved.reservedCount === 0) {
    return undefined;
  }
  const known = reserved.leaving ?? [];
  const others = running.filter(
    (one) =>
      one.region === region &&
      one.leaves?.instanceType === leaves.instanceType &&
      one.leaves.product === leaves.product &&
      !known.includes(one.leaves.instanceId),
  );
  if (reserved.reservedCount < reserved.runningCount - others.length) return undefined;
  const names = others.map(({ evaluationId }) => evaluationId).join(", ");
  return {
    reason: "PACE",
    sentence:
      `What is reserved of ${leaves.instanceType} in ${region} would be used by nobody once ${names} have taken theirs away: ` +
      "the next sweep judges again.",
    retryAt: takenAt,
  };
};

export type Admission =
  | { readonly kind: "ADMITTED"; readonly switching: Switching }
  | { readonly kind: "POSTPONED"; readonly postponed: Postponement };

/** One that is admitted already stays so: a repeated step asks again. */
export const admitSwitch = (
  switching: Switching,
  limits: Limits,
  wanted: RunningSwitch,
): Admission => {
  if (switching.running.some(({ evaluationId }) => evaluationId === wanted.evaluationId)) {
    return { kind: "ADMITTED", switching };
  }
  const postponed =
    judgeHalt(switching, limits) ??
    judgeNumber(switching, limits, wanted) ??
    judgeReserved(switching, limits, wanted) ??
    judgeMoney(switching, limits, wanted);
  if (postponed !== undefined) return { kind: "POSTPONED", postponed };
  return {
    kind: "ADMITTED",
    switching: {
      ...switching,
      running: [...switching.running, wanted],
      beganAt: { [wanted.region]: wanted.takenAt, ...switching.beganAt },
    },
  };
};

/** A person's own act, which says nothing of the next switch. */
const notAnError: readonly string[] = ["StaleKillSwitch"];

const haltFor = (rolledBack: readonly RolledBack[], last: RolledBack): Halt | undefined => {
  const alike = rolledBack.filter(({ error }) => error === last.error);
  if (alike.length < 2 && !last.wasDown) return undefined;
  return {
    at: last.at,
    error: last.error,
    evaluationIds: alike.map(({ evaluationId }) => evaluationId),
  };
};

/** The switch has ended, well or rolled back. Noted twice it is noted once. */
export const endSwitch = (
  switching: Switching,
  ended: { readonly evaluationId: EvaluationId; readonly rolledBack?: RolledBack },
): Switching => {
  const { evaluationId, rolledBack } = ended;
  const running = switching.running.filter((one) => one.evaluationId !== evaluationId);
  const isKnown = switching.rolledBack.some((one) => one.evaluationId === evaluationId);
  if (rolledBack === undefined || isKnown || notAnError.includes(rolledBack.error)) {
    return running.length === switching.running.length ? switching : { ...switching, running };
  }
  const recent = [
    ...switching.rolledBack.filter(({ at }) => elapsed(at, rolledBack.at) <= hourMs),
    rolledBack,
  ];
  const halt = switching.halt ?? haltFor(recent, rolledBack);
  return {
    ...switching,
    running,
    rolledBack: recent,
    ...(halt === undefined ? {} : { halt }),
  };
};

/** By a person: what was rolled back before no longer counts. */
export const resetSwitching = (switching: Switching): Switching => {
  const { halt, ...others } = switching;
  return halt === undefined && switching.rolledBack.length === 0
    ? switching
    : { ...others, rolledBack: [] };
};

/** The dearest pool that may be taken; and the way back of a load that is down meanwhile, which is reserved On-Demand. */
export const extraHourlyUsd = (input: {
  /** Of the pools that may be taken. */
  readonly launchHourlyUsd: readonly number[];
  /** Of what is switched; undefined where it is not known, and then nothing was judged worth a switch. */
  readonly onDemandHourlyUsd: number | undefined;
  readonly isWayBackReserved: boolean;
}): number =>
  Math.max(0, ...input.launchHourlyUsd) +
  (input.isWayBackReserved ? (input.onDemandHourlyUsd ?? 0) : 0);
