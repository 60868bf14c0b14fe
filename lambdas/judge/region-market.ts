/** The market of a region: the one that another evaluation has just read, or AWS is asked and it is stored for the next. */
import { readInstanceTypes, readOfferings, readSpotPrices } from "../../adapters/aws/ec2/market.ts";
import { readOnDemandPrices } from "../../adapters/aws/pricing.ts";
import { bandsFor, fetchAdvisorFeed, parseAdvisorFeed } from "../../adapters/aws/spot-advisor.ts";
import { currentMarket, loadMarket, saveMarket } from "../../adapters/store/markets.ts";
import { asOf, isShareable } from "../../core/decide/offers/shared-market.ts";
import type { MarketReference, RegionMarket } from "../../core/model/market.ts";
import type { Policy } from "../../core/policy/policy.ts";
import type { StepContext } from "../runtime/context.ts";
import { feedWithLastGoodCopy } from "./last-good-copy.ts";

type MarketContext = Pick<
  StepContext<"marketEc2" | "pricing">,
  "advisorFeedUrl" | "fetch" | "log" | "marketEc2" | "now" | "pricing" | "table"
>;

export interface MarketQuestion {
  readonly region: string;
  /** Spot product description. */
  readonly product: string;
  readonly now: Date;
  readonly policy: Pick<Policy, "maxSpotPriceAgeMinutes">;
}

type Prices = Pick<
  RegionMarket,
  | "spotPrices"
  | "spotPricesFetchedAt"
  | "onDemand"
  | "onDemandFetchedAt"
  | "bands"
  | "bandsFetchedAt"
>;

const readPrices = async (
  context: MarketContext,
  { region, product, now }: MarketQuestion,
): Promise<Prices> => {
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

const readMarket = async (
  context: MarketContext,
  question: MarketQuestion,
): Promise<RegionMarket> => {
  const { region, product, now } = question;
  const marketEc2 = context.marketEc2(region);
  return {
    region,
    product,
    readAt: now.toISOString(),
    types: await readInstanceTypes(marketEc2),
    offerings: await readOfferings(marketEc2),
    ...(await readPrices(context, question)),
  };
};

/**
 * Two evaluations that ask at once may both read: each is judged on what it has read. Throws what the reading throws
 * when there is neither a market to share nor a last good copy; BrokenFacts if the shared one is damaged.
 */
export const marketOfRegion = async (
  context: MarketContext,
  question: MarketQuestion,
): Promise<{ readonly market: RegionMarket; readonly stored: MarketReference }> => {
  const { region, product, now, policy } = question;
  const current = await currentMarket(context.table, { region, product });
  if (current !== undefined && isShareable(current.asOf, now.toISOString(), policy)) {
    const stored = { region, product, digest: current.digest };
    return { market: await loadMarket(context.table, stored), stored };
  }
  const market = await readMarket(context, question);
  return { market, stored: await saveMarket(context.table, market, asOf(market)) };
};
