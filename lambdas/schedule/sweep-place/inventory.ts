/** Keeps the inventory of Spot by the reading of a place: what has not changed is not written. */
import {
  addSpotInstance,
  listSpotInstances,
  putSpotInstance,
  removeSpotInstance,
} from "../../../adapters/store/spot-instances.ts";
import type { Table } from "../../../adapters/store/table.ts";
import { inventoryChange } from "../../../core/decide/fleet/spot-inventory.ts";
import type { Place } from "../../../core/model/place.ts";
import type { PlaceReading } from "../../../core/model/place-reading.ts";
import type { Target } from "../../../core/model/target.ts";
import type { OneByOne } from "../one-by-one.ts";

export interface InventoryInput {
  readonly place: Place;
  readonly reading: PlaceReading;
  /** All of the place. */
  readonly targets: readonly Target[];
  readonly turns: OneByOne;
}

const keep = async (
  table: Table,
  { place, reading, targets, turns }: InventoryInput,
): Promise<void> => {
  const stored = await listSpotInstances(table, place);
  const { put, remove } = inventoryChange(stored, { reading, targets });
  for (const row of put) {
    if (!turns.hasTime()) return;
    await (stored.has(row.instanceId) ? putSpotInstance : addSpotInstance)(table, row);
  }
  for (const instanceId of remove) await removeSpotInstance(table, place, instanceId);
};

/** What it does not come to is written by the next sweep. */
export const keepInventory = async (
  { table }: { readonly table: Table },
  input: InventoryInput,
): Promise<void> => {
  const { place, turns } = input;
  const name = "The inventory of Spot stays as it was until the next sweep";
  await turns.attempt({ name, keys: { ...place } }, () => keep(table, input));
};
