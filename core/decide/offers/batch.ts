/**
 * Where do several instances of a fleet go that are placed together, each with regard to those before it? One answer for what the backtest
 * replays, for the verdict on a group, and for each of its batches.
 */
import { poolKey, type Pool } from "../../model/market.ts";
import { membersIn, type FleetFacts } from "../../model/fleet.ts";
import type { Offer } from "../../model/offer.ts";
import {
  compareOffers,
  isAcceptable,
  priceOffer,
  type PricedOffer,
  type Terms,
} from "./offer-cost.ts";
import { choosePlacement, type Placement, type Standing } from "./placement.ts";
import { spreadOverPools, type Spread } from "./spread.ts";

/** One that is to be placed. */
export interface BatchMember {
  readonly standing: Standing;
  /** Where it is on Spot now: not offered to it again. Absent: it is not on Spot. */
  readonly pool?: Pool;
  /** Its successor stands in that zone. Absent: in any. */
  readonly zoneId?: string;
}

export interface PlacingInput {
  /** Where the fleet stands before the first of them moves, all of them included. */
  readonly fleet: FleetFacts;
  /** From estimateRisks, for that fleet with `joining` as many as there are members. */
  readonly offers: readonly Offer[];
  readonly terms: Terms;
}

export interface BatchInput extends PlacingInput {
  /** In the order in which they are placed. */
  readonly members: readonly BatchMember[];
}

/** With the risk that the pool has for one more than are placed there. The last one known stands for those that come after it. */
const asOf = (offer: Offer, placed: number): Offer => {
  const { risk, laterProbabilities = [] } = offer;
  const probability =
    placed === 0
      ? undefined
      : laterProbabilities.at(Math.min(placed, laterProbabilities.length) - 1);
  return risk === undefined || probability === undefined
    ? offer
    : { ...offer, risk: { ...risk, probability } };
};

/** Where one goes among the offers that are ranked for it, the others of its fleet where they are. */
export const placeAmong = <One extends { readonly expectedHourlyUsd: number }>(
  standing: Standing,
  ranked: readonly One[],
  { spread, terms }: { readonly spread: Spread<One>; readonly terms: Terms },
): Placement<One> =>
  choosePlacement(standing, spreadOverPools(ranked, spread, terms.policy), terms);

/**
 * Places one after the other: what `choosePlacement` says of each alone once those before it stand in the first of their offers. What
 * leaves a pool counts there until it is gone. The pools of a placement that come after its first are in the order that held when it was
 * made: where the first gives nothing and others have been launched meanwhile, place the rest again.
 */
export const placerOf = ({
  fleet,
  offers,
  terms,
}: PlacingInput): ((member: BatchMember) => Placement<PricedOffer>) => {
  const placed = new Map<string, number>();
  const placedIn = (pool: Pool): number => placed.get(poolKey(pool)) ?? 0;
  return ({ standing, pool: own, zoneId }) => {
    const ranked = offers
      .filter(({ pool }) => own === undefined || poolKey(pool) !== poolKey(own))
      .filter(({ pool }) => zoneId === undefined || pool.zoneId === zoneId)
      .map((offer) => priceOffer(asOf(offer, placedIn(offer.pool)), terms))
      .filter(isAcceptable)
      .sort(compareOffers);
    const spread = {
      instances: fleet.instances,
      instancesIn: ({ pool }: PricedOffer) => membersIn(fleet, pool) + placedIn(pool),
    };
    const placement = placeAmong(standing, ranked, { spread, terms });
    if (placement.kind === "MOVE") {
      const [{ pool }] = placement.offers;
      placed.set(poolKey(pool), placedIn(pool) + 1);
    }
    return placement;
  };
};

/** A placement for each member, in their order. */
export const placeBatch = ({ members, ...input }: BatchInput): readonly Placement<PricedOffer>[] =>
  members.map(placerOf(input));
