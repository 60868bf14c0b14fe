/** For members that AWS always sends and the SDK types as optional. */
import { SpotOptimizerError } from "../../core/errors.ts";

/** The value, or BrokenFacts: a missing fact is never replaced by a guess. */
export const required = <Value>(value: Value | undefined, what: string): Value => {
  if (value === undefined) throw new SpotOptimizerError("BrokenFacts", `AWS did not tell ${what}.`);
  return value;
};
