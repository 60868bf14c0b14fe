/** What the simulated AWS charges: the rows of its own price list, and the Spot prices of its market. */
import type { Market } from "../market/market.ts";
import type { Product } from "../pricing/item.ts";
import { prefixOf, storageProductsOf } from "../pricing/storage-products.ts";
import { priceOf } from "./rounding.ts";

export interface Rate {
  /** With the region's code. */
  readonly usageType: string;
  readonly unit: string;
  /** USD for a unit, in units of 10⁻¹⁰. */
  readonly price: bigint;
}

export interface Prices {
  /** Of storage and addresses. @param usage without the region's code: `EBS:VolumeUsage.gp3` */
  listed(region: string, usage: string): Rate;
  /** For an hour. @param usage `BoxUsage`, `UnusedBox` */
  onDemand(
    usage: string,
    what: { readonly region: string; readonly instanceType: string; readonly product: string },
  ): Rate;
  /** For an hour, as it was in the pool at that second. */
  spot(
    pool: {
      readonly region: string;
      readonly zoneId: string;
      readonly instanceType: string;
      readonly product: string;
    },
    second: number,
  ): Rate;
}

/** Of the oldest type AWS names none: `SpotUsage` alone is m1.small. Source: EC2 user guide, "Spot Instance data feed", UsageType. */
const usageTypeOf = (region: string, usage: string, instanceType: string): string =>
  `${prefixOf(region)}${usage}${instanceType === "m1.small" ? "" : `:${instanceType}`}`;

/** As DescribeSpotPriceHistory tells it. */
const spotDigits = 6;

export const pricesOf = (market: Market): Prices => {
  const lists = new Map<string, ReadonlyMap<string, Product>>();
  const listOf = (region: string): ReadonlyMap<string, Product> => {
    const known =
      lists.get(region) ??
      new Map(storageProductsOf(region).map((row) => [row.attributes.usagetype ?? "", row]));
    lists.set(region, known);
    return known;
  };
  return {
    listed: (region, usage) => {
      const usageType = `${prefixOf(region)}${usage}`;
      const row = listOf(region).get(usageType);
      if (row === undefined) throw new Error(`The price list of ${region} has no ${usage}.`);
      return { usageType, unit: row.unit, price: priceOf(row.usd) };
    },
    onDemand: (usage, { region, instanceType, product }) => {
      const usd = market.onDemand(region, instanceType, product);
      if (usd === undefined) {
        throw new Error(`${instanceType} with ${product} has no On-Demand price in ${region}.`);
      }
      const usageType = usageTypeOf(region, usage, instanceType);
      return { usageType, unit: "Hrs", price: priceOf(usd) };
    },
    spot: (pool, second) => {
      const usd = market.spotPrice(pool, second * 1000);
      if (usd === undefined) {
        const { instanceType, zoneId } = pool;
        throw new Error(`${instanceType} has no Spot price in ${zoneId} at ${String(second)}.`);
      }
      const usageType = usageTypeOf(pool.region, "SpotUsage", pool.instanceType);
      return { usageType, unit: "Hrs", price: priceOf(Number(usd.toFixed(spotDigits))) };
    },
  };
};
