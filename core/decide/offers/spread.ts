/** Which pools should a fleet's next instance prefer, so that one reclaim does not take all of it? */
import { membersIn, type FleetFacts } from "../../model/fleet.ts";
import type { Pool } from "../../model/market.ts";
import type { Policy } from "../../policy/policy.ts";

/** How a target's instances are spread over the pools now. */
export interface Spread<Offer> {
  /** All instances of the target, ≥ 1. */
  readonly instances: number;
  /** Of these in the offer's pool, or booting there; the one to be placed left out. */
  readonly instancesIn: (offer: Offer) => number;
}

/** How many of the target's instances one pool may hold: one at least. */
const poolShare = (
  instances: number,
  { maxPoolSharePercent }: Pick<Policy, "maxPoolSharePercent">,
): number => Math.max(1, Math.floor((instances * maxPoolSharePercent) / 100));

/**
 * The offers that stay within the pool's share first, then the others, each part in the order given: a full share does
 * not send an instance to On-Demand where the pool is the only one worth it. One instance per pool is always within.
 */
export const spreadOverPools = <Offer>(
  offers: readonly Offer[],
  { instances, instancesIn }: Spread<Offer>,
  policy: Pick<Policy, "maxPoolSharePercent">,
): readonly Offer[] => {
  const most = poolShare(instances, policy);
  if (most >= instances) return offers;
  const isWithin = (offer: Offer): boolean => instancesIn(offer) < most;
  return [...offers.filter(isWithin), ...offers.filter((offer) => !isWithin(offer))];
};

/** The same for the members of a fleet. Offers for a single instance stay as they are. */
export const spreadOfFleet = <Offer extends { readonly pool: Pool }>(
  offers: readonly Offer[],
  { fleet, policy }: { readonly fleet?: FleetFacts; readonly policy: Policy },
): readonly Offer[] =>
  fleet === undefined
    ? offers
    : spreadOverPools(
        offers,
        { instances: fleet.instances, instancesIn: ({ pool }) => membersIn(fleet, pool) },
        policy,
      );
