/** Which rule of Retry or Catch answers a failure, and after how long a retry comes. */

import type { Failure } from "./failures.ts";

export interface Retrier {
  readonly errorNames: readonly string[];
  readonly intervalSeconds: number;
  readonly maxAttempts: number;
  readonly backoffRate: number;
  readonly maxDelaySeconds: number;
  readonly hasFullJitter: boolean;
}

/** The language's defaults. */
export const retrierDefaults = { intervalSeconds: 1, maxAttempts: 3, backoffRate: 2 } as const;

/** Neither States.ALL nor States.TaskFailed stands for these. */
const terminalErrors: ReadonlySet<string> = new Set(["States.Runtime", "States.DataLimitExceeded"]);

const nameMatches = (name: string, failure: Failure): boolean => {
  switch (name) {
    case "States.ALL":
      return !terminalErrors.has(failure.error);
    case "States.TaskFailed":
      return !terminalErrors.has(failure.error) && failure.error !== "States.Timeout";
    default:
      return name === failure.error;
  }
};

/** States.Runtime always ends the execution: nothing matches it, not even its own name. */
export const matches = (errorNames: readonly string[], failure: Failure): boolean =>
  failure.error !== "States.Runtime" && errorNames.some((name) => nameMatches(name, failure));

/**
 * The first retrier that matches decides, also if its attempts are used up.
 * @param used retries made so far in this visit of the state, by retrier
 * @returns its index, or undefined if there is no retry, or no longer one
 */
export const findRetrier = (
  retriers: readonly Retrier[],
  failure: Failure,
  used: readonly number[],
): number | undefined => {
  const index = retriers.findIndex((retrier) => matches(retrier.errorNames, failure));
  const retrier = retriers[index];
  return retrier !== undefined && (used[index] ?? 0) < retrier.maxAttempts ? index : undefined;
};

/**
 * @param used retries already made by this retrier
 * @param random uniform in [0, 1), for full jitter
 */
export const retryDelaySeconds = (retrier: Retrier, used: number, random: () => number): number => {
  const delay = Math.min(
    retrier.intervalSeconds * retrier.backoffRate ** used,
    retrier.maxDelaySeconds,
  );
  return retrier.hasFullJitter ? delay * random() : delay;
};
