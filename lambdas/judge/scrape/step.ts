/** Scrape: the market of the region, the losses of its pools, and where the customer's subnets are. */
import * as z from "zod";
import { readSubnets } from "../../../adapters/aws/ec2/subnets.ts";
import { readPlacementScores } from "../../../adapters/aws/ec2/market.ts";
import { readReservedCoverage } from "../../../adapters/aws/ec2/reserved.ts";
import { saveFacts } from "../../../adapters/store/evaluations.ts";
import { comparableTypes } from "../../../core/decide/offers/comparable-types.ts";
import type { Whereabouts } from "../../../core/decide/offers/judge.ts";
import { judgeOf } from "../../../core/decide/judges.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import type { StoredFacts } from "../../../core/model/evaluation.ts";
import type {
  MarketView,
  PlacementFacts,
  RegionMarket,
  ReservedCoverage,
} from "../../../core/model/market.ts";
import type { PipelineMode } from "../../../core/model/pipeline-mode.ts";
import { readFacts } from "../../evaluation/facts.ts";
import { readHerdMemory } from "../../evaluation/herd-memory.ts";
import { marketOfRegion } from "../region-market.ts";
import { defineEvaluationStep, evaluationInputSchema } from "../../evaluation/evaluation-step.ts";
import type { EvaluationSession } from "../../evaluation/session.ts";
import { leavingBefore } from "../../evaluation/slot.ts";

type ScrapeSession = EvaluationSession<PipelineMode, "ec2" | "marketEc2" | "pricing">;

type ReservedFacts = Pick<PlacementFacts, "reserved" | "reservedOthers">;

/** A score is a hint: AWS limits how many sets of types an account may ask for, and then there is none. */
const readScores = async (
  session: ScrapeSession,
  instanceTypes: readonly string[],
): Promise<MarketView["placementScores"]> => {
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

const readReserved = async (
  session: ScrapeSession,
  { instanceType, product: platform, otherTypes = [] }: Whereabouts,
): Promise<ReservedFacts> => {
  const { ec2 } = await session.customer();
  const leaving = await leavingBefore(session);
  const reserved = await readReservedCoverage(ec2, { instanceType, platform, leaving });
  if (otherTypes.length === 0) return { reserved };
  const reservedOthers: Record<string, ReservedCoverage> = {};
  for (const type of otherTypes) {
    reservedOthers[type] = await readReservedCoverage(ec2, {
      instanceType: type,
      platform,
      leaving,
    });
  }
  return { reserved, reservedOthers };
};

const viewOf = async (
  session: ScrapeSession,
  facts: StoredFacts,
  region: RegionMarket,
): Promise<MarketView> => {
  const { evaluation, now } = session;
  const judge = judgeOf(evaluation.mode);
  const policy = judge.policyFor(facts, evaluation.policy);
  const whereabouts = judge.whereaboutsOf(facts);
  const { ec2 } = await session.customer();
  const view: MarketView = {
    observedAt: now.toISOString(),
    ...(await readHerdMemory(session)),
    subnets: await readSubnets(ec2, whereabouts),
    ...(await readReserved(session, whereabouts)),
    placementScores: [],
  };
  const market = { ...region, ...view };
  const need = judge.needOf({ ...facts, market }, policy);
  // AWS scores Spot capacity alone.
  const types = need.purchase === undefined ? comparableTypes({ need, market, policy }) : [];
  return { ...view, placementScores: await readScores(session, types) };
};

export const scrapeStep = defineEvaluationStep({
  name: "scrape",
  clients: ["ec2", "marketEc2", "pricing"],
  input: evaluationInputSchema,
  output: z.object({ kind: z.literal("SCRAPED"), summary: z.string() }),
  run: async (session) => {
    const { context, evaluation, now } = session;
    const facts = await readFacts(session);
    const { market, stored } = await marketOfRegion(context, {
      region: evaluation.region,
      product: judgeOf(evaluation.mode).whereaboutsOf(facts).product,
      now,
      policy: evaluation.policy,
    });
    const view = await viewOf(session, facts, market);
    await saveFacts(context.table, evaluation.evaluationId, {
      ...facts,
      market: { ...view, stored },
    });
    return {
      output: {
        kind: "SCRAPED" as const,
        summary: `${String(market.spotPrices.length)} Spot prices of ${String(market.types.length)} types in ${market.region}, advisor bands of ${market.bandsFetchedAt}.`,
      },
    };
  },
});
