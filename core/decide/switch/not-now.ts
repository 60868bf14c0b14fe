/** The verdict on what could be switched, and not now: what stands against it passes by itself. */
import { SpotOptimizerError } from "../../errors.ts";
import type { Postponement, Verdict } from "../../model/verdict.ts";
import { markOf, type JudgedBy } from "./objection.ts";

/** STAY for the first delay; the sentence names the codes of the others too. Throws BrokenInput without any. */
export const notNow = (input: JudgedBy & { readonly delays: readonly Postponement[] }): Verdict => {
  const [first, ...others] = input.delays;
  if (first === undefined) {
    throw new SpotOptimizerError("BrokenInput", "A delay needs at least one reason.");
  }
  const also =
    others.length === 0 ? "" : ` Also: ${others.map(({ reason }) => reason).join(", ")}.`;
  return {
    kind: "STAY",
    ...first,
    sentence: first.sentence + also,
    offers: [],
    ...markOf(input),
  };
};
