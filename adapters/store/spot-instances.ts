/**
 * The inventory of Spot, an item for each instance: read by its id in one call, and listed by account, region or pool by one query.
 * Sweeps keep it, and our launches add to it at once.
 */
import type { AccountId, InstanceId } from "../../core/model/ids.ts";
import type { Place } from "../../core/model/place.ts";
import { spotInstanceSchema, type SpotInstance } from "../../core/model/spot-instance.ts";
import { spotInstanceKey, spotPartition, spotPrefix } from "./keys.ts";
import { parseStored, parseToStore } from "./parsed-data.ts";
import type { Item, Table } from "./table.ts";
import { removeItem, untilWritten } from "./update-item.ts";

const read = ({ pk, sk, data }: Item): SpotInstance =>
  parseStored(spotInstanceSchema(), data, `${pk}/${sk}`);

const itemOf = (row: SpotInstance, version: number): Item => ({
  ...spotInstanceKey(row, row.instanceId),
  version,
  data: parseToStore(spotInstanceSchema(), row, `Spot Instance ${row.instanceId}`),
});

/** Of a region, read consistently; of one account there, if it is named. @throws BrokenFacts */
export const listSpotInstances = async (
  table: Table,
  { region, accountId }: { readonly region: string; readonly accountId?: AccountId },
): Promise<ReadonlyMap<InstanceId, SpotInstance>> => {
  const rows = new Map<InstanceId, SpotInstance>();
  const { items } = await table.query({
    partition: spotPartition(region),
    ...(accountId !== undefined && { prefix: spotPrefix(accountId) }),
  });
  for (const row of items.map(read)) rows.set(row.instanceId, row);
  return rows;
};

/** What stands there already is left as it is: one write, whoever repeats it. */
export const addSpotInstance = async (table: Table, row: SpotInstance): Promise<void> => {
  await table.put(itemOf(row, 1), { ifAbsent: true });
};

/** The last writer wins. @throws RetryableContention */
export const putSpotInstance = async (table: Table, row: SpotInstance): Promise<void> => {
  const key = spotInstanceKey(row, row.instanceId);
  await untilWritten(`${key.pk}/${key.sk}`, async () => {
    const old = await table.get(key);
    const { kind } = await table.put(
      itemOf(row, (old?.version ?? 0) + 1),
      old === undefined ? { ifAbsent: true } : { ifVersion: old.version },
    );
    return kind === "WRITTEN" ? true : undefined;
  });
};

/** It has ended. */
export const removeSpotInstance = async (
  table: Table,
  place: Place,
  instanceId: InstanceId,
): Promise<void> => {
  await removeItem(table, spotInstanceKey(place, instanceId));
};

/** Undefined: neither a launch nor a sweep has put it there. @throws BrokenFacts */
export const readSpotInstance = async (
  table: Table,
  place: Place,
  instanceId: InstanceId,
): Promise<SpotInstance | undefined> => {
  const item = await table.get(spotInstanceKey(place, instanceId));
  return item === undefined ? undefined : read(item);
};
