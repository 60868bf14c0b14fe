/**
 * How many calls may be made in an account and region without standing in the way of its owner and of whoever acts: at most a quarter
 * of each of EC2's buckets. They are taken in blocks, for so many seconds ahead. What undoes, evicts or answers an interruption never
 * asks. Source of the buckets: EC2 developer guide, "Request throttling for the Amazon EC2 API".
 */
import type { CallBudget, CallFamily } from "../../model/call-budget.ts";

/** A quarter of each. `burst`: at once; then one every `secondsEach`. */
const shares: Readonly<
  Record<CallFamily, { readonly burst: number; readonly secondsEach: number }>
> = {
  // 5 at once, 2 a second.
  RUN_INSTANCES: { burst: 1, secondsEach: 2 },
  // 100 at once, 20 a second, of each reading call that has a filter or a page: ours are counted together, as if they shared one.
  DESCRIBE: { burst: 25, secondsEach: 0.2 },
};

/** Nobody takes more ahead: what is taken beyond that was written by a clock that was wrong. */
const longestAheadMs = 15 * 60_000;

export interface BlockWanted {
  readonly family: CallFamily;
  readonly now: Date;
  readonly calls: number;
  /** The calls are spread over so many seconds, at most 15 minutes. */
  readonly withinSeconds: number;
}

export interface Block {
  /** 0 to `calls`. */
  readonly granted: number;
  /** Between two calls of the block. */
  readonly secondsEach: number;
  /** Until the first of them. */
  readonly afterSeconds: number;
  /** What is to be stored: the argument itself where nothing was granted. */
  readonly budget: CallBudget | undefined;
}

const takenUntilMs = (budget: CallBudget | undefined, nowMs: number): number => {
  const takenMs = budget === undefined ? 0 : Date.parse(budget.takenUntil);
  return takenMs > nowMs + longestAheadMs ? nowMs : takenMs;
};

/** A bucket as a time until which all of it is taken: each call takes `secondsEach` of it, and `burst` of them may lie in the past. */
export const takeBlock = (
  budget: CallBudget | undefined,
  { family, now, calls, withinSeconds }: BlockWanted,
): Block => {
  const { burst, secondsEach } = shares[family];
  const eachMs = secondsEach * 1000;
  const nowMs = now.getTime();
  const fromMs = Math.max(takenUntilMs(budget, nowMs), nowMs - burst * eachMs);
  const room = Math.floor((nowMs + withinSeconds * 1000 - fromMs) / eachMs);
  const granted = Math.max(0, Math.min(calls, room));
  return {
    granted,
    secondsEach,
    afterSeconds: Math.max(0, fromMs + eachMs - nowMs) / 1000,
    budget:
      granted === 0 ? budget : { takenUntil: new Date(fromMs + granted * eachMs).toISOString() },
  };
};

/** When each call of a block may be made, in milliseconds since the epoch: what lies in the past is a burst, and made at once. */
export const timesOf = ({ granted, secondsEach, budget }: Block): readonly number[] => {
  const lastMs = Date.parse(budget?.takenUntil ?? "");
  return Array.from(
    { length: granted },
    (_, index) => lastMs - (granted - 1 - index) * secondsEach * 1000,
  );
};
