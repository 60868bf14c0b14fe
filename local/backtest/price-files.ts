/**
 * Reads a history of Spot prices, a row per change, and the On-Demand prices that go with it: one market per instance
 * type with at least two zones. The bid is the On-Demand price, so a zone holds every unit while its price is at most
 * that, and none above. All markets last from the latest first price of a pool to the latest last one; ticks are at
 * whole multiples of 300 s.
 */
import { basename } from "node:path";
import { readCsv } from "../cloud/market/csv.ts";
import { everyUnit, type Recording } from "./recording.ts";

export interface PriceFiles {
  readonly pricesPath: string;
  readonly onDemandPath: string;
}

interface PriceChange {
  readonly atSeconds: number;
  readonly hourlyUsd: number;
}

interface Pool {
  readonly zone: string;
  /** In order of time. */
  readonly changes: readonly PriceChange[];
}

interface PricedType {
  readonly instanceType: string;
  readonly pools: readonly Pool[];
  readonly onDemandUsd: number;
}

interface PriceWindow {
  readonly startSeconds: number;
  readonly ticks: number;
}

const gapSeconds = 300;

const byName = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** Instance type, then its pools in order of zone name; types in order of name. */
const readPools = (path: string): readonly (readonly [string, readonly Pool[]])[] => {
  const rows = readCsv(path, ["instance_type", "az", "timestamp_utc", "spot_usd_per_h"], (row) => ({
    instanceType: row.text("instance_type"),
    zone: row.text("az"),
    atSeconds: row.utc("timestamp_utc") / 1000,
    hourlyUsd: row.number("spot_usd_per_h"),
  }));
  return [...Map.groupBy(rows, ({ instanceType }) => instanceType)]
    .sort(([one], [other]) => byName(one, other))
    .map(([instanceType, ofType]) => [
      instanceType,
      [...Map.groupBy(ofType, ({ zone }) => zone)]
        .sort(([one], [other]) => byName(one, other))
        .map(([zone, changes]) => ({
          zone,
          changes: changes.sort((one, other) => one.atSeconds - other.atSeconds),
        })),
    ]);
};

const readOnDemand = (path: string): ReadonlyMap<string, number> =>
  new Map(
    readCsv(path, ["instance_type", "ondemand_usd_per_h"], (row) => [
      row.text("instance_type"),
      row.number("ondemand_usd_per_h"),
    ]),
  );

/** The price in force at each tick, as a share of On-Demand. A change at a tick's very second counts from the next. */
const sample = (
  changes: readonly PriceChange[],
  onDemandUsd: number,
  { startSeconds, ticks }: PriceWindow,
): Float64Array => {
  let next = 0;
  let hourlyUsd = changes[0]?.hourlyUsd ?? 0;
  return Float64Array.from({ length: ticks }, (_, tick) => {
    const now = startSeconds + tick * gapSeconds;
    for (
      let change = changes[next];
      change !== undefined && change.atSeconds < now;
      change = changes[next]
    ) {
      hourlyUsd = change.hourlyUsd;
      next += 1;
    }
    return hourlyUsd / onDemandUsd;
  });
};

/** The time in which every pool has a price: the same for all types, so that their figures can be compared. */
const windowOf = (pools: readonly Pool[]): PriceWindow => {
  const fromSeconds = Math.max(...pools.map(({ changes }) => changes[0]?.atSeconds ?? 0));
  const startSeconds = Math.ceil(fromSeconds / gapSeconds) * gapSeconds;
  const endSeconds = Math.max(...pools.map(({ changes }) => changes.at(-1)?.atSeconds ?? 0));
  return { startSeconds, ticks: Math.floor((endSeconds - startSeconds) / gapSeconds) + 1 };
};

const marketOf = (
  name: string,
  { instanceType, pools, onDemandUsd }: PricedType,
  window: PriceWindow,
): Recording => {
  const price = pools.map(({ changes }) => sample(changes, onDemandUsd, window));
  return {
    name,
    gapSeconds,
    ticks: window.ticks,
    zones: pools.map(({ zone }) => zone),
    capacity: price.map((row) => Int32Array.from(row, (level) => (level <= 1 ? everyUnit : 0))),
    price,
    startMs: window.startSeconds * 1000,
    instanceType,
  };
};

/**
 * A market per instance type, in order of name, called by the price file and the type.
 *
 * @throws Error naming file and line of what is malformed, the type that has no On-Demand price, or the
 * file that has no type with two zones.
 */
export const readPriceFiles = ({ pricesPath, onDemandPath }: PriceFiles): readonly Recording[] => {
  const onDemand = readOnDemand(onDemandPath);
  const file = basename(pricesPath);
  const types = readPools(pricesPath).filter(([, pools]) => pools.length > 1);
  if (types.length === 0) throw new Error(`${file} has no instance type with two zones or more.`);
  const window = windowOf(types.flatMap(([, pools]) => pools));
  return types.map(([instanceType, pools]) => {
    const onDemandUsd = onDemand.get(instanceType) ?? 0;
    if (onDemandUsd <= 0) {
      throw new Error(
        `${basename(onDemandPath)} has no On-Demand price above 0 for ${instanceType}, which ${file} has ${String(pools.length)} zones of.`,
      );
    }
    const title = `${file.replace(/\.csv(\.gz)?$/, "")} ${instanceType}`;
    return marketOf(title, { instanceType, pools, onDemandUsd }, window);
  });
};
