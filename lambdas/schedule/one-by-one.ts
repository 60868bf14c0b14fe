/** For the functions that work through a list on a schedule: one item that fails must not keep the others waiting. */
import { SpotOptimizerError } from "../../core/errors.ts";
import type { Log, LogKeys } from "../runtime/log.ts";

/** Of the 60 s that most functions have; what is left is handled at the next run. */
const usualBudgetMs = 45_000;

export interface OneByOne {
  /** False once the time is used up. */
  hasTime(): boolean;
  /** Until then; 0 once it is used up. */
  secondsLeft(): number;
  /**
   * Runs the work of one item. One of our own errors is logged, and gives undefined; so is an unknown one, but
   * `finish` throws it then.
   */
  attempt<Result>(
    item: { readonly name: string; readonly keys: LogKeys },
    work: () => Promise<Result>,
  ): Promise<Result | undefined>;
  /** @throws the first unknown error, once all items were attempted */
  finish(): void;
}

export const oneByOne = (
  context: { readonly now: () => Date; readonly log: Log },
  budgetMs: number = usualBudgetMs,
): OneByOne => {
  const endsMs = context.now().getTime() + budgetMs;
  const unknown: Error[] = [];
  return {
    hasTime: () => context.now().getTime() < endsMs,
    secondsLeft: () => Math.max(0, endsMs - context.now().getTime()) / 1000,
    attempt: async ({ name, keys }, work) => {
      try {
        return await work();
      } catch (thrown) {
        const error = thrown instanceof Error ? thrown : new Error(String(thrown));
        if (!(error instanceof SpotOptimizerError)) unknown.push(error);
        context.log.warn(`${name}: ${error.message}`, { ...keys, error: error.name });
        return undefined;
      }
    },
    finish: () => {
      const [first] = unknown;
      if (first !== undefined) throw first;
    },
  };
};
