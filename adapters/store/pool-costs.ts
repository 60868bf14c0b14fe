/** What quarantine costs, an item for each pool and account: one query reads those of a region, and a sweep writes those of its account. */
import type { Place } from "../../core/model/place.ts";
import { poolCostSchema, type PoolCost } from "../../core/model/pool-cost.ts";
import { poolCostKey, poolCostPrefix, poolPartition } from "./keys.ts";
import { parseStored, parseToStore } from "./parsed-data.ts";
import type { Item, Table } from "./table.ts";
import { removeItem } from "./update-item.ts";

const read = ({ pk, sk, data }: Item): PoolCost =>
  parseStored(poolCostSchema(), data, `${pk}/${sk}`);

const itemsOf = async (
  table: Table,
  { region, accountId = "" }: { readonly region: string; readonly accountId?: string },
): Promise<readonly Item[]> => {
  const prefix = accountId === "" ? poolCostPrefix : `${poolCostPrefix}${accountId}#`;
  return (await table.query({ partition: poolPartition(region), prefix })).items;
};

/** Of a region since then: an account that is no longer swept gives nothing up. @throws BrokenFacts */
export const listPoolCosts = async (
  table: Table,
  { region, since }: { readonly region: string; readonly since: Date },
): Promise<readonly PoolCost[]> =>
  (await itemsOf(table, { region }))
    .map(read)
    .filter(({ at }) => Date.parse(at) >= since.getTime());

/** In place of those of the account that stand there. Of two at once one loses, and the next sweep writes them again. */
export const replacePoolCosts = async (
  table: Table,
  place: Place,
  costs: readonly PoolCost[],
): Promise<void> => {
  const stored = new Map((await itemsOf(table, place)).map((item) => [item.sk, item]));
  for (const cost of costs) {
    const key = poolCostKey(cost);
    const old = stored.get(key.sk);
    stored.delete(key.sk);
    const data = parseToStore(poolCostSchema(), cost, `cost of quarantine in ${place.region}`);
    await table.put(
      { ...key, version: (old?.version ?? 0) + 1, data },
      old === undefined ? { ifAbsent: true } : { ifVersion: old.version },
    );
  }
  for (const item of stored.values()) await removeItem(table, item);
};
