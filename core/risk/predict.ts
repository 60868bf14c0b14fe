/** Puts a risk on every candidate that is still in. */
import type { MarketFacts } from "../model/market.ts";
import type { Candidate, Offer } from "../model/offer.ts";
import type { Policy } from "../policy/policy.ts";
import { rememberedHours } from "./quarantine.ts";
import { riskFeatures } from "./features.ts";
import type { RiskFeatures, RiskModel } from "./model.ts";

/** As the policy lets the model remember. */
const featuresUnder =
  (market: MarketFacts, { quarantine }: Policy) =>
  (candidate: Candidate): RiskFeatures =>
    riskFeatures(candidate, market, rememberedHours(quarantine));

/** EC2 takes nothing back that was bought On-Demand. */
const isAtRisk = ({ rejection, purchase }: Candidate): boolean =>
  rejection === undefined && purchase === undefined;

/** What a model will be asked: known before it is, for models whose answers are computed beforehand. */
export interface RiskQuestions {
  readonly features: readonly RiskFeatures[];
  readonly horizonHours: number;
}

/** All that `estimateRisks` asks of the model for the same candidates. */
export const riskQuestions = (input: {
  readonly candidates: readonly Candidate[];
  readonly market: MarketFacts;
  readonly policy: Policy;
}): RiskQuestions => ({
  features: input.candidates.filter(isAtRisk).map(featuresUnder(input.market, input.policy)),
  horizonHours: input.policy.horizonHours,
});

/** All candidates, in the order given; those on Spot that are not rejected with their risk over `policy.horizonHours`. */
export const estimateRisks = (input: {
  readonly candidates: readonly Candidate[];
  readonly market: MarketFacts;
  readonly policy: Policy;
  readonly model: RiskModel;
}): readonly Offer[] => {
  const { market, model } = input;
  const { horizonHours } = input.policy;
  const featuresOf = featuresUnder(market, input.policy);
  return input.candidates.map((candidate) => {
    if (!isAtRisk(candidate)) return candidate;
    const probability = model.probability(featuresOf(candidate), horizonHours);
    return { ...candidate, risk: { probability, horizonHours, modelVersion: model.version } };
  });
};
