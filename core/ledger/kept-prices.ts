/** Keeps On-Demand prices as the list has shown them, and puts together what everything costs at each instant. */
import type { KeptPrices } from "../model/ledger/prices.ts";
import type { PriceKind } from "../model/ledger/span.ts";
import type { SpotPrice } from "../model/market.ts";
import type { WastePrices } from "../model/waste/price.ts";
import { nanoOfUsd } from "./money.ts";
import type { PriceBook, PricePoint } from "./prices.ts";
import { instantOf } from "./time.ts";

interface Dated {
  readonly instanceType: string;
  readonly hourlyUsd: number;
  /** ISO 8601 */
  readonly since: string;
}

/** So many changes of one type's price are kept. */
const mostChanges = 24;

/**
 * With what the list shows now, of the types that are asked for. A list that is published anew with the same price has a later date: the earlier one stands, for
 * it held since then. The same where nothing is new.
 */
export const keepPrices = (
  kept: KeptPrices | undefined,
  listed: readonly Dated[],
  wanted: ReadonlySet<string>,
): KeptPrices => {
  const known = kept ?? { types: {} };
  const news = listed
    .filter(({ instanceType }) => wanted.has(instanceType))
    .filter(({ instanceType, hourlyUsd, since }) => {
      const last = known.types[instanceType]?.at(-1);
      return last === undefined || (last.hourlyUsd !== hourlyUsd && last.since < since);
    });
  if (news.length === 0) return known;
  const types = { ...known.types };
  for (const { instanceType, hourlyUsd, since } of news) {
    types[instanceType] = [...(types[instanceType] ?? []), { since, hourlyUsd }].slice(
      -mostChanges,
    );
  }
  return { types };
};

const pointOf = ({ since, hourlyUsd }: Pick<Dated, "since" | "hourlyUsd">): PricePoint => ({
  since: instantOf(since),
  nanoPerHour: nanoOfUsd(hourlyUsd),
});

/** The list is read for shared hardware alone. */
const isShared = ({ tenancy }: PriceKind): boolean => tenancy === "default";

export interface ReadPrices {
  /** By product. */
  readonly onDemand: ReadonlyMap<string, KeptPrices>;
  /** By product, oldest first. */
  readonly spot: ReadonlyMap<string, readonly SpotPrice[]>;
  /** Absent: the list was not read. */
  readonly storage: WastePrices | undefined;
}

export const priceBook = ({ onDemand, spot, storage }: ReadPrices): PriceBook => {
  const pools = new Map(
    [...spot].flatMap(([product, prices]) =>
      [
        ...Map.groupBy(prices, ({ instanceType, zoneId }) =>
          [product, instanceType, zoneId].join("#"),
        ),
      ].map(([pool, some]) => [pool, some.map(pointOf)] as const),
    ),
  );
  const types = new Map(
    [...onDemand].flatMap(([product, kept]) =>
      Object.entries(kept.types).map(
        ([type, some]) => [`${product}#${type}`, some.map(pointOf)] as const,
      ),
    ),
  );
  const usd = (price: { readonly usd: number } | undefined): bigint | undefined =>
    price && nanoOfUsd(price.usd);
  return {
    onDemand: (kind) =>
      isShared(kind) ? (types.get(`${kind.product}#${kind.instanceType}`) ?? []) : [],
    spot: ({ product, instanceType, zoneId }) =>
      pools.get([product, instanceType, zoneId].join("#")) ?? [],
    volume: (type) => usd(storage?.volumes.get(type)),
    snapshot: usd(storage?.snapshot),
    address: usd(storage?.usedAddress),
  };
};
