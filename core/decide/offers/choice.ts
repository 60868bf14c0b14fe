/** Is there an offer worth the move, and in which order are pools to be tried? */
import { hoursBetween } from "../../hours.ts";
import { moveDwellHours } from "./dwell.ts";
import { judgementMark, type JudgementVersion } from "../../model/judgement-version.ts";
import type { MarketFacts, ReservedCoverage } from "../../model/market.ts";
import type { Move } from "../../model/move.ts";
import type { Offer } from "../../model/offer.ts";
import type { Savings, Verdict } from "../../model/verdict.ts";
import type { Policy } from "../../policy/policy.ts";
import { judgeAcceptable, quarantineNote } from "./choice/acceptable.ts";
import type { Answer, Conclusion } from "./choice/conclusion.ts";
import { judgeDearness, judgeWorth } from "./choice/worth.ts";
import { counted, hours, minutes } from "./figures.ts";
import { stoodInBy, type Need } from "./need.ts";
import { isAcceptable, type PricedOffer, type Terms } from "./offer-cost.ts";
import { rankOffers } from "./ranking.ts";
import { addedBySpot, uncoveredCount } from "./reserved.ts";
import { estimateSavings } from "./savings.ts";
import { spreadOfFleet } from "./spread.ts";
import { compareWayBack, concludeWayBack } from "./way-back.ts";

export interface ChoiceInput {
  readonly need: Need;
  readonly market: MarketFacts;
  readonly policy: Policy;
  readonly policyVersion: string;
  /** From estimateRisks: every candidate, those not rejected with a risk. */
  readonly offers: readonly Offer[];
  readonly modelVersion: string;
  /** The current one for a new verdict, that of the record in a replay. */
  readonly judgementVersion: JudgementVersion;
  /** ISO 8601; absent when the target was never switched. */
  readonly lastSwitchAt?: string;
}

export interface Choice {
  readonly verdict: Verdict;
  /** All offers with expected cost and rejection, best first; those without On-Demand price of the original as given. */
  readonly offers: readonly Offer[];
  /** Of a group or of nodes: all that are to go. Absent: none is, or the verdict is on one instance. */
  readonly moves?: readonly Move[];
  /** What the replacements that run at a time cost at most. Absent: one at a time, of the pools that the verdict names. */
  readonly togetherHourlyUsd?: number;
}

/** All three feeds: a price that AWS may have changed long ago is not a ground for a move. */
const judgeAges = ({ market, policy }: ChoiceInput): Answer => {
  const { observedAt } = market;
  const bandsAge = hoursBetween(market.bandsFetchedAt, observedAt);
  const onDemandAge = hoursBetween(market.onDemandFetchedAt, observedAt);
  const spotAgeMinutes = hoursBetween(market.spotPricesFetchedAt, observedAt) * 60;
  const isFresh =
    Math.max(bandsAge, onDemandAge) <= policy.maxPriceAgeHours &&
    spotAgeMinutes <= policy.maxSpotPriceAgeMinutes;
  if (isFresh) return undefined;
  return {
    kind: "REFUSE",
    reason: "PRICES_TOO_OLD",
    sentence:
      `The last good copy of the Spot Advisor feed is ${hours(bandsAge)} old, that of the On-Demand prices ` +
      `${hours(onDemandAge)} (at most ${hours(policy.maxPriceAgeHours)}), and that of the Spot prices ` +
      `${minutes(spotAgeMinutes)} (at most ${minutes(policy.maxSpotPriceAgeMinutes)}).`,
  };
};

/** Undefined where the price list does not have the type. */
export const onDemandHourlyOf = (
  need: Pick<Need, "instanceType">,
  market: Pick<MarketFacts, "onDemand">,
): number | undefined =>
  market.onDemand.find((price) => price.instanceType === need.instanceType)?.hourlyUsd;

const withoutOnDemandPrice = ({ need, market }: ChoiceInput): Conclusion => ({
  kind: "REFUSE",
  reason: "NO_ON_DEMAND_PRICE_FOR_ORIGINAL",
  sentence:
    `The price list of ${market.region} (fetched ${market.onDemandFetchedAt}) has no On-Demand price of ` +
    `${need.instanceType} for ${market.product}, so no saving can be stated.`,
});

const besides = ({ leaving = [] }: ReservedCoverage): string =>
  leaving.length === 0
    ? ""
    : `, besides what other switches take away already (${leaving.join(", ")})`;

const judgeReservation = (input: ChoiceInput, offers: readonly Offer[]): Answer => {
  const { need, market, policy } = input;
  const { reservedCount, runningCount } = market.reserved;
  // What is on Spot, or not running, is not among the running ones that a reservation pays for: one must be free.
  const wanted = need.standing.kind === "ON_DEMAND" ? runningCount : runningCount + 1;
  const isCovered = uncoveredCount({ reservedCount, runningCount: wanted }) === 0;
  if (!policy.respectReservations || !isCovered) return undefined;
  return {
    kind: "REFUSE",
    reason: "COVERED_BY_RESERVATION",
    sentence:
      `${counted(reservedCount, "Reserved Instance")} of ${need.instanceType} in ${market.region} ` +
      `${reservedCount === 1 ? "covers" : "cover"} all ${String(runningCount)} running` +
      `${wanted > runningCount ? " and one more" : ""}${besides(market.reserved)}: ${addedBySpot(offers, need.instanceType)} ` +
      `to what is paid anyway.`,
  };
};

/** What was interrupted can't wait. */
const judgeDwell = ({ need, lastSwitchAt, market, policy }: ChoiceInput): Answer => {
  if (lastSwitchAt === undefined || need.standing.kind === "INTERRUPTED") return undefined;
  const since = hoursBetween(lastSwitchAt, market.observedAt);
  const dwellHours = need.standing.kind === "SPOT" ? moveDwellHours(policy) : policy.dwellHours;
  if (since >= dwellHours) return undefined;
  return {
    kind: "STAY",
    reason: "WITHIN_DWELL_TIME",
    sentence:
      `The last switch was ${hours(since)} ago (${lastSwitchAt}); the next may follow ` +
      `${hours(dwellHours)} after it.`,
  };
};

const savingsOf = (
  { spotHourlyUsd }: PricedOffer,
  { standing }: Need,
  { onDemandHourlyUsd, policy, judgementVersion }: Terms,
): Savings =>
  estimateSavings({
    ...(standing.kind === "SPOT" && judgementVersion >= 4
      ? { beforeHourlyUsd: standing.spotHourlyUsd, coveredHourlyUsd: 0 }
      : { beforeHourlyUsd: onDemandHourlyUsd, coveredHourlyUsd: policy.coveredHourlyUsd }),
    afterHourlyUsd: spotHourlyUsd,
  });

/** What was interrupted must go somewhere, also when the facts carry no decision about pools. */
const unlessInterrupted = (conclusion: Conclusion, { need }: ChoiceInput): Conclusion => {
  const isLeft = conclusion.kind === "STAY" || conclusion.kind === "REFUSE";
  if (need.standing.kind !== "INTERRUPTED" || !isLeft) return conclusion;
  return {
    ...conclusion,
    kind: "FALLBACK_ON_DEMAND",
    sentence: `${conclusion.sentence} What was interrupted can't stay: it goes to On-Demand.`,
  };
};

const conclude = (
  input: ChoiceInput,
  conclusion: Conclusion,
  priced?: { readonly offers: readonly Offer[]; readonly terms: Terms },
): Choice => {
  const { kind, reason, sentence, chosen } = unlessInterrupted(conclusion, input);
  const offers = priced?.offers ?? input.offers;
  return {
    offers,
    verdict: {
      kind,
      reason,
      sentence: sentence + (kind === "REFUSE" ? "" : quarantineNote(offers)),
      offers: (chosen ?? []).map((offer) => offer.pool),
      ...(chosen !== undefined &&
        priced !== undefined && { savings: savingsOf(chosen[0], input.need, priced.terms) }),
      modelVersion: input.modelVersion,
      ...judgementMark(input.judgementVersion),
      policyVersion: input.policyVersion,
      judgedAt: input.market.observedAt,
    },
  };
};

/** Nobody waits for a better price, and nothing is saved: where the owner's type can be had, that is it. */
const chooseWayBack = (input: ChoiceInput): Choice => {
  const offers = input.offers.toSorted((one, other) => compareWayBack(input.need, one, other));
  const chosen = offers
    .filter(({ rejection }) => rejection === undefined)
    .slice(0, input.policy.maxOffers);
  const { kind, reason, sentence } = concludeWayBack(input.need, offers, chosen);
  return {
    offers,
    verdict: {
      kind,
      reason,
      sentence,
      offers: chosen.map(({ pool }) => pool),
      modelVersion: input.modelVersion,
      ...judgementMark(input.judgementVersion),
      policyVersion: input.policyVersion,
      judgedAt: input.market.observedAt,
    },
  };
};

/** Dwell time holds back a move to On-Demand too. Where no pool is acceptable that is the reason given, whatever the dwell time. */
const judgeOffers = (input: ChoiceInput, offers: readonly Offer[], terms: Terms): Conclusion => {
  const { standing } = input.need;
  const acceptable = spreadOfFleet(offers.filter(isAcceptable), {
    ...stoodInBy(input.need),
    policy: input.policy,
  });
  const question = { standing, acceptable, terms };
  const dwell = judgeDwell(input);
  return (
    judgeReservation(input, offers) ??
    (dwell === undefined ? judgeDearness(question) : undefined) ??
    judgeAcceptable(offers, input) ??
    dwell ??
    judgeWorth(question)
  );
};

/**
 * The verdict on an eligible subject. REFUSE where the facts do not carry a decision or a reservation covers it; SWITCH
 * with at most `policy.maxOffers` pools, best first; STAY with the reason otherwise. What is on Spot falls back to
 * On-Demand where that is cheaper; what was interrupted does wherever the verdict would be REFUSE or STAY. What is to go to
 * On-Demand because somebody asked is judged by where it can go alone.
 */
export const chooseOffers = (input: ChoiceInput): Choice => {
  if (input.need.purchase === "ON_DEMAND") return chooseWayBack(input);
  const tooOld = judgeAges(input);
  if (tooOld !== undefined) return conclude(input, tooOld);
  const onDemandHourlyUsd = onDemandHourlyOf(input.need, input.market);
  if (onDemandHourlyUsd === undefined || onDemandHourlyUsd <= 0) {
    return conclude(input, withoutOnDemandPrice(input));
  }
  const { policy, judgementVersion } = input;
  const terms: Terms = { policy, onDemandHourlyUsd, judgementVersion };
  const offers = rankOffers(input.offers, terms);
  return conclude(input, judgeOffers(input, offers, terms), { offers, terms });
};
