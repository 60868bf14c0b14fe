/** Works out once what is on offer for all targets of a place that need the same: to go through a region of 800 types takes tens of milliseconds. */
import type { PoolMemory, RegionMarket } from "../../model/market.ts";
import type { Offer } from "../../model/offer.ts";
import { offersOn, type OffersOn } from "../offers/offers-on.ts";

export interface SharedOffers {
  /** Among those that are judged by the same market and the same memory of its pools. */
  readonly among: (market: RegionMarket, memory: PoolMemory) => OffersOn;
}

type Answers = Map<string, readonly Offer[]>;

const answersIn = <Key extends object, Value>(
  known: WeakMap<Key, Value>,
  key: Key,
  make: () => Value,
): Value => {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
};

/** For one reading of one place: subnets and time are the reading's. */
export const shareOffers = (): SharedOffers => {
  const known = new WeakMap<RegionMarket, WeakMap<PoolMemory, Answers>>();
  return {
    among: (market, memory) => {
      const byMemory = answersIn(known, market, () => new WeakMap<PoolMemory, Answers>());
      const answers = answersIn(byMemory, memory, (): Answers => new Map());
      return (question) => {
        const { need, policy, model, isStandingJudged } = question;
        const key = JSON.stringify([need, policy, model.version, isStandingJudged]);
        const offers = answers.get(key) ?? offersOn(question);
        answers.set(key, offers);
        return offers;
      };
    },
  };
};
