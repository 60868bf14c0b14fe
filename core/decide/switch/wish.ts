/** Holds back what somebody has asked not to be done: nothing but a person's word ends a person's wish. */
import type { Target } from "../../model/target.ts";
import type { Verdict } from "../../model/verdict.ts";

/** A SWITCH that nobody asked for becomes a STAY where somebody has asked that the load stand on On-Demand. */
export const heldBackByWish = (
  verdict: Verdict,
  input: {
    /** As it was recorded. */
    readonly target: Pick<Target, "staysOnDemand">;
    readonly isAskedFor: boolean;
  },
): Verdict => {
  const { staysOnDemand } = input.target;
  if (verdict.kind !== "SWITCH" || input.isAskedFor || staysOnDemand === undefined) return verdict;
  const { savings: _ofASwitch, ...others } = verdict;
  return {
    ...others,
    kind: "STAY",
    reason: "ASKED_TO_STAY",
    sentence:
      `Somebody asked that it stand on On-Demand (evaluation ${staysOnDemand.evaluationId}, ${staysOnDemand.since}): ` +
      `it is not switched by itself. Next: evaluate the target if it may go to Spot again. Otherwise: ${verdict.sentence}`,
    offers: [],
  };
};
