/** What unclaimed things cost, as far as the region's market that was read last knows: AWS is not asked. */
import { currentMarket, loadMarket } from "../../../adapters/store/markets.ts";
import type { Table } from "../../../adapters/store/table.ts";
import { spotProductOf } from "../../../core/decide/offers/spot-product.ts";
import { isPriceKnown, monthlyUsdOf } from "../../../core/decide/unclaimed.ts";
import type { RegionMarket } from "../../../core/model/market.ts";
import type { TaggedThing } from "../../../core/model/tagged-thing.ts";

type PriceOf = (thing: TaggedThing) => Promise<number | undefined>;

const readMarket = async (
  table: Table,
  region: string,
  { product, now }: { readonly product: string; readonly now: Date },
): Promise<RegionMarket | undefined> => {
  const sold = spotProductOf(product);
  if (sold === undefined) return undefined;
  const current = await currentMarket(table, { region, product: sold });
  return current === undefined || !isPriceKnown(current.asOf, now)
    ? undefined
    : loadMarket(table, { region, product: sold, digest: current.digest });
};

/** For 730 hours; undefined where no price is known. Each market is read once, and only where something is charged by the hour. */
export const pricesOf = (table: Table, region: string, now: Date): PriceOf => {
  const markets = new Map<string, Promise<RegionMarket | undefined>>();
  return async ({ charge }) => {
    if (charge === undefined) return undefined;
    const { product } = charge;
    const reading = markets.get(product) ?? readMarket(table, region, { product, now });
    markets.set(product, reading);
    const market = await reading;
    return market === undefined ? undefined : monthlyUsdOf(charge, market);
  };
};
