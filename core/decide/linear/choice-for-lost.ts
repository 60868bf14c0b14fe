/**
 * Chooses where a load is launched anew whose Spot Instance EC2 took: in another pool, else On-Demand. EC2 takes Spot Instances mostly for
 * On-Demand of the same type in the same zone, so that this is tried last (EC2 user guide, "Spot Instance interruptions").
 */
import type { Loss } from "../../model/loss.ts";
import { poolKey, type MarketFacts, type Pool } from "../../model/market.ts";
import type { Offer } from "../../model/offer.ts";
import type { Policy } from "../../policy/policy.ts";
import { chooseOffers, type Choice, type ChoiceInput } from "../offers/choice.ts";
import type { Need } from "../offers/need.ts";
import { wayBackOffers } from "../offers/way-back.ts";

/** With data: EC2 gives the root volume itself to a host in its zone alone, and an image of it takes longer. */
const isNear = (
  { consistency }: Pick<Policy, "consistency">,
  { pool: lost }: Pick<Loss, "pool">,
  pool: Pool,
): boolean => consistency === "stateless" || pool.zoneId === lost.zoneId;

/** Those in the zone of the root volume first; a zone without room is one without room for many types. At most `policy.maxOffers` each. */
const nearFirst = (
  pools: readonly Pool[],
  policy: Pick<Policy, "consistency" | "maxOffers">,
  lost: Pick<Loss, "pool">,
): readonly Pool[] => {
  const near = pools.filter((pool) => isNear(policy, lost, pool));
  const far = pools.filter((pool) => !isNear(policy, lost, pool));
  return [...near.slice(0, policy.maxOffers), ...far.slice(0, policy.maxOffers)];
};

/** On-Demand pools, best first. */
export const onDemandPools = (
  input: { readonly need: Need; readonly market: MarketFacts; readonly policy: Policy },
  loss: Pick<Loss, "pool">,
): readonly Pool[] => {
  const pools = wayBackOffers(input).map(({ pool }) => pool);
  const isLost = (pool: Pool): boolean => poolKey(pool) === poolKey(loss.pool);
  const inOrder = [...pools.filter((pool) => !isLost(pool)), ...pools.filter(isLost)];
  return nearFirst(inOrder, input.policy, loss);
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

/** Of the Spot pools the same. */
const chooseNear = (input: ChoiceInput, lost: Loss): Choice => {
  const { policy } = input;
  const choice = chooseOffers(input);
  const offers = input.offers.filter(({ pool }) => isNear(policy, lost, pool));
  if (choice.verdict.kind !== "SWITCH" || offers.length === input.offers.length) return choice;
  const { verdict } = chooseOffers({ ...input, offers });
  if (verdict.kind !== "SWITCH") return choice;
  const far = chooseOffers({
    ...input,
    offers: input.offers.filter(({ pool }) => !isNear(policy, lost, pool)),
  }).verdict;
  const pools = far.kind === "SWITCH" ? [...verdict.offers, ...far.offers] : verdict.offers;
  return { ...choice, verdict: { ...verdict, offers: nearFirst(pools, policy, lost) } };
};

/** Windows, pace, money, approvals and earlier attempts are not asked: the load is down, or will be in two minutes. */
export const chooseForLost = (input: ChoiceInput, lost: Loss): Choice => {
  const choice = chooseNear({ ...input, offers: without(lost, input.offers) }, lost);
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
