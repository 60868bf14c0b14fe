/** Herd memory: which pools took an instance away, and when. */
import type { EvaluationId } from "../../core/model/ids.ts";
import type { Pool, PoolLoss } from "../../core/model/market.ts";
import { poolKey } from "../../core/model/market.ts";
import { lossPrefix, poolPartition } from "./keys.ts";
import { sortableInstant } from "./parsed-data.ts";
import type { Item, Table } from "./table.ts";

interface StoredLoss {
  readonly pool: Pool;
  /** ISO 8601 */
  readonly at: string;
  readonly evaluationId?: EvaluationId;
}

const read = (item: Item): PoolLoss => {
  const { pool, at } = item.data as StoredLoss;
  return { zoneId: pool.zoneId, instanceType: pool.instanceType, at };
};

/** The same loss reported again (events come twice) counts once. */
export const recordLoss = async (table: Table, loss: StoredLoss): Promise<void> => {
  const at = sortableInstant(loss.at, "at");
  const sk = `${lossPrefix}${at}#${poolKey(loss.pool)}#${loss.evaluationId ?? ""}`;
  // A conflict means that this very loss is recorded: all that it says is in the key.
  await table.put(
    { pk: poolPartition(loss.pool.region), sk, version: 1, data: { ...loss, at } },
    { ifAbsent: true },
  );
};

/** Losses of a region since then (inclusive, ISO 8601), oldest first. */
export const listLosses = async (
  table: Table,
  input: { readonly region: string; readonly since: string },
): Promise<readonly PoolLoss[]> => {
  const { items } = await table.query({
    partition: poolPartition(input.region),
    prefix: lossPrefix,
    from: `${lossPrefix}${sortableInstant(input.since, "since")}`,
  });
  return items.map(read);
};
