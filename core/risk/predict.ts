/** Puts a risk on every candidate that is still in. */
import { membersIn, wantedToJoin, wantedToStay, type FleetFacts } from "../model/fleet.ts";
import { poolKey, type MarketFacts, type Pool } from "../model/market.ts";
import type { Candidate, Offer } from "../model/offer.ts";
import type { Policy } from "../policy/policy.ts";
import { rememberedHours } from "./quarantine.ts";
import { riskFeatures } from "./features.ts";
import type { RiskFeatures, RiskModel } from "./model.ts";

/** What candidates are judged on. */
interface RiskInput {
  readonly candidates: readonly Candidate[];
  readonly market: MarketFacts;
  readonly policy: Policy;
  /** Of a target that has many: each pool is to hold more than it holds of them. Absent: one is wanted. */
  readonly fleet?: FleetFacts;
  /** Of one alone that stands on Spot: in which pool. */
  readonly standsIn?: Pool;
  /** Of the pools in which its instances stand it is asked too how likely they are lost there, whatever the filter says of them. */
  readonly isStandingJudged?: boolean;
}

/** As the policy lets the model remember. */
const featuresUnder =
  ({ market, policy, fleet }: RiskInput) =>
  (candidate: Candidate, placed: number): RiskFeatures =>
    riskFeatures(candidate, market, {
      rememberedHours: rememberedHours(policy.quarantine),
      wanted: wantedToJoin(fleet, candidate.pool, placed),
    });

/** In a pool that is asked to go on holding all that stand there. */
const stayingFeatures = (
  { market, policy, fleet }: RiskInput,
  candidate: Candidate,
): RiskFeatures =>
  riskFeatures(candidate, market, {
    rememberedHours: rememberedHours(policy.quarantine),
    ...(fleet !== undefined && { wanted: wantedToStay(fleet, candidate.pool) }),
  });

/** Without a price nobody can say what staying costs. */
const isStoodIn = (
  { fleet, standsIn, isStandingJudged = false }: RiskInput,
  { pool, purchase, spotHourlyUsd }: Candidate,
): boolean =>
  isStandingJudged &&
  purchase === undefined &&
  spotHourlyUsd !== undefined &&
  ((fleet !== undefined && membersIn(fleet, pool) > 0) ||
    (standsIn !== undefined && poolKey(standsIn) === poolKey(pool)));

/** 0 for the first that goes into a pool, 1 for the second, … */
const placesIn = ({ fleet }: RiskInput): readonly number[] =>
  Array.from({ length: Math.max(1, fleet?.joining ?? 1) }, (_, placed) => placed);

/** EC2 takes nothing back that was bought On-Demand. */
const isAtRisk = ({ rejection, purchase }: Candidate): boolean =>
  rejection === undefined && purchase === undefined;

/** What a model will be asked: known before it is, for models whose answers are computed beforehand. */
export interface RiskQuestions {
  readonly features: readonly RiskFeatures[];
  readonly horizonHours: number;
}

/** All that `estimateRisks` asks of the model for the same candidates. */
export const riskQuestions = (input: RiskInput): RiskQuestions => ({
  features: [
    ...input.candidates
      .filter(isAtRisk)
      .flatMap((candidate) =>
        placesIn(input).map((placed) => featuresUnder(input)(candidate, placed)),
      ),
    ...input.candidates
      .filter((candidate) => isStoodIn(input, candidate))
      .map((candidate) => stayingFeatures(input, candidate)),
  ],
  horizonHours: input.policy.horizonHours,
});

/** How likely the pool does not go on holding all that stand there: what a standing on Spot is judged by. */
const stayingOf = (
  input: RiskInput & { readonly model: RiskModel },
  candidate: Candidate,
): Pick<Offer, "staying"> => {
  if (!isStoodIn(input, candidate)) return {};
  const { model } = input;
  const { horizonHours } = input.policy;
  const probability = model.probability(stayingFeatures(input, candidate), horizonHours);
  return { staying: { probability, horizonHours, modelVersion: model.version } };
};

/** All candidates, in the order given; those on Spot that are not rejected with their risk over `policy.horizonHours`. */
export const estimateRisks = (
  input: RiskInput & { readonly model: RiskModel },
): readonly Offer[] => {
  const { model } = input;
  const { horizonHours } = input.policy;
  const featuresOf = featuresUnder(input);
  return input.candidates.map((candidate) => {
    const staying = stayingOf(input, candidate);
    if (!isAtRisk(candidate)) {
      return staying.staying === undefined ? candidate : { ...candidate, ...staying };
    }
    const after = (placed: number): number =>
      model.probability(featuresOf(candidate, placed), horizonHours);
    const probability = after(0);
    const later = placesIn(input).slice(1).map(after);
    return {
      ...candidate,
      risk: { probability, horizonHours, modelVersion: model.version },
      ...(later.some((one) => one !== probability) && { laterProbabilities: later }),
      ...staying,
    };
  });
};
