/** What AWS tells of the size of snapshots that we made, an item for each: it does not change any longer. */
import { keptSnapshotSchema, type KeptSnapshot } from "../../core/model/ledger/kept-snapshot.ts";
import type { Place } from "../../core/model/place.ts";
import { keptSnapshotKey, keptSnapshotPrefix, ledgerPartition } from "./ledger-keys.ts";
import { parseStored, parseToStore } from "./parsed-data.ts";
import { keptSeconds } from "./retention.ts";
import type { Table } from "./table.ts";

/** Of a place. @throws BrokenFacts */
export const listKeptSnapshots = async (
  table: Table,
  place: Place,
): Promise<readonly KeptSnapshot[]> => {
  const query = { partition: ledgerPartition(place), prefix: keptSnapshotPrefix };
  const { items } = await table.query(query);
  return items.map(({ pk, sk, data }) => parseStored(keptSnapshotSchema(), data, `${pk}/${sk}`));
};

/** Once: what stands there already says the same. */
export const addKeptSnapshot = async (
  table: Table,
  place: Place,
  { snapshot, now }: { readonly snapshot: KeptSnapshot; readonly now: Date },
): Promise<void> => {
  const { snapshotId } = snapshot;
  const data = parseToStore(keptSnapshotSchema(), snapshot, `size of ${snapshotId}`);
  const ttl = Math.floor(now.getTime() / 1000) + keptSeconds.ledgerSnapshots;
  await table.put(
    { ...keptSnapshotKey(place, snapshotId), version: 1, ttl, data },
    { ifAbsent: true },
  );
};
