/** Scrape: the Spot market of the region, the prices and bands, and where the customer's subnets are. */
import * as z from "zod";
import { readSubnets } from "../../../adapters/aws/ec2/network.ts";
import {
  readInstanceTypes,
  readOfferings,
  readPlacementScores,
  readReservedCoverage,
  readSpotPrices,
} from "../../../adapters/aws/ec2/market.ts";
import { readOnDemandPrices } from "../../../adapters/aws/pricing.ts";
import {
  bandsFor,
  fetchAdvisorFeed,
  parseAdvisorFeed,
} from "../../../adapters/aws/spot-advisor.ts";
import { saveFacts } from "../../../adapters/store/evaluations.ts";
import { listLosses, listRefusals } from "../../../adapters/store/pools.ts";
import { comparableTypes } from "../../../core/decide/offers/comparable-types.ts";
import { needOf } from "../../../core/decide/needs.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import type { InstanceFacts } from "../../../core/model/instance.ts";
import type { MarketFacts } from "../../../core/model/market.ts";
import { memoryHours } from "../../../core/risk/pool-history.ts";
import { banHours } from "../../../core/risk/quarantine.ts";
import { readFacts, readOriginal } from "../../evaluation/facts.ts";
import { feedWithLastGoodCopy } from "../last-good-copy.ts";
import { defineEvaluationStep, evaluationInputSchema } from "../../evaluation/evaluation-step.ts";
import type { EvaluationSession } from "../../evaluation/session.ts";

const hourMs = 3_600_000;

/** Back to what the risk model remembers, or as far as a ban reaches. */
const herdMemory = async ({
  context,
  now,
  evaluation,
}: EvaluationSession): Promise<Required<Pick<MarketFacts, "losses" | "refusals">>> => {
  const hours = Math.max(memoryHours, banHours(evaluation.policy.quarantine));
  const since = {
    region: evaluation.region,
    since: new Date(now.getTime() - hours * hourMs).toISOString(),
  };
  return {
    losses: await listLosses(context.table, since),
    refusals: await listRefusals(context.table, since),
  };
};

type Prices = Pick<
  MarketFacts,
  | "spotPrices"
  | "spotPricesFetchedAt"
  | "onDemand"
  | "onDemandFetchedAt"
  | "bands"
  | "bandsFetchedAt"
>;

const readPrices = async (session: EvaluationSession, product: string): Promise<Prices> => {
  const { context, now, evaluation } = session;
  const { region } = evaluation;
  const spot = await feedWithLastGoodCopy(context, `spot-prices#${region}#${product}`, () =>
    readSpotPrices(context.marketEc2(region), { product, now }),
  );
  const onDemand = await feedWithLastGoodCopy(context, `on-demand#${region}#${product}`, () =>
    readOnDemandPrices(context.pricing, { region, product }),
  );
  const os = product.startsWith("Windows") ? "Windows" : "Linux";
  const bands = await feedWithLastGoodCopy(context, `advisor#${region}#${os}`, async () =>
    bandsFor(parseAdvisorFeed(await fetchAdvisorFeed(context.fetch, context.advisorFeedUrl)), {
      region,
      os,
    }),
  );
  return {
    spotPrices: spot.body,
    spotPricesFetchedAt: spot.fetchedAt,
    onDemand: onDemand.body,
    onDemandFetchedAt: onDemand.fetchedAt,
    bands: bands.body,
    bandsFetchedAt: bands.fetchedAt,
  };
};

/** A score is a hint: AWS limits how many sets of types an account may ask for, and then there is none. */
const readScores = async (
  session: EvaluationSession,
  instanceTypes: readonly string[],
): Promise<MarketFacts["placementScores"]> => {
  const { context, evaluation } = session;
  if (instanceTypes.length === 0) return [];
  try {
    return await readPlacementScores(context.marketEc2(evaluation.region), {
      instanceTypes,
      region: evaluation.region,
    });
  } catch (error) {
    if (!(error instanceof SpotOptimizerError)) throw error;
    context.log.warn(`No placement scores for this evaluation: ${error.message}`, {
      error: error.name,
    });
    return [];
  }
};

const readMarket = async (
  session: EvaluationSession,
  instance: InstanceFacts,
): Promise<MarketFacts> => {
  const { context, now, evaluation } = session;
  const { region, policy } = evaluation;
  const customer = await session.customer();
  const marketEc2 = context.marketEc2(region);
  const product = instance.platformDetails;
  const market: MarketFacts = {
    region,
    product,
    observedAt: now.toISOString(),
    types: await readInstanceTypes(marketEc2),
    offerings: await readOfferings(marketEc2),
    ...(await readPrices(session, product)),
    placementScores: [],
    ...(await herdMemory(session)),
    quarantined: [],
    subnets: await readSubnets(customer.ec2, { vpcId: instance.vpcId }),
    reserved: await readReservedCoverage(customer.ec2, {
      instanceType: instance.instanceType,
      platform: instance.platformDetails,
    }),
  };
  const types = comparableTypes({ need: needOf({ instance, market }, policy), market, policy });
  return { ...market, placementScores: await readScores(session, types) };
};

export const scrapeStep = defineEvaluationStep({
  name: "scrape",
  input: evaluationInputSchema,
  output: z.object({ kind: z.literal("SCRAPED"), summary: z.string() }),
  run: async (session) => {
    const instance = await readOriginal(session);
    const market = await readMarket(session, instance);
    const facts = await readFacts(session);
    await saveFacts(session.context.table, session.evaluation.evaluationId, { ...facts, market });
    return {
      output: {
        kind: "SCRAPED" as const,
        summary: `${String(market.spotPrices.length)} Spot prices of ${String(market.types.length)} types in ${market.region}, advisor bands of ${market.bandsFetchedAt}.`,
      },
    };
  },
});
