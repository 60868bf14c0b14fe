/**
 * The types whose placement score is asked for: all that could take the instance, whatever they cost now. The
 * set is sorted and does not depend on prices, because AWS limits how many new sets an account may ask for a day.
 */
import type { InstanceFacts } from "../model/instance.ts";
import type { MarketFacts } from "../model/market.ts";
import type { Policy } from "../policy.ts";
import { filterCandidates } from "./candidates.ts";

export const comparableTypes = (input: {
  readonly instance: InstanceFacts;
  readonly market: MarketFacts;
  readonly policy: Policy;
}): readonly string[] => {
  const fitting = filterCandidates(input).filter(
    (candidate) => candidate.rejection?.code.startsWith("TYPE_") !== true,
  );
  return [...new Set(fitting.map((candidate) => candidate.pool.instanceType))].sort();
};
