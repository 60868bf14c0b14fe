/** For how many rounds, and how long, one evaluation goes on beginning others: batches of a group, nodes of a node group. */
import type { Postponement } from "../../model/verdict.ts";

/**
 * In one evaluation. An execution's history has at most 25,000 events (Step Functions quotas): a batch of a group takes some 570 of them, and one that meets every
 * deadline some 5,100; what is left after so many is the next evaluation's.
 */
const mostRounds = 20;

const hourMs = 3_600_000;

/** Undefined while another may be begun. */
export const judgeEnoughRounds = (input: {
  /** For sentences: `group web`. */
  readonly name: string;
  readonly rounds: number;
  /** `batches` */
  readonly called: string;
  /** For as long it may begin others: what was judged is that old. */
  readonly hours: number;
  /** ISO 8601 */
  readonly startedAt: string;
  readonly now: string;
}): Postponement | undefined => {
  const { name, rounds, called, hours, startedAt, now } = input;
  const isLate = Date.parse(now) - Date.parse(startedAt) >= hours * hourMs;
  if (rounds < mostRounds && !isLate) return undefined;
  return {
    reason: "BATCHES_USED_UP",
    sentence: `This evaluation of ${name} has made ${String(rounds)} ${called} since ${startedAt}, as many as its execution can hold. The next evaluation goes on.`,
    retryAt: now,
  };
};
