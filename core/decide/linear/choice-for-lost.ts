/**
 * Chooses where a load is launched anew whose Spot Instance EC2 took: in another pool, else On-Demand. EC2 takes Spot Instances mostly for
 * On-Demand of the same type in the same zone, so that this is tried last (EC2 user guide, "Spot Instance interruptions").
 */
import type { Loss } from "../../model/evaluation.ts";
import { poolKey, type MarketFacts, type Pool } from "../../model/market.ts";
import type { Offer } from "../../model/offer.ts";
import type { Policy } from "../../policy/policy.ts";
import { chooseOffers, type Choice, type ChoiceInput } from "../offers/choice.ts";
import type { Need } from "../offers/need.ts";
import { wayBackOffers } from "../offers/way-back.ts";

/** On-Demand pools, best first, at most `policy.maxOffers`. */
export const onDemandPools = (
  input: { readonly need: Need; readonly market: MarketFacts; readonly policy: Policy },
  { pool: lost }: Pick<Loss, "pool">,
): readonly Pool[] => {
  const pools = wayBackOffers(input).map(({ pool }) => pool);
  const isLost = (pool: Pool): boolean => poolKey(pool) === poolKey(lost);
  return [...pools.filter((pool) => !isLost(pool)), ...pools.filter(isLost)].slice(
    0,
    input.policy.maxOffers,
  );
};

const without = ({ pool: lost }: Loss, offers: readonly Offer[]): readonly Offer[] =>
  offers.map((offer) =>
    offer.rejection === undefined && poolKey(offer.pool) === poolKey(lost)
      ? {
          ...offer,
          rejection: { code: "QUARANTINED", sentence: "is the one that has just been lost" },
        }
      : offer,
  );

/** Windows, pace, money, approvals and earlier attempts are not asked: the load is down, or will be in two minutes. */
export const chooseForLost = (input: ChoiceInput, lost: Loss): Choice => {
  const choice = chooseOffers({ ...input, offers: without(lost, input.offers) });
  const { verdict } = choice;
  const sentence = `${lost.sentence} ${verdict.sentence}`;
  if (verdict.kind !== "FALLBACK_ON_DEMAND")
    return { ...choice, verdict: { ...verdict, sentence } };
  const offers = onDemandPools(input, lost);
  return {
    ...choice,
    verdict:
      offers.length > 0
        ? { ...verdict, sentence, offers }
        : {
            ...verdict,
            kind: "REFUSE",
            reason: "NO_CANDIDATE",
            sentence: `${sentence} No On-Demand type of the region can take it.`,
          },
  };
};
