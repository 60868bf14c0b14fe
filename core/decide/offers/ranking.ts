/** Puts prices on offers and ranks them; once, where the same offers are judged for many. */
import type { Offer } from "../../model/offer.ts";
import { compareOffers, priceOffer, type Terms } from "./offer-cost.ts";

type Ranked = ReturnType<typeof priceOffer>;

/** By the very list: who shares offers shares their ranking. The last terms alone are kept. */
const known = new WeakMap<
  readonly Offer[],
  { readonly terms: Terms; readonly ranked: readonly Ranked[] }
>();

/** By what they say: each target has a policy of its own, and many are alike. */
const areSame = (one: Terms, other: Terms): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** All of them, best first. */
export const rankOffers = (offers: readonly Offer[], terms: Terms): readonly Ranked[] => {
  const before = known.get(offers);
  if (before !== undefined && areSame(before.terms, terms)) return before.ranked;
  const ranked = offers.map((offer) => priceOffer(offer, terms)).sort(compareOffers);
  known.set(offers, { terms, ranked });
  return ranked;
};
