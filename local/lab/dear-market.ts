/** A market in which some pools become dear from an instant on: what stands there is to be moved to a better one. */
import type { Pool } from "../../core/model/market.ts";
import type { Market } from "../cloud/market/market.ts";

export interface Dearness {
  /** Milliseconds since the epoch. */
  readonly fromMs: number;
  /** Of what the pool's type costs On-Demand. */
  readonly share: number;
  readonly isDear: (pool: Pick<Pool, "instanceType" | "zoneId">) => boolean;
}

/** Asked at each reading: what is told later holds from then on, and nothing becomes dear before. */
export const dearMarket = (market: Market, dearness: () => Dearness | undefined): Market => {
  const priceOf = (
    { region, instanceType, product }: Pick<Pool, "region" | "instanceType" | "product">,
    { share }: Dearness,
  ): number => share * (market.onDemand(region, instanceType, product) ?? 1);
  return {
    ...market,
    spotPrice: (pool, atMs) => {
      const dear = dearness();
      return dear !== undefined && atMs >= dear.fromMs && dear.isDear(pool)
        ? priceOf(pool, dear)
        : market.spotPrice(pool, atMs);
    },
    priceHistory: (query) => {
      const changes = market.priceHistory(query);
      const dear = dearness();
      if (dear === undefined || query.toMs < dear.fromMs) return changes;
      return changes.flatMap((change) => {
        if (!dear.isDear(change)) return [change];
        const hourlyUsd = priceOf({ ...change, region: query.region }, dear);
        return change.atMs >= dear.fromMs
          ? [{ ...change, hourlyUsd }]
          : [{ ...change, atMs: dear.fromMs, hourlyUsd }, change];
      });
    },
  };
};
