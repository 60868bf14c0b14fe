/** Which pools should a fleet's next instance prefer, so that one reclaim does not take all of it? */
import type { Policy } from "../../policy/policy.ts";

/** How a target's instances are spread over the pools now. */
export interface Spread<Offer> {
  /** All instances of the target, ≥ 1. */
  readonly instances: number;
  /** Of these in the offer's pool, or booting there; the one to be placed left out. */
  readonly instancesIn: (offer: Offer) => number;
}

/**
 * The offers that stay within the pool's share first, then the others, each part in the order given: a full share does
 * not send an instance to On-Demand where the pool is the only one worth it. One instance per pool is always within.
 */
export const spreadOverPools = <Offer>(
  offers: readonly Offer[],
  { instances, instancesIn }: Spread<Offer>,
  { maxPoolSharePercent }: Pick<Policy, "maxPoolSharePercent">,
): readonly Offer[] => {
  const most = Math.max(1, Math.floor((instances * maxPoolSharePercent) / 100));
  if (most >= instances) return offers;
  const isWithin = (offer: Offer): boolean => instancesIn(offer) < most;
  return [...offers.filter(isWithin), ...offers.filter((offer) => !isWithin(offer))];
};
