/** Reads what the replacement's pool costs and what is reserved right before the original is given up, and asks whether it is worth it still. */
import { readSpotPrices } from "../../adapters/aws/ec2/market.ts";
import { readReservedCoverage } from "../../adapters/aws/ec2/reserved.ts";
import { needOfInstance } from "../../core/decide/linear/need.ts";
import { judgeOfferAgain, priceHoldsMinutes } from "../../core/decide/offers/offer-again.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import { judgementVersionOf } from "../../core/model/judgement-version.ts";
import { poolKey, type MarketFacts, type Pool } from "../../core/model/market.ts";
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

/** Throws StaleOffer where the price has risen too far, or a Reserved Instance covers the original now: a neighbour left it free. */
export const revalidateOffer = async (session: OfferSession): Promise<void> => {
  const { evaluation, context } = session;
  const { policy, policyVersion, modelVersion, verdict } = evaluation;
  const { pool } = replacementOf(session);
  const { market } = await readMarketFacts(session);
  const original = await readOriginal(session);
  const offers = await readOffers(session);
  const offer = offers.find((each) => poolKey(each.pool) === poolKey(pool));
  if (offer === undefined || verdict === undefined) throw absent(session, "offer that was taken");
  const { ec2 } = await session.customer();
  const { instanceType, platformDetails: platform } = original;
  const spotHourlyUsd = await priceNow(session, pool, market);
  const judged = judgeOfferAgain({
    need: needOfInstance(original, policy, market.subnets),
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
  if (judged.kind === "WORTH_IT") return;
  throw new SpotOptimizerError("StaleOffer", judged.sentence, {
    resource: poolKey(pool),
    nextStep: "Nothing: the next evaluation judges at the prices of then.",
  });
};
