/** Turns a candidate and the market around it into the features that every risk model sees. */
import { hoursBetween } from "../hours.ts";
import type { MarketFacts, PoolLoss } from "../model/market.ts";
import type { Candidate } from "../model/offer.ts";
import type { RiskFeatures } from "./model.ts";

/** The last range of the advisor's feed, ">20%": stands in when the feed holds no band at all. */
const worstKnownBand = { minPercent: 20, maxPercent: 100 };

const bandFeatures = (
  candidate: Candidate,
  market: MarketFacts,
): Pick<RiskFeatures, "bandMinPercent" | "bandMaxPercent" | "isBandKnown"> => {
  const own = market.bands.find((band) => band.instanceType === candidate.pool.instanceType);
  const worst = market.bands.reduce<{ minPercent: number; maxPercent: number } | undefined>(
    (found, band) =>
      found === undefined || band.minPercent + band.maxPercent > found.minPercent + found.maxPercent
        ? band
        : found,
    undefined,
  );
  const { minPercent, maxPercent } = own ?? worst ?? worstKnownBand;
  return {
    bandMinPercent: minPercent,
    bandMaxPercent: maxPercent,
    isBandKnown: own !== undefined,
  };
};

/** `m5` of `m5.large`. */
const familyOf = (instanceType: string): string => instanceType.split(".")[0] ?? instanceType;

const hoursSinceLast = (losses: readonly PoolLoss[], now: string): number | undefined =>
  losses.length === 0 ? undefined : Math.min(...losses.map((loss) => hoursBetween(loss.at, now)));

/**
 * The features of one candidate at `market.observedAt`. A neighbour is a pool of the same family in the region:
 * the effect was measured between zones of one type; the types of a family share their hardware, so that the
 * whole family is counted, which can only raise the risk.
 */
export const riskFeatures = (candidate: Candidate, market: MarketFacts): RiskFeatures => {
  const { zoneId, instanceType } = candidate.pool;
  const isOwn = (loss: PoolLoss): boolean =>
    loss.zoneId === zoneId && loss.instanceType === instanceType;
  const isNeighbour = (loss: PoolLoss): boolean =>
    !isOwn(loss) && familyOf(loss.instanceType) === familyOf(instanceType);
  const now = market.observedAt;
  const hoursSincePoolLoss = hoursSinceLast(market.losses.filter(isOwn), now);
  const hoursSinceNeighbourLoss = hoursSinceLast(market.losses.filter(isNeighbour), now);
  const { spotHourlyUsd, onDemandHourlyUsd, placementScore } = candidate;
  const hasBothPrices =
    spotHourlyUsd !== undefined && onDemandHourlyUsd !== undefined && onDemandHourlyUsd > 0;
  return {
    ...bandFeatures(candidate, market),
    ...(hasBothPrices && { priceRatio: spotHourlyUsd / onDemandHourlyUsd }),
    ...(hoursSincePoolLoss !== undefined && { hoursSincePoolLoss }),
    ...(hoursSinceNeighbourLoss !== undefined && { hoursSinceNeighbourLoss }),
    ...(placementScore !== undefined && { placementScore }),
  };
};
