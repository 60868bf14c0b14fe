/** Does a verdict go on with the run of those before it, or does it begin another one? */
import type { JudgedRun } from "../../model/judged-run.ts";
import { poolKey } from "../../model/market.ts";
import type { Verdict } from "../../model/verdict.ts";

/** What makes two verdicts alike. Prices, times and sentences are not among it: they change at every sweep. */
export const likenessOf = (verdict: Verdict) => {
  const [chosen] = verdict.offers;
  const { kind, reason, policyVersion, modelVersion, judgementVersion, unchecked = [] } = verdict;
  return {
    kind,
    reason,
    policyVersion,
    modelVersion,
    unchecked,
    ...(chosen !== undefined && { chosen: poolKey(chosen) }),
    ...(judgementVersion !== undefined && { judgementVersion }),
  };
};

export interface RunChange {
  readonly run: JudgedRun;
  /** The run before, which it has ended. */
  readonly ended?: JudgedRun;
}

const goingOn = ({ actionSince }: JudgedRun, judged: JudgedRun): Pick<JudgedRun, "actionSince"> =>
  judged.actionSince === undefined || actionSince === undefined ? {} : { actionSince };

/** @param judged as if it were the only one of its run */
export const goOnWith = (current: JudgedRun | undefined, judged: JudgedRun): RunChange => {
  if (current === undefined) return { run: judged };
  const run = { ...judged, ...goingOn(current, judged) };
  if (current.alike !== judged.alike) return { run, ended: current };
  const { firstAt, first } = current;
  const count = current.count + 1;
  // A clock that was set back: no run ends before it begins, and its last verdict is the latest.
  if (judged.lastAt < current.lastAt) return { run: { ...current, count } };
  return { run: { ...run, count, firstAt, first } };
};
