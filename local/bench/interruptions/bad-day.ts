/** What else may go wrong while EC2 takes two hundred instances: the buses are throttled, what they deliver comes twice, answers are lost, and functions die. */
import { isMutation, createKiller, type WatchedTable } from "../../lab/harm.ts";
import type { LabAccount } from "../../lab/account.ts";
import { currentInvocation } from "../../platform/invocation.ts";

/** Primes: what meets one harm is not always the same that meets another. */
const throttledEach = 3;
const twiceEach = 5;
const secondAfterMs = 700;
const lostAnswerEach = 29;
const deathEachCall = 41;
const deathEachWrite = 83;

export interface BadDay {
  /** Functions that were killed so far. */
  readonly deaths: () => number;
}

/** From now on. */
export const beginBadDay = ({ platform, accountId }: LabAccount, table: WatchedTable): BadDay => {
  const killer = createKiller();
  let delivered = 0;
  platform.eventBridge.control.harm(({ attempt }) => {
    delivered += 1;
    if (attempt === 1 && delivered % throttledEach === 0) {
      return { kind: "FAIL", error: "THROTTLING" };
    }
    return delivered % twiceEach === 0 ? { kind: "TWICE", afterMs: secondAfterMs } : undefined;
  });
  const isOfCustomer = isMutation(accountId);
  let calls = 0;
  platform.cloud.faults.after((call) => {
    if (!isOfCustomer(call) || currentInvocation() === undefined) return undefined;
    calls += 1;
    if (calls % deathEachCall === 0) return killer.die();
    if (calls % lostAnswerEach > 0) return undefined;
    throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
  });
  table.setHook((moment, write) => {
    const isDue = write % deathEachWrite === 0 && moment === (write % 2 === 0 ? "before" : "after");
    return isDue && currentInvocation() !== undefined ? killer.die() : undefined;
  });
  return { deaths: () => killer.deaths };
};
