/** Stay, move to a better pool, or fall back to On-Demand? One answer for what runs on On-Demand, runs on Spot, or was interrupted. */
import { hourlySaving, runningHourlyCost, switchingHourlyCost, type Terms } from "./offer-cost.ts";
import type { RiskEstimate } from "../../model/offer.ts";

/** Where the capacity in question stands. */
export type Standing =
  | { readonly kind: "ON_DEMAND" }
  | { readonly kind: "SPOT"; readonly spotHourlyUsd: number; readonly risk: RiskEstimate }
  /** Its pool reclaimed it, or is about to: it must be launched anew elsewhere. */
  | { readonly kind: "INTERRUPTED" };

/** `offers` are to be tried in this order; the first that gives capacity is it. */
export type Placement<Offer> =
  | { readonly kind: "STAY" }
  | { readonly kind: "MOVE"; readonly offers: readonly [Offer, ...Offer[]] }
  | { readonly kind: "FALL_BACK" };

/** USD per hour that On-Demand costs beyond what a Savings Plan covers. */
export const onDemandHourlyCost = (terms: Terms): number => hourlySaving(0, terms);

/** USD per hour by which a move must beat what it leaves. */
const marginOf = ({ policy, onDemandHourlyUsd }: Terms): number =>
  (policy.hysteresisPercent / 100) * onDemandHourlyUsd;

/**
 * The expected cost, USD per hour with the switch in it, that a pool must not exceed to be worth the move. What was
 * interrupted has to be launched anew wherever it goes, On-Demand too, so that the launch speaks against no pool.
 */
export const moveCeiling = (standing: Standing, terms: Terms): number => {
  const onDemand = onDemandHourlyCost(terms);
  switch (standing.kind) {
    case "ON_DEMAND":
      return onDemand - marginOf(terms);
    case "SPOT": {
      const staying = runningHourlyCost(standing.spotHourlyUsd, standing.risk, terms);
      return Math.min(staying - marginOf(terms), onDemand);
    }
    case "INTERRUPTED":
      return onDemand + switchingHourlyCost(terms);
  }
};

/** Has the pool become dearer than On-Demand, its risk counted, by more than the margin that keeps it from flapping? */
const isDearerThanOnDemand = (standing: Standing, terms: Terms): boolean => {
  if (standing.kind !== "SPOT") return standing.kind === "INTERRUPTED";
  const { policy, onDemandHourlyUsd } = terms;
  const staying = runningHourlyCost(standing.spotHourlyUsd, standing.risk, terms);
  return staying > onDemandHourlyCost(terms) + (policy.fallbackPercent / 100) * onDemandHourlyUsd;
};

/** `offers`: those that policy accepts, cheapest expected cost first; at most `policy.maxOffers` of them are tried. */
export const choosePlacement = <Offer extends { readonly expectedHourlyUsd: number }>(
  standing: Standing,
  offers: readonly Offer[],
  terms: Terms,
): Placement<Offer> => {
  const ceiling = moveCeiling(standing, terms);
  const [first, ...others] = offers
    .filter((offer) => offer.expectedHourlyUsd <= ceiling)
    .slice(0, terms.policy.maxOffers);
  if (first !== undefined) return { kind: "MOVE", offers: [first, ...others] };
  return { kind: isDearerThanOnDemand(standing, terms) ? "FALL_BACK" : "STAY" };
};
