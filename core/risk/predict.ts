/** Puts a risk on every candidate that is still in. */
import type { MarketFacts } from "../model/market.ts";
import type { Candidate, Offer } from "../model/offer.ts";
import type { Policy } from "../policy.ts";
import { riskFeatures } from "./features.ts";
import type { RiskModel } from "./model.ts";

/** All candidates, in the order given; those not rejected with their risk over `policy.horizonHours`. */
export const estimateRisks = (input: {
  readonly candidates: readonly Candidate[];
  readonly market: MarketFacts;
  readonly policy: Policy;
  readonly model: RiskModel;
}): readonly Offer[] => {
  const { market, model } = input;
  const { horizonHours } = input.policy;
  return input.candidates.map((candidate) => {
    if (candidate.rejection !== undefined) return candidate;
    const probability = model.probability(riskFeatures(candidate, market), horizonHours);
    return { ...candidate, risk: { probability, horizonHours, modelVersion: model.version } };
  });
};
