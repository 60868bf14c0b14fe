/** The market of a region: the one that another evaluation has just read, or AWS is asked and it is stored for the next. */
import { readInstanceTypes, readOfferings, readSpotPrices } from "../../adapters/aws/ec2/market.ts";
import { readOnDemandPrices } from "../../adapters/aws/pricing.ts";
import { bandsFor, fetchAdvisorFeed, parseAdvisorFeed } from "../../adapters/aws/spot-advisor.ts";
import { currentMarket, loadMarket, saveMarket } from "../../adapters/store/markets.ts";
import { asOf, isShareable } from "../../core/decide/offers/shared-market.ts";
import type { MarketReference, RegionMarket } from "../../core/model/market.ts";
import type { Policy } from "../../core/policy/policy.ts";
import type { StepContext } from "../runtime/context.ts";
import { feedWithLastGoodCopy, type Feed } from "./last-good-copy.ts";

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

/** The market that was read last, whatever its age; undefined where none ever was. It is read where a feed fails, and not before. */
type LastMarket = () => Promise<RegionMarket | undefined>;

/** What it had of one feed. */
const ofLast =
  <Body>(last: LastMarket, part: (market: RegionMarket) => Feed<Body>) =>
  async (): Promise<Feed<Body> | undefined> => {
    const market = await last();
    return market === undefined ? undefined : part(market);
  };

const readPrices = async (
  context: MarketContext,
  { region, product, now }: MarketQuestion,
  last: LastMarket,
): Promise<Prices> => {
  const spot = await feedWithLastGoodCopy(context, {
    name: `spot-prices#${region}#${product}`,
    read: () => readSpotPrices(context.marketEc2(region), { product, now }),
    lastGood: ofLast(last, ({ spotPrices: body, spotPricesFetchedAt: fetchedAt }) => ({
      body,
      fetchedAt,
    })),
  });
  const onDemand = await feedWithLastGoodCopy(context, {
    name: `on-demand#${region}#${product}`,
    read: () => readOnDemandPrices(context.pricing, { region, product }),
    lastGood: ofLast(last, ({ onDemand: body, onDemandFetchedAt: fetchedAt }) => ({
      body,
      fetchedAt,
    })),
  });
  const os = product.startsWith("Windows") ? "Windows" : "Linux";
  const bands = await feedWithLastGoodCopy(context, {
    name: `advisor#${region}#${os}`,
    read: async () =>
      bandsFor(parseAdvisorFeed(await fetchAdvisorFeed(context.fetch, context.advisorFeedUrl)), {
        region,
        os,
      }),
    lastGood: ofLast(last, ({ bands: body, bandsFetchedAt: fetchedAt }) => ({ body, fetchedAt })),
  });
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
  last: LastMarket,
): Promise<RegionMarket> => {
  const { region, product, now } = question;
  const marketEc2 = context.marketEc2(region);
  return {
    region,
    product,
    readAt: now.toISOString(),
    types: await readInstanceTypes(marketEc2),
    offerings: await readOfferings(marketEc2),
    ...(await readPrices(context, question, last)),
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
  const known = current && { region, product, digest: current.digest };
  if (known && isShareable(current.asOf, now.toISOString(), policy)) {
    return { market: await loadMarket(context.table, known), stored: known };
  }
  const last: LastMarket = async () => known && loadMarket(context.table, known);
  const market = await readMarket(context, question, last);
  return { market, stored: await saveMarket(context.table, market, asOf(market)) };
};
