/** Keeps the inventory of Spot by the reading of a place: what has not changed is not written. */
import {
  addSpotInstance,
  listSpotInstances,
  putSpotInstance,
  removeSpotInstance,
} from "../../../adapters/store/spot-instances.ts";
import { inventoryChange } from "../../../core/decide/fleet/spot-inventory.ts";
import type { PlaceReading } from "../../../core/model/place-reading.ts";
import type { Target } from "../../../core/model/target.ts";
import type { OneByOne } from "../one-by-one.ts";
import { rememberLate, type GoneInput, type LateContext } from "./late-losses.ts";

export interface InventoryInput extends Pick<GoneInput, "account" | "ec2" | "place"> {
  readonly reading: PlaceReading;
  /** All of the place. */
  readonly targets: readonly Target[];
  readonly turns: OneByOne;
}

const keep = async (
  context: LateContext,
  { place, account, ec2, reading, targets, turns }: InventoryInput,
): Promise<void> => {
  const { table } = context;
  const stored = await listSpotInstances(table, place);
  const { put, gone } = inventoryChange(stored, { reading, targets });
  for (const row of put) {
    if (!turns.hasTime()) return;
    await (stored.has(row.instanceId) ? putSpotInstance : addSpotInstance)(table, row);
  }
  // Before they are forgotten: what is not asked for now is asked for by the next sweep.
  if (gone.length > 0) await rememberLate(context, { place, account, ec2, gone });
  for (const { instanceId } of gone) await removeSpotInstance(table, place, instanceId);
};

/** What it does not come to is written by the next sweep. */
export const keepInventory = async (context: LateContext, input: InventoryInput): Promise<void> => {
  const { place, turns } = input;
  const name = "The inventory of Spot stays as it was until the next sweep";
  await turns.attempt({ name, keys: { ...place } }, () => keep(context, input));
};
