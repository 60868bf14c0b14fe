/**
 * How many calls may be made in an account and region without standing in the way of its owner and of whoever acts: at most a quarter
 * of each API's bucket. They are taken in blocks, for so many seconds ahead. What undoes, evicts or answers an interruption never
 * asks. Source of the buckets: EC2 developer guide, "Request throttling for the Amazon EC2 API".
 */
import type { CallBudget, CallFamily } from "../../model/call-budget.ts";

/** `burst`: at once; then one every `secondsEach`. */
interface Share {
  readonly burst: number;
  readonly secondsEach: number;
}

/**
 * Each of these APIs throttles by account and region as well. † For most of them AWS publishes no figure: each is taken to bear half of what
 * EC2's reading calls do, 50 at once and 10 a second, which is less than those bear that have one (KMS developer guide, "Request quotas").
 */
const ofOthers: Share = { burst: 12, secondsEach: 0.4 };

/** A quarter of each. */
const shares: Readonly<Record<CallFamily, Share>> = {
  // 5 at once, 2 a second.
  RUN_INSTANCES: { burst: 1, secondsEach: 2 },
  // 100 at once, 20 a second, of each reading call that has a filter or a page: ours are counted together, as if they shared one.
  DESCRIBE: { burst: 25, secondsEach: 0.2 },
  AUTO_SCALING: ofOthers,
  CLOUD_FORMATION: ofOthers,
  CLOUD_WATCH: ofOthers,
  EKS: ofOthers,
  ELB: ofOthers,
  KMS: ofOthers,
  RESOURCE_GROUPS: ofOthers,
  SERVICE_QUOTAS: ofOthers,
  SSM: ofOthers,
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
