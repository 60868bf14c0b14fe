/**
 * A made-up Spot market, the same for the same seed at the same time: every value is a function of
 * (seed, pool, time), so nothing has to be run forward and any moment can be asked for in any order.
 */
import { poolKey, type Pool } from "../../../core/model/market.ts";
import { createRandom } from "../../random.ts";
import { catalogue, regionCatalogue, type CatalogueEntry } from "./catalogue.ts";
import {
  advisorRanges,
  type AdvisorDocument,
  type Market,
  type PriceChange,
  type PriceQuery,
} from "./market.ts";

export interface SeededMarketOptions {
  readonly seed: number;
  /** Default us-east-1 and eu-central-1; others of the catalogue: us-east-2, us-west-2, eu-west-1. */
  readonly regions?: readonly string[];
  /** Outages per pool per day, times this. 1 = as the pool's advisor band says; 0 = none. Default 1. */
  readonly outageFactor?: number;
}

const hourMs = 3_600_000;
/** A pool's price changes at most four times a day, as today's Spot prices do. */
const priceSlotMs = 6 * hourMs;
/** Outages are drawn per half day. */
const outageSlotMs = 12 * hourMs;
/** Windows licence, USD per vCPU-hour, as in AWS's list prices (m5.large 0.188 − 0.096 = 2 × 0.046). */
const windowsUsdPerVcpu = 0.046;
const products = ["Linux/UNIX", "Windows"] as const;

/** Noise of mean 0 within ±1: values at lattice points, joined smoothly. Bounded, and wanders like a random walk. */
const noise = (uniform: (name: string) => number, name: string, position: number): number => {
  const left = Math.floor(position);
  const share = position - left;
  const smooth = share * share * (3 - 2 * share);
  const from = uniform(`${name}:${String(left)}`);
  const to = uniform(`${name}:${String(left + 1)}`);
  return 2 * (from + (to - from) * smooth) - 1;
};

interface Outage {
  readonly startMs: number;
  readonly endMs: number;
}

/** Standard normal from two uniforms (Box–Muller). */
const gaussian = (first: number, second: number): number =>
  Math.sqrt(-2 * Math.log(1 - first)) * Math.cos(2 * Math.PI * second);

/** Share of a month's instances interrupted, by band: the middle of each advisor range. */
const monthlyRateByBand = [0.025, 0.08, 0.13, 0.19, 0.35];

export const seededMarket = (options: SeededMarketOptions): Market => {
  const regions = options.regions ?? ["us-east-1", "eu-central-1"];
  const unknown = regions.find((region) => regionCatalogue[region] === undefined);
  if (unknown !== undefined) throw new Error(`The seeded market has no region ${unknown}.`);
  const root = createRandom(options.seed);
  const uniform = (name: string): number => root.fork(name).next();
  const entries = new Map(catalogue.map((entry) => [entry.type.instanceType, entry]));
  const outageFactor = options.outageFactor ?? 1;

  const bandOf = (region: string, instanceType: string): number => {
    // Most types are calm: 45 % in the lowest band, 10 % in the highest.
    const draw = uniform(`band:${region}:${instanceType}`);
    return [0.45, 0.65, 0.8, 0.9].filter((bound) => draw >= bound).length;
  };

  const zones = (region: string): readonly string[] => regionCatalogue[region]?.zoneIds ?? [];

  const isOffered = (region: string, zoneId: string, instanceType: string): boolean =>
    regions.includes(region) &&
    zones(region).includes(zoneId) &&
    entries.has(instanceType) &&
    // Each zone lacks some types: 4 % of (zone, type), never in a region's first zone.
    (zones(region)[0] === zoneId || uniform(`offer:${zoneId}:${instanceType}`) >= 0.04);

  const listPrice = (entry: CatalogueEntry, region: string, product: string): number | undefined => {
    const factor = regionCatalogue[region]?.priceFactor;
    if (factor === undefined || !regions.includes(region)) return undefined;
    if (product === "Linux/UNIX") return round(entry.onDemandUsd * factor);
    if (product !== "Windows" || entry.type.architectures.includes("arm64")) return undefined;
    return round(entry.onDemandUsd * factor + windowsUsdPerVcpu * entry.type.vcpu);
  };

  const onDemand = (region: string, instanceType: string, product: string): number | undefined => {
    const entry = entries.get(instanceType);
    return entry === undefined ? undefined : listPrice(entry, region, product);
  };

  /** Price of a slot as a share of On-Demand: the type's level ± its zone's ± the walk, within 15–95 %. */
  const priceShare = (pool: Pool, slot: number): number => {
    const level = 0.28 + 0.24 * uniform(`level:${pool.region}:${pool.instanceType}`);
    const zone = 0.88 + 0.3 * uniform(`zone:${pool.zoneId}:${pool.instanceType}`);
    const name = `walk:${poolKey({ ...pool, product: "Linux/UNIX" })}`;
    // 28 slots = a week, 4 slots = a day.
    const walk =
      0.14 * noise(uniform, `${name}:week`, slot / 28) +
      0.07 * noise(uniform, `${name}:day`, slot / 4) +
      0.02 * noise(uniform, `${name}:slot`, slot);
    return Math.min(0.95, Math.max(0.15, level * zone * (1 + walk)));
  };

  /** Slots of a pool begin at an offset of its own: prices of all pools do not change at once. */
  const slotOffset = (pool: Pool): number =>
    Math.floor(uniform(`offset:${pool.zoneId}:${pool.instanceType}`) * priceSlotMs);
  const slotAt = (pool: Pool, atMs: number): number =>
    Math.floor((atMs - slotOffset(pool)) / priceSlotMs);

  const priceInSlot = (pool: Pool, slot: number): number | undefined => {
    const linux = onDemand(pool.region, pool.instanceType, "Linux/UNIX");
    const listed = onDemand(pool.region, pool.instanceType, pool.product);
    if (linux === undefined || listed === undefined) return undefined;
    if (!isOffered(pool.region, pool.zoneId, pool.instanceType)) return undefined;
    // The licence is not discounted.
    return round(priceShare(pool, slot) * linux + (listed - linux));
  };

  const historyOf = (pool: Pool, query: PriceQuery): PriceChange[] => {
    const changes: PriceChange[] = [];
    const offset = slotOffset(pool);
    const first = slotAt(pool, query.fromMs);
    for (let slot = slotAt(pool, query.toMs); slot >= first; slot--) {
      const hourlyUsd = priceInSlot(pool, slot);
      if (hourlyUsd === undefined) return [];
      changes.push({
        zoneId: pool.zoneId,
        instanceType: pool.instanceType,
        product: pool.product,
        hourlyUsd,
        atMs: slot * priceSlotMs + offset,
      });
    }
    return changes;
  };

  const outageIn = (pool: Pool, slot: number): Outage | undefined => {
    const stream = root.fork(`outage:${poolKey({ ...pool, product: "" })}:${String(slot)}`);
    const monthly = monthlyRateByBand[bandOf(pool.region, pool.instanceType)] ?? 0.025;
    // 60 half days a month; probabilities so small add up.
    if (stream.next() >= (monthly / 60) * outageFactor) return undefined;
    const startMs = slot * outageSlotMs + Math.floor(stream.next() * outageSlotMs);
    // Lognormal: median 23 min, 90th percentile 4.2 h (measured, spec/backtest.md); at most half a day.
    const minutes = Math.exp(Math.log(23) + 1.868 * gaussian(stream.next(), stream.next()));
    return { startMs, endMs: startMs + Math.min(minutes * 60_000, outageSlotMs) };
  };

  const capacity = (pool: Pool, atMs: number): number => {
    if (!isOffered(pool.region, pool.zoneId, pool.instanceType)) return 0;
    const slot = Math.floor(atMs / outageSlotMs);
    const isOut = [slot, slot - 1].some((each) => {
      const outage = outageIn(pool, each);
      return outage !== undefined && outage.startMs <= atMs && atMs < outage.endMs;
    });
    if (isOut) return 0;
    const base = 4 + 36 * uniform(`capacity:${pool.zoneId}:${pool.instanceType}`);
    const hours = atMs / hourMs;
    const walk = noise(uniform, `load:${pool.zoneId}:${pool.instanceType}`, hours / 12);
    return Math.max(2, Math.round(base * (1 + 0.4 * walk)));
  };

  const priceHistory = (query: PriceQuery): readonly PriceChange[] => {
    const types = query.instanceTypes ?? [...entries.keys()];
    const zoneIds = query.zoneIds ?? zones(query.region);
    const wanted = query.products ?? products;
    const changes = zoneIds.flatMap((zoneId) =>
      types.flatMap((instanceType) =>
        wanted.flatMap((product) =>
          historyOf({ region: query.region, zoneId, instanceType, product }, query),
        ),
      ),
    );
    return changes.sort((one, other) => other.atMs - one.atMs);
  };

  const advisor = (): AdvisorDocument => {
    const bandsOf = (region: string, product: string): Record<string, { s: number; r: number }> =>
      Object.fromEntries(
        [...entries].flatMap(([instanceType, entry]) => {
          if (listPrice(entry, region, product) === undefined) return [];
          const level = 0.28 + 0.24 * uniform(`level:${region}:${instanceType}`);
          const band = { s: Math.round(100 * (1 - level)), r: bandOf(region, instanceType) };
          return [[instanceType, band]];
        }),
      );
    return {
      ranges: advisorRanges,
      instance_types: Object.fromEntries(
        [...entries].map(([name, { type }]) => [
          name,
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

  const types = catalogue.map((entry) => entry.type);
  return {
    regions,
    types: () => types,
    findType: (instanceType) => entries.get(instanceType)?.type,
    zones: (region) => (regions.includes(region) ? zones(region) : []),
    isOffered,
    spotPrice: (pool, atMs) => priceInSlot(pool, slotAt(pool, atMs)),
    priceHistory,
    onDemand,
    advisor,
    capacity,
  };
};

/** Prices have at most four decimals. */
const round = (usd: number): number => Math.round(usd * 10_000) / 10_000;
