/** Reads what is remembered of a region's pools, a page at a time, and judges how likely each takes an instance back now. */
import { brokenCursor, decodeCursor, encodeCursor } from "../../adapters/store/cursor.ts";
import { currentMarket, loadMarket } from "../../adapters/store/markets.ts";
import { listPoolCosts } from "../../adapters/store/pool-costs.ts";
import { listQuarantines } from "../../adapters/store/pool-quarantines.ts";
import { listPoolEvents } from "../../adapters/store/pools.ts";
import { poolKey, type Pool, type RegionMarket } from "../../core/model/market.ts";
import { effectivePolicy } from "../../core/policy/policy.ts";
import { memoryHours } from "../../core/risk/pool-history.ts";
import {
  poolsOf,
  lossesOf,
  poolStandings,
  type PoolsKnown,
  type PoolStanding,
} from "../../core/risk/pool-standings.ts";
import { findModel } from "../../core/risk/registry.ts";
import type { ApiContext } from "./context.ts";

export interface PoolsQuery {
  readonly region: string;
  readonly zone_id?: string;
  readonly instance_type?: string;
  readonly limit: number;
  readonly cursor?: string;
}

/** Eight sweeps: of an account that none has come to since, nobody knows what it gives up. */
const costsHoldMs = 2 * 3_600_000;

type Reading = Pick<ApiContext, "now" | "table">;

/** The one that was read last; undefined where none ever was. */
export const marketReadLast = async (
  { table }: Reading,
  name: Pick<Pool, "region" | "product">,
): Promise<RegionMarket | undefined> => {
  const { region, product } = name;
  const current = await currentMarket(table, { region, product });
  return current && loadMarket(table, { region, product, digest: current.digest });
};

const readKnown = async ({ table, now }: Reading, region: string): Promise<PoolsKnown> => {
  const at = now();
  const since = new Date(at.getTime() - memoryHours * 3_600_000).toISOString();
  return {
    region,
    now: at.toISOString(),
    ...(await listPoolEvents(table, { region, since })),
    quarantines: await listQuarantines(table, { region, now: at }),
    costs: await listPoolCosts(table, { region, since: new Date(at.getTime() - costsHoldMs) }),
  };
};

const isAskedFor =
  ({ zone_id: zoneId, instance_type: instanceType }: PoolsQuery) =>
  (pool: Pool): boolean =>
    (zoneId ?? pool.zoneId) === pool.zoneId &&
    (instanceType ?? pool.instanceType) === pool.instanceType;

const scopeOf = ({ region, zone_id: zoneId, instance_type: instanceType }: PoolsQuery): string =>
  JSON.stringify([region, zoneId ?? "", instanceType ?? ""]);

/** Key of the last pool of the page before. */
const startOf = (query: PoolsQuery): string => {
  if (query.cursor === undefined) return "";
  const [scope, last = ""] = decodeCursor(query.cursor, 2);
  if (scope !== scopeOf(query)) throw brokenCursor();
  return last;
};

const readMarkets = async (
  context: Reading,
  pools: readonly Pool[],
): Promise<ReadonlyMap<string, RegionMarket>> => {
  const markets = new Map<string, RegionMarket>();
  for (const { region, product } of pools) {
    if (markets.has(product)) continue;
    const market = await marketReadLast(context, { region, product });
    if (market !== undefined) markets.set(product, market);
  }
  return markets;
};

interface PoolsPage {
  readonly items: readonly PoolStanding[];
  /** Of all that are asked for, on all pages. */
  readonly total: Pick<PoolStanding, "losses" | "labLosses">;
  readonly cursor?: string;
}

/** @throws BrokenInput naming `cursor` */
export const listRiskPools = async (context: Reading, query: PoolsQuery): Promise<PoolsPage> => {
  const start = startOf(query);
  const known = await readKnown(context, query.region);
  const asked = poolsOf(known).filter(isAskedFor(query));
  const total = lossesOf(known, asked);
  const rest = asked.filter((pool) => poolKey(pool) > start);
  const pools = rest.slice(0, query.limit);
  const markets = await readMarkets(context, pools);
  const { horizonHours } = effectivePolicy("LINEAR");
  const model = findModel();
  const items = poolStandings(known, pools, (product) => ({
    market: markets.get(product),
    model,
    horizonHours,
  }));
  const last = pools.at(-1);
  return rest.length > pools.length && last !== undefined
    ? { items, total, cursor: encodeCursor([scopeOf(query), poolKey(last)]) }
    : { items, total };
};
