/** What an hour in a pool is expected to cost, what it saves, and whether policy takes the offer at all. */
import { SpotOptimizerError } from "../../errors.ts";
import type { JudgementVersion } from "../../model/judgement-version.ts";
import { poolKey } from "../../model/market.ts";
import type { Offer, Rejection, RiskEstimate } from "../../model/offer.ts";
import type { Policy } from "../../policy/policy.ts";
import { hours, percent, usdPerHour } from "./figures.ts";

/** An offer with everything that a decision needs. */
export type PricedOffer = Offer & {
  readonly spotHourlyUsd: number;
  readonly risk: RiskEstimate;
  readonly expectedHourlyUsd: number;
  readonly savingsPercent: number;
};

export interface Terms {
  readonly policy: Policy;
  /** On-Demand price of the original, USD per hour, > 0. */
  readonly onDemandHourlyUsd: number;
  /** By which rules an interruption is charged. */
  readonly judgementVersion: JudgementVersion;
}

/**
 * A switching cost falls due at most once per dwell time. A dwell under an hour counts as one hour, the unit in
 * which prices and risks are stated: without any dwell the target may move every hour.
 */
const dwellOf = (policy: Policy): number => Math.max(1, policy.dwellHours);

/** USD per hour: the cost of a switch, spread over the dwell time. */
export const switchingHourlyCost = ({ policy, onDemandHourlyUsd }: Terms): number =>
  (policy.switchCostHours / dwellOf(policy)) * onDemandHourlyUsd;

/** Largest double below 1: a loss that is certain would have no finite rate. */
const nearCertainty = 1 - Number.EPSILON / 2;

/**
 * Interruptions per hour for which a probability over a horizon stands: the hazard, whatever the horizon is. A pool that is lost
 * with 94 % within a week and one that is lost with 33 % within a day cost the same an hour; probability ÷ horizon, the first
 * version's rate, would make the week look a third as dear, because the offer ends with the loss and so does its time.
 */
export const interruptionsPerHour = (
  { probability, horizonHours }: Pick<RiskEstimate, "probability" | "horizonHours">,
  version: JudgementVersion,
): number =>
  version === 1
    ? probability / horizonHours
    : -Math.log1p(-Math.min(probability, nearCertainty)) / horizonHours;

/** Of capacity that is there already: Spot price + interruptions per hour × cost of one, USD per hour. */
export const runningHourlyCost = (
  spotHourlyUsd: number,
  risk: RiskEstimate,
  { policy, onDemandHourlyUsd, judgementVersion }: Terms,
): number =>
  spotHourlyUsd +
  interruptionsPerHour(risk, judgementVersion) * policy.interruptionCostHours * onDemandHourlyUsd;

/** The same of capacity that is yet to be launched, the switch included. */
export const expectedHourlyCost = (
  spotHourlyUsd: number,
  risk: RiskEstimate,
  terms: Terms,
): number => runningHourlyCost(spotHourlyUsd, risk, terms) + switchingHourlyCost(terms);

/** USD per hour, less what a Savings Plan pays of the original already; negative when Spot costs more. */
export const hourlySaving = (spotHourlyUsd: number, terms: Terms): number =>
  terms.onDemandHourlyUsd - terms.policy.coveredHourlyUsd - spotHourlyUsd;

const savingsPercentOf = (spotHourlyUsd: number, terms: Terms): number =>
  // Rounded to a millionth: a saving of exactly the minimum must not fail on a binary fraction.
  Number(((hourlySaving(spotHourlyUsd, terms) / terms.onDemandHourlyUsd) * 100).toFixed(6));

const judgeLimits = (
  offer: { readonly spotHourlyUsd: number; readonly savingsPercent: number },
  risk: RiskEstimate,
  terms: Terms,
): Rejection | undefined => {
  const { policy, onDemandHourlyUsd } = terms;
  if (risk.probability > policy.maxRisk) {
    return {
      code: "RISK_OVER_LIMIT",
      sentence:
        `is lost within ${hours(risk.horizonHours)} with a probability of ` +
        `${percent(risk.probability * 100, "up")} (${risk.modelVersion}), ` +
        `over the limit of ${percent(policy.maxRisk * 100)}`,
    };
  }
  if (offer.savingsPercent < policy.minSavingsPercent) {
    const covered =
      policy.coveredHourlyUsd > 0
        ? ` of which ${usdPerHour(policy.coveredHourlyUsd)} are covered already`
        : "";
    return {
      code: "SAVES_TOO_LITTLE",
      sentence:
        `saves ${percent(offer.savingsPercent)} at ${usdPerHour(offer.spotHourlyUsd)} against ` +
        `${usdPerHour(onDemandHourlyUsd)} On-Demand${covered}, ` +
        `under the minimum of ${percent(policy.minSavingsPercent)}`,
    };
  }
  return undefined;
};

/**
 * The offer with expected cost and saving, and a rejection if it breaks a limit. A rejected candidate is returned
 * as it is. Throws BrokenInput for an offer that passed the filter without a price or a risk.
 */
export const priceOffer = (offer: Offer, terms: Terms): Offer | PricedOffer => {
  if (offer.rejection !== undefined) return offer;
  const { spotHourlyUsd, risk } = offer;
  if (spotHourlyUsd === undefined || risk === undefined) {
    throw new SpotOptimizerError(
      "BrokenInput",
      `The offer ${poolKey(offer.pool)} passed the filter without a price or a risk.`,
      { resource: poolKey(offer.pool) },
    );
  }
  const priced: PricedOffer = {
    ...offer,
    spotHourlyUsd,
    risk,
    expectedHourlyUsd: expectedHourlyCost(spotHourlyUsd, risk, terms),
    savingsPercent: savingsPercentOf(spotHourlyUsd, terms),
  };
  const rejection = judgeLimits(priced, risk, terms);
  return rejection === undefined ? priced : { ...priced, rejection };
};

/** Still in: everything known, nothing against it. */
export const isAcceptable = (offer: Offer): offer is PricedOffer =>
  offer.rejection === undefined && offer.expectedHourlyUsd !== undefined;

const rank = (offer: Offer): number =>
  offer.rejection === undefined ? 0 : offer.expectedHourlyUsd === undefined ? 2 : 1;

/** Acceptable ones first, then those refused for risk or saving, then those the filter took; cheapest first, ties by pool key. */
export const compareOffers = (left: Offer, right: Offer): number => {
  const byRank = rank(left) - rank(right);
  if (byRank !== 0) return byRank;
  const byCost = (left.expectedHourlyUsd ?? 0) - (right.expectedHourlyUsd ?? 0);
  if (byCost !== 0) return byCost;
  const [leftKey, rightKey] = [poolKey(left.pool), poolKey(right.pool)];
  return leftKey < rightKey ? -1 : leftKey > rightKey ? 1 : 0;
};
