/**
 * The types whose placement score is asked for: all that could take the instance, whatever they cost now. The
 * set is sorted and does not depend on prices, because AWS limits how many new sets an account may ask for a day.
 */
import type { MarketFacts } from "../../model/market.ts";
import type { Policy } from "../../policy/policy.ts";
import { filterCandidates } from "./candidates.ts";
import type { Need } from "./need.ts";

export const comparableTypes = (input: {
  readonly need: Need;
  readonly market: MarketFacts;
  readonly policy: Policy;
}): readonly string[] => {
  const fitting = filterCandidates(input).filter(
    (candidate) => candidate.rejection?.code.startsWith("TYPE_") !== true,
  );
  return [...new Set(fitting.map((candidate) => candidate.pool.instanceType))].sort();
};
