/** Says where members of a group go, and why there: for whoever reads the record. */
import type { Pool } from "../../model/market.ts";
import { poolKey } from "../../model/market.ts";
import { counted, hours, percent, poolName, usdPerHour } from "../offers/figures.ts";
import type { PricedOffer } from "../offers/offer-cost.ts";

/** `m5.large in use1-az4 at $0.0300/h saves 68 %, is lost within 24 h with 3 %, and is expected to cost $0.0312/h; 4 more pools if need be`. */
export const placedSentence = ([first, ...others]: readonly [
  PricedOffer,
  ...PricedOffer[],
]): string =>
  `${poolName(first.pool)} at ${usdPerHour(first.spotHourlyUsd)} saves ${percent(first.savingsPercent)}, is lost within ` +
  `${hours(first.risk.horizonHours)} with a probability of ${percent(first.risk.probability * 100, "up")}, and is expected to cost ` +
  `${usdPerHour(first.expectedHourlyUsd)} all in` +
  (others.length === 0 ? "" : `; ${counted(others.length, "other pool")} if need be`);

const namedAtMost = 5;

/** `2 to m5.large in use1-az4, 1 to r5.large in use1-az1`: most first. */
export const spreadSentence = (pools: readonly Pool[]): string => {
  const groups = [...Map.groupBy(pools, poolKey).values()].toSorted(
    (one, other) => other.length - one.length,
  );
  const named = groups
    .slice(0, namedAtMost)
    .flatMap(([first, ...others]) =>
      first === undefined ? [] : [`${String(others.length + 1)} to ${poolName(first)}`],
    );
  const rest = groups.length - named.length;
  return [...named, ...(rest > 0 ? [`others to ${counted(rest, "more pool")}`] : [])].join(", ");
};
