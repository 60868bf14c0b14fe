/** The seeded market with a handful of types, so that a platform costs milliseconds. */
import type { Market } from "../cloud/market/market.ts";
import { seededMarket } from "../cloud/market/seeded.ts";

/** The original's, six that are at least as good, and two that are not. */
export const smallMarketTypes: readonly string[] = [
  "m5.large",
  "m5a.large",
  "m6a.large",
  "m6i.large",
  "m7i.large",
  "r6i.large",
  "r5.large",
  "c5.large",
  "m6g.large",
];

const only = (market: Market, names: ReadonlySet<string>): Market => ({
  ...market,
  types: () => market.types().filter(({ instanceType }) => names.has(instanceType)),
  findType: (instanceType) => (names.has(instanceType) ? market.findType(instanceType) : undefined),
  isOffered: (region, zoneId, instanceType) =>
    names.has(instanceType) && market.isOffered(region, zoneId, instanceType),
  priceHistory: (query) =>
    market.priceHistory({ ...query, instanceTypes: query.instanceTypes ?? [...names] }),
});

/** Without outages: a pool is empty only where a test says so. Shared: a market has no state. */
export const marketOf = (names: Iterable<string>): Market =>
  only(seededMarket({ seed: 1, regions: ["us-east-1"], outageFactor: 0 }), new Set(names));

export const smallMarket: Market = marketOf(smallMarketTypes);
