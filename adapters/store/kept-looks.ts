/** The last look at each instance of a place that was looked at alone: one query reads all of a place. */
import { keptLookSchema, type KeptLook } from "../../core/model/kept-look.ts";
import type { TargetId } from "../../core/model/ids.ts";
import type { Place } from "../../core/model/place.ts";
import { lookKey, looksPartition } from "./keys.ts";
import { parseStored } from "./parsed-data.ts";
import { updateValue } from "./single-value.ts";
import type { Table } from "./table.ts";
import { removeItem } from "./update-item.ts";

/** @throws BrokenFacts */
export const listKeptLooks = async (
  table: Table,
  place: Place,
): Promise<ReadonlyMap<TargetId, KeptLook>> => {
  const looks = new Map<TargetId, KeptLook>();
  const { items } = await table.query({ partition: looksPartition(place) });
  for (const { pk, sk, data } of items) {
    const look = parseStored(keptLookSchema(), data, `${pk}/${sk}`);
    looks.set(look.targetId, look);
  }
  return looks;
};

/** The last writer wins. @throws RetryableContention */
export const keepLook = async (table: Table, place: Place, look: KeptLook): Promise<void> => {
  const single = {
    key: lookKey(place, look.targetId),
    name: `look at target ${look.targetId}`,
    schema: keptLookSchema(),
    none: undefined,
  };
  await updateValue<KeptLook, undefined>(table, single, () => look);
};

/** Of a target that was deleted, or that stands elsewhere now. */
export const forgetLook = async (table: Table, place: Place, targetId: TargetId): Promise<void> => {
  await removeItem(table, lookKey(place, targetId));
};
