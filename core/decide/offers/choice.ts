/** Is there an offer worth the move, and in which order are pools to be tried? */
import { hoursBetween, hoursPerMonth } from "../../hours.ts";
import type { MarketFacts } from "../../model/market.ts";
import type { Offer } from "../../model/offer.ts";
import type { Savings, Verdict, VerdictKind, VerdictReason } from "../../model/verdict.ts";
import type { Policy } from "../../policy/policy.ts";
import { counted, hours, minutes, percent, poolName, usd, usdPerHour } from "./figures.ts";
import type { Need } from "./need.ts";
import {
  compareOffers,
  hourlySaving,
  isAcceptable,
  priceOffer,
  type PricedOffer,
  type Terms,
} from "./offer-cost.ts";
import { choosePlacement, moveCeiling, onDemandHourlyCost, type Standing } from "./placement.ts";
import { estimateSavings } from "./savings.ts";

export interface ChoiceInput {
  readonly need: Need;
  readonly market: MarketFacts;
  readonly policy: Policy;
  readonly policyVersion: string;
  /** From estimateRisks: every candidate, those not rejected with a risk. */
  readonly offers: readonly Offer[];
  readonly modelVersion: string;
  /** ISO 8601; absent when the target was never switched. */
  readonly lastSwitchAt?: string;
}

export interface Choice {
  readonly verdict: Verdict;
  /** All offers with expected cost and rejection, best first; those without On-Demand price of the original as given. */
  readonly offers: readonly Offer[];
}

interface Conclusion {
  readonly kind: VerdictKind;
  readonly reason: VerdictReason;
  readonly sentence: string;
  readonly chosen?: readonly [PricedOffer, ...PricedOffer[]];
}

/** A rule's answer, or undefined: the next rule is asked. */
type Answer = Conclusion | undefined;

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

const onDemandOf = ({ need, market }: ChoiceInput): number | undefined =>
  market.onDemand.find((price) => price.instanceType === need.instanceType)?.hourlyUsd;

const withoutOnDemandPrice = ({ need, market }: ChoiceInput): Conclusion => ({
  kind: "REFUSE",
  reason: "NO_ON_DEMAND_PRICE_FOR_ORIGINAL",
  sentence:
    `The price list of ${market.region} (fetched ${market.onDemandFetchedAt}) has no On-Demand price of ` +
    `${need.instanceType} for ${market.product}, so no saving can be stated.`,
});

const judgeReservation = (input: ChoiceInput, offers: readonly Offer[]): Answer => {
  const { need, market, policy } = input;
  const { reservedCount, runningCount } = market.reserved;
  const isCovered = reservedCount > 0 && reservedCount >= runningCount;
  if (!policy.respectReservations || !isCovered) return undefined;
  const cheapest = offers
    .filter(
      (offer) =>
        offer.expectedHourlyUsd !== undefined || offer.pool.instanceType === need.instanceType,
    )
    .map((offer) => offer.spotHourlyUsd)
    .filter((price) => price !== undefined)
    .reduce<number | undefined>((low, price) => Math.min(low ?? price, price), undefined);
  const added =
    cheapest === undefined
      ? "Spot would add its whole price"
      : `Spot would add at least ${usdPerHour(cheapest)} (${usd(cheapest * hoursPerMonth)} a month)`;
  return {
    kind: "REFUSE",
    reason: "COVERED_BY_RESERVATION",
    sentence:
      `${counted(reservedCount, "Reserved Instance")} of ${need.instanceType} in ${market.region} ` +
      `${reservedCount === 1 ? "covers" : "cover"} all ${String(runningCount)} running: ${added} ` +
      `to what is paid anyway.`,
  };
};

/** What quarantine took away may not go unsaid: how many pools, and what the cheapest would have cost. */
const quarantineNote = (offers: readonly Offer[]): string => {
  const excluded = offers.filter((offer) => offer.rejection?.code === "QUARANTINED");
  if (excluded.length === 0) return "";
  const prices = excluded
    .map((offer) => offer.spotHourlyUsd)
    .filter((price) => price !== undefined);
  const cheapest =
    prices.length === 0 ? "" : `, the cheapest at ${usdPerHour(Math.min(...prices))}`;
  return ` Quarantine excludes ${counted(excluded.length, "pool")}${cheapest}.`;
};

/** How many are named: the rest is in the record. */
const namedRejections = 3;

/** ` (12 BAND_OVER_LIMIT, 4 PRICE_OVER_CAP …)`: what an operator would look at first. */
const commonestRejections = (offers: readonly Offer[]): string => {
  const counts = new Map<string, number>();
  for (const { rejection } of offers) {
    if (rejection !== undefined) counts.set(rejection.code, (counts.get(rejection.code) ?? 0) + 1);
  }
  const ordered = [...counts].sort(
    ([code, count], [otherCode, otherCount]) =>
      otherCount - count || code.localeCompare(otherCode, "en"),
  );
  const named = ordered
    .slice(0, namedRejections)
    .map(([code, count]) => `${String(count)} ${code}`);
  const rest = ordered.length > namedRejections ? " …" : "";
  return named.length === 0 ? "" : ` (${named.join(", ")}${rest})`;
};

const judgeAcceptable = (offers: readonly Offer[], { policy }: ChoiceInput): Answer => {
  if (offers.some(isAcceptable)) return undefined;
  const refusedFor = (code: string): readonly Offer[] =>
    offers.filter((offer) => offer.rejection?.code === code);
  const poor = refusedFor("SAVES_TOO_LITTLE");
  const risky = refusedFor("RISK_OVER_LIMIT");
  const nearest = poor[0] ?? risky[0];
  if (nearest === undefined) {
    return {
      kind: "STAY",
      reason: "NO_CANDIDATE",
      sentence: `None of ${counted(offers.length, "candidate")} passed the filter${commonestRejections(offers)}.`,
    };
  }
  const passed = counted(poor.length + risky.length, "pool");
  const example = `${poolName(nearest.pool)} ${nearest.rejection?.sentence ?? ""}`;
  return poor.length > 0
    ? {
        kind: "STAY",
        reason: "SAVINGS_BELOW_MINIMUM",
        sentence: `Of ${passed} that passed the filter none saves ${percent(policy.minSavingsPercent)} within the risk limit: ${example}.`,
      }
    : {
        kind: "STAY",
        reason: "NO_CANDIDATE_UNDER_MAX_RISK",
        sentence: `Each of ${passed} that passed the filter is too risky: ${example}.`,
      };
};

const judgeDwell = ({ lastSwitchAt, market, policy }: ChoiceInput): Answer => {
  if (lastSwitchAt === undefined) return undefined;
  const since = hoursBetween(lastSwitchAt, market.observedAt);
  if (since >= policy.dwellHours) return undefined;
  return {
    kind: "STAY",
    reason: "WITHIN_DWELL_TIME",
    sentence:
      `The last switch was ${hours(since)} ago (${lastSwitchAt}); the next may follow ` +
      `${hours(policy.dwellHours)} after it.`,
  };
};

const coveredNote = ({ coveredHourlyUsd }: Policy): string =>
  coveredHourlyUsd > 0 ? `, of which ${usdPerHour(coveredHourlyUsd)} are covered already` : "";

const switchSentence = (best: PricedOffer, terms: Terms): string =>
  `${poolName(best.pool)} at ${usdPerHour(best.spotHourlyUsd)} saves ${percent(best.savingsPercent)} of ` +
  `${usdPerHour(terms.onDemandHourlyUsd)} On-Demand${coveredNote(terms.policy)} ` +
  `(${usd(hourlySaving(best.spotHourlyUsd, terms) * hoursPerMonth)} a month); it is lost within ` +
  `${hours(best.risk.horizonHours)} with a probability of ${percent(best.risk.probability * 100, "up")} ` +
  `(${best.risk.modelVersion}), and is expected to cost ${usdPerHour(best.expectedHourlyUsd)} all in.`;

/** Only offers that beat staying by the margin are tried: the launch may come to the last of them. */
const judgeMargin = (offers: readonly Offer[], terms: Terms): Conclusion => {
  const acceptable = offers.filter(isAcceptable);
  const original: Standing = { kind: "ON_DEMAND" };
  const placement = choosePlacement(original, acceptable, terms);
  if (placement.kind === "MOVE") {
    return {
      kind: "SWITCH",
      reason: "SAVINGS_WORTH_THE_RISK",
      sentence: switchSentence(placement.offers[0], terms),
      chosen: placement.offers,
    };
  }
  const nearest = acceptable[0];
  const cost =
    nearest === undefined
      ? ""
      : ` ${poolName(nearest.pool)} would cost ${usdPerHour(nearest.expectedHourlyUsd)} all in;`;
  return {
    kind: "STAY",
    reason: "WITHIN_HYSTERESIS",
    sentence:
      `No pool beats staying at ${usdPerHour(onDemandHourlyCost(terms))} by the margin of ` +
      `${percent(terms.policy.hysteresisPercent)} of ${usdPerHour(terms.onDemandHourlyUsd)}:${cost} ` +
      `at most ${usdPerHour(moveCeiling(original, terms))} would be worth the move.`,
  };
};

const savingsOf = ({ spotHourlyUsd }: PricedOffer, terms: Terms): Savings =>
  estimateSavings({
    onDemandHourlyUsd: terms.onDemandHourlyUsd,
    spotHourlyUsd,
    coveredHourlyUsd: terms.policy.coveredHourlyUsd,
  });

const conclude = (
  input: ChoiceInput,
  conclusion: Conclusion,
  priced?: { readonly offers: readonly Offer[]; readonly terms: Terms },
): Choice => {
  const { kind, reason, sentence, chosen } = conclusion;
  const offers = priced?.offers ?? input.offers;
  return {
    offers,
    verdict: {
      kind,
      reason,
      sentence: sentence + (kind === "REFUSE" ? "" : quarantineNote(offers)),
      offers: (chosen ?? []).map((offer) => offer.pool),
      ...(chosen !== undefined &&
        priced !== undefined && { savings: savingsOf(chosen[0], priced.terms) }),
      modelVersion: input.modelVersion,
      policyVersion: input.policyVersion,
      judgedAt: input.market.observedAt,
    },
  };
};

/**
 * The verdict on an eligible instance. REFUSE where the facts do not carry a decision or a reservation covers the
 * instance; SWITCH with at most `policy.maxOffers` pools, best first; STAY with the reason otherwise.
 */
export const chooseOffers = (input: ChoiceInput): Choice => {
  const tooOld = judgeAges(input);
  if (tooOld !== undefined) return conclude(input, tooOld);
  const onDemandHourlyUsd = onDemandOf(input);
  if (onDemandHourlyUsd === undefined || onDemandHourlyUsd <= 0) {
    return conclude(input, withoutOnDemandPrice(input));
  }
  const terms: Terms = { policy: input.policy, onDemandHourlyUsd };
  const offers = input.offers.map((offer) => priceOffer(offer, terms)).sort(compareOffers);
  const conclusion =
    judgeReservation(input, offers) ??
    judgeAcceptable(offers, input) ??
    judgeDwell(input) ??
    judgeMargin(offers, terms);
  return conclude(input, conclusion, { offers, terms });
};
