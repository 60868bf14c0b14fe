/** Quarantines of pools, an item for each, beside what the pools have taken and refused: one query reads those of a region. */
import type { Pool } from "../../core/model/market.ts";
import {
  isInForce,
  poolQuarantineSchema,
  type PoolQuarantine,
} from "../../core/model/pool-quarantine.ts";
import { poolPartition, poolQuarantineKey, quarantinePrefix } from "./keys.ts";
import { parseStored } from "./parsed-data.ts";
import { readValue, updateValue, type SingleValue } from "./single-value.ts";
import type { Table } from "./table.ts";
import { removeItem } from "./update-item.ts";

const quarantineOf = (pool: Pool): SingleValue<PoolQuarantine, undefined> => ({
  key: poolQuarantineKey(pool),
  name: `quarantine of ${pool.instanceType} in ${pool.zoneId}`,
  schema: poolQuarantineSchema(),
  none: undefined,
});

/** Those of a region that are in force, in the order of their pools. @throws BrokenFacts */
export const listQuarantines = async (
  table: Table,
  { region, now }: { readonly region: string; readonly now: Date },
): Promise<readonly PoolQuarantine[]> => {
  const { items } = await table.query({
    partition: poolPartition(region),
    prefix: quarantinePrefix,
  });
  return items
    .map(({ pk, sk, data }) => parseStored(poolQuarantineSchema(), data, `${pk}/${sk}`))
    .filter((quarantine) => isInForce(quarantine, now));
};

/** Undefined: it was lifted, or never set. What is over may stand there still. @throws BrokenFacts */
export const readQuarantine = (table: Table, pool: Pool): Promise<PoolQuarantine | undefined> =>
  readValue(table, quarantineOf(pool));

/** The last one to set it wins. @throws RetryableContention, BrokenFacts */
export const setQuarantine = async (table: Table, quarantine: PoolQuarantine): Promise<void> => {
  await updateValue(table, quarantineOf(quarantine.pool), () => quarantine);
};

/** @throws RetryableContention */
export const liftQuarantine = async (table: Table, pool: Pool): Promise<void> => {
  await removeItem(table, poolQuarantineKey(pool));
};
