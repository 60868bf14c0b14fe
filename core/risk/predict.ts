/** Puts a risk on every candidate that is still in. */
import type { MarketFacts } from "../model/market.ts";
import type { Candidate, Offer } from "../model/offer.ts";
import type { Policy } from "../policy.ts";
import { rememberedHours } from "./quarantine.ts";
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
  const { horizonHours, quarantine } = input.policy;
  const remembered = rememberedHours(quarantine);
  return input.candidates.map((candidate) => {
    if (candidate.rejection !== undefined) return candidate;
    const features = riskFeatures(candidate, market, remembered);
    const probability = model.probability(features, horizonHours);
    return { ...candidate, risk: { probability, horizonHours, modelVersion: model.version } };
  });
};
