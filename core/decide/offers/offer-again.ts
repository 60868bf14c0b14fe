/** Judges the one offer that was taken once more, at what it costs and what is reserved now: hours pass between verdict and stop. */
import type { MarketFacts, ReservedCoverage } from "../../model/market.ts";
import type { Offer } from "../../model/offer.ts";
import { chooseOffers, onDemandHourlyOf, type ChoiceInput } from "./choice.ts";
import { percent, poolName, usdPerHour } from "./figures.ts";

/** Prices that are younger are not asked for again. */
export const priceHoldsMinutes = 5;

export type OfferAgain =
  | { readonly kind: "WORTH_IT" }
  /** Names the pool and what has changed. */
  | { readonly kind: "NO_LONGER"; readonly sentence: string };

export interface OfferAgainInput extends Omit<ChoiceInput, "offers" | "lastSwitchAt"> {
  /** As it was judged. */
  readonly offer: Offer;
  readonly now: {
    /** ISO 8601 */
    readonly at: string;
    /** Absent: no price is known for the pool any longer. */
    readonly spotHourlyUsd?: number;
    readonly reserved: ReservedCoverage;
  };
}

const overCap = (price: number, { need, market, policy }: OfferAgainInput): string | undefined => {
  const onDemand = onDemandHourlyOf(need, market) ?? 0;
  return price * 100 > policy.maxPricePercent * onDemand
    ? `${usdPerHour(price)} is over ${percent(policy.maxPricePercent)} of ${usdPerHour(onDemand)} On-Demand.`
    : undefined;
};

const refreshed = ({ market, now }: OfferAgainInput): MarketFacts => ({
  ...market,
  reserved: now.reserved,
  observedAt: now.at,
  spotPricesFetchedAt: now.at,
});

/** The rules are those of the verdict; its risk and the dwell time are not judged again. */
export const judgeOfferAgain = (input: OfferAgainInput): OfferAgain => {
  const { offer, now, market: _then, ...others } = input;
  const { spotHourlyUsd } = now;
  const no = (why: string): OfferAgain => ({
    kind: "NO_LONGER",
    sentence: `${poolName(offer.pool)} is no longer worth the move: ${why}`,
  });
  if (spotHourlyUsd === undefined) return no("EC2 gives no Spot price for it.");
  const dear = overCap(spotHourlyUsd, input);
  if (dear !== undefined) return no(dear);
  const { verdict } = chooseOffers({
    ...others,
    market: refreshed(input),
    offers: [{ ...offer, spotHourlyUsd }],
  });
  return verdict.kind === "SWITCH" ? { kind: "WORTH_IT" } : no(verdict.sentence);
};
