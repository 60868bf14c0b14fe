/** A made-up Spot market, the same for the same seed at the same time. */
import type { Pool } from "../../../core/model/market.ts";
import { createRandom } from "../random.ts";
import { catalogue, type CatalogueEntry } from "./catalogue.ts";
import {
  advisorRanges,
  type AdvisorDocument,
  type Market,
  type PriceChange,
  type PriceQuery,
} from "./market.ts";
import { regionCatalogue } from "./region-catalogue.ts";
import { seededPool, type SeededPool } from "./seeded-pool.ts";

export interface SeededMarketOptions {
  readonly seed: number;
  /** Default us-east-1 and eu-central-1; others of the catalogue: us-east-2, us-west-2, eu-west-1. */
  readonly regions?: readonly string[];
  /** Outages per pool per day, times this. 1 = as the pool's advisor band says; 0 = none. Default 1. */
  readonly outageFactor?: number;
}

/** Windows licence, USD per vCPU-hour, as in AWS's list prices (m5.large 0.188 − 0.096 = 2 × 0.046). */
const windowsUsdPerVcpu = 0.046;
const products = ["Linux/UNIX", "Windows"] as const;

const entries: ReadonlyMap<string, CatalogueEntry> = new Map(
  catalogue.map((entry) => [entry.type.instanceType, entry]),
);
const types = catalogue.map((entry) => entry.type);

/** Prices have at most four decimals. */
const round = (usd: number): number => Math.round(usd * 10_000) / 10_000;

/** List price; undefined for a product that is not sold on the type. */
const listPrice = (region: string, instanceType: string, product: string): number | undefined => {
  const entry = entries.get(instanceType);
  const factor = regionCatalogue[region]?.priceFactor;
  if (entry === undefined || factor === undefined) return undefined;
  if (product === "Linux/UNIX") return round(entry.onDemandUsd * factor);
  if (product !== "Windows" || entry.type.architectures.includes("arm64")) return undefined;
  return round(entry.onDemandUsd * factor + windowsUsdPerVcpu * entry.type.vcpu);
};

/** What the seed decides once and for all: which type is where, how dear and how calm. */
interface Draws {
  isOffered(zoneId: string, instanceType: string): boolean;
  /** Usual Spot price as a share of On-Demand. */
  level(region: string, instanceType: string): number;
  band(region: string, instanceType: string): number;
  pool(region: string, zoneId: string, instanceType: string): SeededPool;
}

const createDraws = (seed: number, outageFactor: number): Draws => {
  const root = createRandom(seed);
  const uniform = (name: string): number => root.fork(name).next();
  const pools = new Map<string, SeededPool>();
  const level = (region: string, type: string): number =>
    0.28 + 0.24 * uniform(`level:${region}:${type}`);
  const band = (region: string, type: string): number => {
    // Most types are calm: 45 % in the lowest band, 10 % in the highest.
    const draw = uniform(`band:${region}:${type}`);
    return [0.45, 0.65, 0.8, 0.9].filter((bound) => draw >= bound).length;
  };
  return {
    level,
    band,
    // Each zone lacks some types: 4 % of (zone, type).
    isOffered: (zoneId, type) => uniform(`offer:${zoneId}:${type}`) >= 0.04,
    pool: (region, zoneId, type) => {
      const key = `${zoneId}:${type}`;
      const known = pools.get(key);
      if (known !== undefined) return known;
      const made = seededPool({
        seed: Math.floor(uniform(`pool:${key}`) * 2 ** 32),
        level: level(region, type),
        band: band(region, type),
        outageFactor,
      });
      pools.set(key, made);
      return made;
    },
  };
};

const advisorOf = (regions: readonly string[], draws: Draws): AdvisorDocument => {
  const bandsOf = (region: string, product: string) =>
    Object.fromEntries(
      [...entries.keys()]
        .filter((type) => listPrice(region, type, product) !== undefined)
        .map((type) => [
          type,
          { s: Math.round(100 * (1 - draws.level(region, type))), r: draws.band(region, type) },
        ]),
    );
  return {
    ranges: advisorRanges,
    instance_types: Object.fromEntries(
      types.map((type) => [
        type.instanceType,
        { emr: !type.burstable, cores: type.vcpu, ram_gb: type.memoryMib / 1024 },
      ]),
    ),
    spot_advisor: Object.fromEntries(
      regions.map((region) => [
        region,
        { Linux: bandsOf(region, "Linux/UNIX"), Windows: bandsOf(region, "Windows") },
      ]),
    ),
  };
};

/** The licence is not discounted. */
const priceIn = (pool: Pool, share: number): number | undefined => {
  const linux = listPrice(pool.region, pool.instanceType, "Linux/UNIX");
  const listed = listPrice(pool.region, pool.instanceType, pool.product);
  if (linux === undefined || listed === undefined) return undefined;
  return round(share * linux + (listed - linux));
};

/** Newest first. */
const changesOf = (pool: Pool, seeded: SeededPool, query: PriceQuery): readonly PriceChange[] => {
  const changes: PriceChange[] = [];
  const first = seeded.slotAt(query.fromMs);
  for (let slot = seeded.slotAt(query.toMs); slot >= first; slot--) {
    const hourlyUsd = priceIn(pool, seeded.share(slot));
    if (hourlyUsd === undefined) return [];
    const { zoneId, instanceType, product } = pool;
    changes.push({ zoneId, instanceType, product, hourlyUsd, atMs: seeded.slotStart(slot) });
  }
  return changes;
};

const poolsOf = (query: PriceQuery, zoneIds: readonly string[]): readonly Pool[] =>
  (query.zoneIds ?? zoneIds).flatMap((zoneId) =>
    (query.instanceTypes ?? [...entries.keys()]).flatMap((instanceType) =>
      (query.products ?? products).map((product) => ({
        region: query.region,
        zoneId,
        instanceType,
        product,
      })),
    ),
  );

/** @throws Error for a region that the catalogue lacks. */
export const seededMarket = (options: SeededMarketOptions): Market => {
  const regions = options.regions ?? ["us-east-1", "eu-central-1"];
  const unknown = regions.find((region) => regionCatalogue[region] === undefined);
  if (unknown !== undefined) throw new Error(`The seeded market has no region ${unknown}.`);
  const draws = createDraws(options.seed, options.outageFactor ?? 1);
  const advisor = advisorOf(regions, draws);

  const zones = (region: string): readonly string[] =>
    regions.includes(region) ? (regionCatalogue[region]?.zoneIds ?? []) : [];
  const isOffered = (region: string, zoneId: string, type: string): boolean =>
    entries.has(type) &&
    zones(region).includes(zoneId) &&
    // A region's first zone has everything.
    (zones(region)[0] === zoneId || draws.isOffered(zoneId, type));
  const poolOf = (pool: Pool): SeededPool | undefined =>
    isOffered(pool.region, pool.zoneId, pool.instanceType)
      ? draws.pool(pool.region, pool.zoneId, pool.instanceType)
      : undefined;

  return {
    regions,
    types: () => types,
    findType: (instanceType) => entries.get(instanceType)?.type,
    zones,
    isOffered,
    spotPrice: (pool, atMs) => {
      const seeded = poolOf(pool);
      return seeded === undefined ? undefined : priceIn(pool, seeded.share(seeded.slotAt(atMs)));
    },
    priceHistory: (query) =>
      poolsOf(query, zones(query.region))
        .flatMap((pool) => {
          const seeded = poolOf(pool);
          return seeded === undefined ? [] : changesOf(pool, seeded, query);
        })
        .sort((one, other) => other.atMs - one.atMs),
    onDemand: (region, instanceType, product) =>
      regions.includes(region) ? listPrice(region, instanceType, product) : undefined,
    advisor: () => advisor,
    capacity: (pool, atMs) => poolOf(pool)?.capacity(atMs) ?? 0,
  };
};
