/** What is remembered of each target of a place whose Spot Instances EC2 has taken: one query reads all of a place. */
import type { TargetId } from "../../core/model/ids.ts";
import type { Place } from "../../core/model/place.ts";
import { spotBackoffSchema, type SpotBackoff } from "../../core/model/spot-backoff.ts";
import { backoffKey, backoffPartition } from "./keys.ts";
import { parseStored } from "./parsed-data.ts";
import { readValue, updateValue, type SingleValue } from "./single-value.ts";
import type { Table } from "./table.ts";
import { removeItem } from "./update-item.ts";

const backoffOf = (place: Place, targetId: TargetId): SingleValue<SpotBackoff, undefined> => ({
  key: backoffKey(place, targetId),
  name: `back-off of target ${targetId}`,
  schema: spotBackoffSchema(),
  none: undefined,
});

/** Of every target of the place that has one. @throws BrokenFacts */
export const listSpotBackoffs = async (
  table: Table,
  place: Place,
): Promise<ReadonlyMap<TargetId, SpotBackoff>> => {
  const backoffs = new Map<TargetId, SpotBackoff>();
  const { items } = await table.query({ partition: backoffPartition(place) });
  for (const { pk, sk, data } of items) {
    const backoff = parseStored(spotBackoffSchema(), data, `${pk}/${sk}`);
    backoffs.set(backoff.targetId, backoff);
  }
  return backoffs;
};

/** Undefined: EC2 has taken none of its Spot Instances, as far as is remembered. @throws BrokenFacts */
export const getSpotBackoff = (
  table: Table,
  place: Place,
  targetId: TargetId,
): Promise<SpotBackoff | undefined> => readValue(table, backoffOf(place, targetId));

/** A change that returns its argument writes nothing. @throws RetryableContention, BrokenFacts */
export const updateSpotBackoff = async (
  table: Table,
  { place, targetId }: { readonly place: Place; readonly targetId: TargetId },
  change: (stored: SpotBackoff | undefined) => SpotBackoff | undefined,
): Promise<void> => {
  await updateValue(table, backoffOf(place, targetId), change);
};

/** Of a target that was deleted, or that stands elsewhere now. */
export const forgetSpotBackoff = async (
  table: Table,
  place: Place,
  targetId: TargetId,
): Promise<void> => {
  await removeItem(table, backoffKey(place, targetId));
};
