/**
 * Judges a load that stands on Spot by one of its switches: it stays, moves to a better pool where its owner allows that, or goes back to On-Demand
 * once Spot has become dearer. A person need not ask.
 */
import { poolKey } from "../../model/market.ts";
import type { Offer } from "../../model/offer.ts";
import type { FactsBesideSpot } from "../../model/spot-backoff.ts";
import type { Verdict } from "../../model/verdict.ts";
import { judgementMark } from "../../model/judgement-version.ts";
import { limitName } from "../../policy/limit-name.ts";
import type { Policy } from "../../policy/policy.ts";
import { chooseOffers, type Choice, type ChoiceInput } from "../offers/choice.ts";
import { poolName } from "../offers/figures.ts";
import type { Need } from "../offers/need.ts";
import { foretoldRisk } from "../switch/recommendation.ts";
import { wayBackOffers } from "../offers/way-back.ts";

type OnSpot = Need & { readonly standsIn: NonNullable<Need["standsIn"]> };

const isOwn = ({ standsIn }: Need, { pool }: Offer): boolean =>
  standsIn !== undefined && poolKey(pool) === poolKey(standsIn);

/**
 * With what staying costs, where it was recommended to leave with the risk that this foretells.
 * @returns undefined where the price of its pool, or the risk of staying there, is not known
 */
export const needOnSpot = (
  need: Need,
  offers: readonly Offer[],
  isRecommended = false,
): Need | undefined => {
  const own = offers.find((offer) => isOwn(need, offer));
  if (own?.spotHourlyUsd === undefined || own.staying === undefined) return undefined;
  const { spotHourlyUsd, staying } = own;
  const risk = isRecommended ? foretoldRisk(staying) : staying;
  return { ...need, standing: { kind: "SPOT", spotHourlyUsd, risk } };
};

const withoutStanding = (input: ChoiceInput, { standsIn }: OnSpot): Choice => ({
  offers: input.offers,
  verdict: {
    kind: "STAY",
    reason: "STANDING_UNKNOWN",
    sentence: `It stands on Spot ${poolName(standsIn)}, whose price or risk the market of ${input.market.region} does not tell: whether another place is better can't be said.`,
    offers: [],
    modelVersion: input.modelVersion,
    ...judgementMark(input.judgementVersion),
    policyVersion: input.policyVersion,
    judgedAt: input.market.observedAt,
  },
});

/** It is not offered the pool that it has. */
const withoutOwn = (need: Need, offers: readonly Offer[]): readonly Offer[] =>
  offers.map((offer) =>
    offer.rejection === undefined && isOwn(need, offer)
      ? {
          ...offer,
          rejection: { code: "STANDS_THERE", sentence: "is the pool in which it stands" },
        }
      : offer,
  );

const unlessAllowed = (verdict: Verdict, { allowMoves }: Pick<Policy, "allowMoves">): Verdict => {
  if (allowMoves || verdict.kind !== "SWITCH") return verdict;
  const { savings: _ofAMove, ...others } = verdict;
  return {
    ...others,
    kind: "STAY",
    reason: "MOVES_NOT_ALLOWED",
    sentence: `It stays in its Spot pool, because ${limitName("allowMoves")} is not set. Otherwise: ${verdict.sentence}`,
    offers: [],
  };
};

/** The owner's type first. An advice, without a place, where none can take it. */
const withWayBack = (
  choice: Choice,
  input: ChoiceInput,
  noFallback: string | undefined,
): Choice => {
  const { verdict } = choice;
  const { need, market, policy } = input;
  const back =
    noFallback === undefined
      ? wayBackOffers({ need, market, policy }).slice(0, policy.maxOffers)
      : [];
  const why =
    back.length > 0 ? "" : ` ${noFallback ?? "No On-Demand type of the region can take it."}`;
  return {
    ...choice,
    verdict: {
      ...verdict,
      sentence: `${verdict.sentence}${why}`,
      offers: back.map(({ pool }) => pool),
    },
    togetherHourlyUsd: Math.max(0, ...back.map(({ onDemandHourlyUsd = 0 }) => onDemandHourlyUsd)),
  };
};

/** The need is of what stands on Spot: `standsIn` says where. */
export const chooseForMove = (
  input: ChoiceInput,
  { noFallback, isRecommended }: Pick<FactsBesideSpot, "noFallback" | "isRecommended">,
): Choice => {
  const { policy } = input;
  const { standsIn } = input.need;
  const need = needOnSpot(input.need, input.offers, isRecommended);
  if (standsIn !== undefined && need === undefined) {
    return withoutStanding(input, { ...input.need, standsIn });
  }
  const judged = { ...input, need: need ?? input.need };
  const choice = chooseOffers({ ...judged, offers: withoutOwn(judged.need, input.offers) });
  return choice.verdict.kind === "FALLBACK_ON_DEMAND"
    ? withWayBack(choice, judged, noFallback)
    : { ...choice, verdict: unlessAllowed(choice.verdict, policy) };
};
