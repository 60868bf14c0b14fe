/** Works out once what is on offer for all targets of a place that need the same: to go through a region of 800 types takes tens of milliseconds. */
import type { PoolMemory, RegionMarket } from "../../model/market.ts";
import type { Offer } from "../../model/offer.ts";
import { offersOn, type OffersOn } from "../offers/offers-on.ts";

export interface SharedOffers {
  /** Among those that are judged by the very same market, and by the same memory of its pools. */
  readonly among: (market: RegionMarket, memory: PoolMemory) => OffersOn;
}

/** For one reading of one place: subnets and time are the reading's. */
export const shareOffers = (): SharedOffers => {
  const known = new WeakMap<RegionMarket, Map<string, readonly Offer[]>>();
  return {
    among: (market, memory) => {
      const answers = known.get(market) ?? new Map<string, readonly Offer[]>();
      known.set(market, answers);
      const remembered = JSON.stringify(memory);
      return (question) => {
        const { need, policy, model, isStandingJudged } = question;
        const asked = JSON.stringify([need, policy, model.version, isStandingJudged]);
        const key = `${asked} ${remembered}`;
        const offers = answers.get(key) ?? offersOn(question);
        answers.set(key, offers);
        return offers;
      };
    },
  };
};
