/** Reads what the replacement's pool costs and what is reserved right before the original is given up, and asks whether it is worth it still. */
import { readSpotPrices } from "../../adapters/aws/ec2/market.ts";
import { readReservedCoverage } from "../../adapters/aws/ec2/reserved.ts";
import { needOnSpot } from "../../core/decide/linear/choice-for-move.ts";
import { needOfFacts } from "../../core/decide/linear/need.ts";
import type { Need } from "../../core/decide/offers/need.ts";
import { judgeOfferAgain, priceHoldsMinutes } from "../../core/decide/offers/offer-again.ts";
import { poolName, usdPerHour } from "../../core/decide/offers/figures.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { Evaluation, MarketedFacts } from "../../core/model/evaluation.ts";
import { judgementVersionOf } from "../../core/model/judgement-version.ts";
import { poolKey, type MarketFacts, type Pool } from "../../core/model/market.ts";
import type { Offer } from "../../core/model/offer.ts";
import type { Policy } from "../../core/policy/policy.ts";
import { absent, readMarketFacts, readOffers } from "../evaluation/facts.ts";
import { leavingBefore } from "../evaluation/slot.ts";
import { readOriginal } from "./facts.ts";
import { replacementOf, type LinearSession } from "./session.ts";

type OfferSession = LinearSession<"ec2" | "elb" | "marketEc2">;

const minuteMs = 60_000;

/** Undefined where EC2 names none. */
const priceNow = async (
  { context }: OfferSession,
  { region, zoneId, instanceType, product }: Pool,
  market: MarketFacts,
): Promise<number | undefined> => {
  const now = context.now();
  const ageMs = now.getTime() - Date.parse(market.spotPricesFetchedAt);
  const prices =
    ageMs <= priceHoldsMinutes * minuteMs
      ? market.spotPrices
      : await readSpotPrices(context.marketEc2(region), { product, now, instanceType });
  return prices.find((price) => price.zoneId === zoneId && price.instanceType === instanceType)
    ?.hourlyUsd;
};

/** What stands on Spot is held against what staying there costs, as it was judged. */
const needOf = (facts: MarketedFacts<"LINEAR">, policy: Policy, offers: readonly Offer[]): Need => {
  const need = needOfFacts(facts, policy);
  return needOnSpot(need, offers, facts.isRecommended) ?? need;
};

const staleOffer = (pool: Pool, sentence: string): SpotOptimizerError =>
  new SpotOptimizerError("StaleOffer", sentence, {
    resource: poolKey(pool),
    nextStep: "Nothing: the next evaluation judges at the prices of then.",
  });

/** The most that an approver has agreed to. Undefined: nobody had to. */
const agreedPrice = ({ authorization }: Pick<Evaluation, "authorization">): number | undefined =>
  authorization?.kind === "PROCEED" ? authorization.approval?.bounds.maxHourlyUsd : undefined;

/** Throws StaleOffer where the price has risen too far, or a Reserved Instance covers the original now: a neighbour left it free. */
export const revalidateOffer = async (session: OfferSession): Promise<void> => {
  const { evaluation, context } = session;
  const { policy, policyVersion, modelVersion, verdict } = evaluation;
  const { pool } = replacementOf(session);
  // What is stored of an evaluation is of its mode.
  const facts = (await readMarketFacts(session)) as MarketedFacts<"LINEAR">;
  const { market } = facts;
  const original = await readOriginal(session);
  const offers = await readOffers(session);
  const offer = offers.find((each) => poolKey(each.pool) === poolKey(pool));
  if (offer === undefined || verdict === undefined) throw absent(session, "offer that was taken");
  const { ec2 } = await session.customer();
  const { instanceType, platformDetails: platform } = original;
  const spotHourlyUsd = await priceNow(session, pool, market);
  const judged = judgeOfferAgain({
    need: needOf(facts, policy, offers),
    market,
    policy,
    policyVersion,
    modelVersion,
    judgementVersion: judgementVersionOf(verdict),
    offer,
    now: {
      at: context.now().toISOString(),
      reserved: await readReservedCoverage(ec2, {
        instanceType,
        platform,
        leaving: await leavingBefore(session),
      }),
      ...(spotHourlyUsd !== undefined && { spotHourlyUsd }),
    },
  });
  if (judged.kind === "NO_LONGER") throw staleOffer(pool, judged.sentence);
  const most = agreedPrice(evaluation);
  if (most !== undefined && spotHourlyUsd !== undefined && spotHourlyUsd > most) {
    throw staleOffer(
      pool,
      `${usdPerHour(spotHourlyUsd)} for ${poolName(pool)} is more than the ${usdPerHour(most)} that was agreed to.`,
    );
  }
};
