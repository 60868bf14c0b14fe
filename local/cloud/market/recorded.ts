/**
 * A market replayed from recorded files (spot price changes, On-Demand prices, advisor bands, instance types).
 * Recorded zone names are those of the recorder's account; which zone ids they stand for is not recorded, so the
 * nth letter is taken as the nth zone id (`us-east-1a` → `use1-az1`). Prices of the bid era: a pool holds
 * instances while its price is not above On-Demand, which was the default of the highest price that a request bid.
 * Source: EC2 user guide, "Spot Instance requests".
 */
import type { Pool } from "../../../core/model/market.ts";
import { catalogue } from "./catalogue.ts";
import { zoneNamePattern } from "./csv.ts";
import { deriveType } from "./derive-type.ts";
import {
  advisorRanges,
  type AdvisorDocument,
  type InstanceTypeRecord,
  type Market,
  type PriceChange,
  type PriceQuery,
} from "./market.ts";
import { readRecordedFiles, type RecordedFiles } from "./recorded-files.ts";

export interface RecordedMarketOptions {
  /** Folder that holds the files; see recorded-files.ts for their names. */
  readonly dir: string;
  /** Spot instances that a pool holds while it is up; the files do not say. Default 20. */
  readonly poolCapacity?: number;
}

export interface RecordedMarket extends Market {
  readonly range: { readonly startMs: number; readonly endMs: number };
  /** Types that have prices but no specification in the types file: left out. */
  readonly withoutSpecification: readonly string[];
  /** What the folder says of itself; absent where it says nothing. */
  readonly about?: string;
}

const product = "Linux/UNIX";

interface Step {
  readonly atMs: number;
  readonly hourlyUsd: number;
}

/** `us-east-1` → `use1`, `ap-southeast-2` → `apse2`: AWS's own short form in zone ids. */
const zonePrefix = (region: string): string => {
  const [area = "", ...rest] = region.split("-");
  const number = rest.pop() ?? "";
  const word = rest.join("").replace(/(north|south|east|west|central)/g, (name) => name.charAt(0));
  return `${area}${word}${number}`;
};

/** @throws Error when the name is not a zone name. */
const zoneOf = (zoneName: string): { region: string; zoneId: string } => {
  const match = zoneNamePattern.exec(zoneName);
  const [, region, letter] = match ?? [];
  if (region === undefined || letter === undefined) {
    throw new Error(`The recorded prices name a zone "${zoneName}", which is not a zone name.`);
  }
  const number = letter.charCodeAt(0) - "a".charCodeAt(0) + 1;
  return { region, zoneId: `${zonePrefix(region)}-az${String(number)}` };
};

const keyOf = (zoneId: string, instanceType: string): string => `${zoneId}#${instanceType}`;

/** Changes per pool, oldest first. */
const seriesOf = (files: RecordedFiles, startMs: number): Map<string, Step[]> => {
  const series = new Map<string, Step[]>();
  const add = (key: string, step: Step): void => {
    const steps = series.get(key);
    if (steps === undefined) series.set(key, [step]);
    else steps.push(step);
  };
  const zoneIds = new Map<string, string>();
  for (const price of files.prices) {
    const zoneId = zoneIds.get(price.zoneName) ?? zoneOf(price.zoneName).zoneId;
    zoneIds.set(price.zoneName, zoneId);
    add(keyOf(zoneId, price.instanceType), price);
  }
  // The sample is a single day's price: it stands for the whole range, unless prices are recorded.
  for (const sample of files.samples) {
    const key = keyOf(sample.zoneId, sample.instanceType);
    if (!series.has(key)) add(key, { atMs: startMs, hourlyUsd: sample.spotUsd });
  }
  for (const steps of series.values()) steps.sort((one, other) => one.atMs - other.atMs);
  return series;
};

/** Position of the last step at or before that time, −1 if there is none. */
const positionAt = (steps: readonly Step[], atMs: number): number => {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const step = steps[middle];
    if (step !== undefined && step.atMs <= atMs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
};

const zonesOf = (files: RecordedFiles): Map<string, string[]> => {
  const zones = new Map<string, Set<string>>();
  const add = (region: string, zoneId: string): void => {
    zones.set(region, (zones.get(region) ?? new Set()).add(zoneId));
  };
  for (const name of new Set(files.prices.map((price) => price.zoneName))) {
    const { region, zoneId } = zoneOf(name);
    add(region, zoneId);
  }
  for (const sample of files.samples) add(sample.region, sample.zoneId);
  return new Map([...zones].map(([region, ids]) => [region, [...ids].sort()]));
};

/** On-Demand prices by `region#type`. The On-Demand file is of the region of the price file. */
const onDemandOf = (files: RecordedFiles): Map<string, number> => {
  const [first] = files.prices;
  const region = first === undefined ? "" : zoneOf(first.zoneName).region;
  const prices = new Map(
    files.samples.map((sample) => [`${sample.region}#${sample.instanceType}`, sample.onDemandUsd]),
  );
  for (const price of files.onDemand)
    prices.set(`${region}#${price.instanceType}`, price.hourlyUsd);
  return prices;
};

const advisorOf = (files: RecordedFiles): AdvisorDocument => {
  const regions: Record<string, Record<string, Record<string, { s: number; r: number }>>> = {};
  for (const band of files.bands) {
    const systems = (regions[band.region] ??= {});
    (systems[band.os] ??= {})[band.instanceType] = { s: band.savingsPercent, r: band.band };
  }
  return {
    ranges: advisorRanges,
    instance_types: Object.fromEntries(
      files.types.map((type) => [
        type.instanceType,
        { emr: type.emr, cores: type.vcpu, ram_gb: type.memoryGib },
      ]),
    ),
    spot_advisor: regions,
  };
};

const rangeOf = ({ prices }: RecordedFiles): RecordedMarket["range"] => ({
  startMs: prices.reduce((least, price) => Math.min(least, price.atMs), Infinity),
  endMs: prices.reduce((most, price) => Math.max(most, price.atMs), -Infinity),
});

const historyOf = (steps: readonly Step[], query: PriceQuery): readonly Step[] => {
  const first = Math.max(0, positionAt(steps, query.fromMs));
  return steps.slice(first, positionAt(steps, query.toMs) + 1);
};

interface Specifications {
  readonly types: ReadonlyMap<string, InstanceTypeRecord>;
  readonly withoutSpecification: readonly string[];
  readonly about?: string;
}

const catalogued = new Map(catalogue.map(({ type }) => [type.instanceType, type]));

/** A type that the simulated market knows has its own limits; of others they are derived. */
const specify = (files: RecordedFiles): Specifications => {
  const specified = new Map(files.types.map((type) => [type.instanceType, type]));
  const priced = new Set([
    ...files.prices.map((price) => price.instanceType),
    ...files.samples.map((sample) => sample.instanceType),
  ]);
  const types = new Map<string, InstanceTypeRecord>();
  for (const name of [...priced].sort()) {
    const type = specified.get(name);
    if (type !== undefined) types.set(name, catalogued.get(name) ?? deriveType(type));
  }
  return {
    types,
    withoutSpecification: [...priced].filter((name) => !types.has(name)).sort(),
    ...(files.about === undefined ? {} : { about: files.about }),
  };
};

/** @throws Error naming file and line of what is malformed, or the file that is missing. */
export const recordedMarket = (options: RecordedMarketOptions): RecordedMarket => {
  const files = readRecordedFiles(options.dir);
  if (files.prices.length === 0) throw new Error(`${options.dir}: the price file has no prices.`);
  const range = rangeOf(files);
  const { types, ...said } = specify(files);
  const series = seriesOf(files, range.startMs);
  const zones = zonesOf(files);
  const onDemandPrices = onDemandOf(files);
  const advisor = advisorOf(files);
  const listed = [...types.values()];

  const onDemand = (region: string, instanceType: string, wanted: string): number | undefined =>
    wanted === product ? onDemandPrices.get(`${region}#${instanceType}`) : undefined;
  const stepsOf = (pool: Pool): readonly Step[] =>
    pool.product === product && types.has(pool.instanceType)
      ? (series.get(keyOf(pool.zoneId, pool.instanceType)) ?? [])
      : [];
  const spotPrice = (pool: Pool, atMs: number): number | undefined => {
    const steps = stepsOf(pool);
    return steps[positionAt(steps, atMs)]?.hourlyUsd;
  };
  const priceHistory = (query: PriceQuery): readonly PriceChange[] => {
    if (query.products?.includes(product) === false) return [];
    const zoneIds = query.zoneIds ?? zones.get(query.region) ?? [];
    return zoneIds
      .flatMap((zoneId) =>
        (query.instanceTypes ?? [...types.keys()]).flatMap((instanceType) => {
          const steps = stepsOf({ region: query.region, zoneId, instanceType, product });
          return historyOf(steps, query).map((step) => ({
            zoneId,
            instanceType,
            product,
            hourlyUsd: step.hourlyUsd,
            atMs: step.atMs,
          }));
        }),
      )
      .sort((one, other) => other.atMs - one.atMs);
  };

  return {
    ...said,
    range,
    regions: [...zones.keys()].sort(),
    types: () => listed,
    findType: (instanceType) => types.get(instanceType),
    zones: (region) => zones.get(region) ?? [],
    isOffered: (region, zoneId, instanceType) =>
      (zones.get(region) ?? []).includes(zoneId) &&
      stepsOf({ region, zoneId, instanceType, product }).length > 0,
    spotPrice,
    priceHistory,
    onDemand,
    advisor: () => advisor,
    capacity: (pool, atMs) => {
      const price = spotPrice(pool, atMs);
      const limit = onDemand(pool.region, pool.instanceType, pool.product);
      if (price === undefined) return 0;
      return limit === undefined || price <= limit ? (options.poolCapacity ?? 20) : 0;
    },
  };
};
