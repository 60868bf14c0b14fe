/** Which Spot requests are read twice a minute, an item for each place that has some: one query reads all of them. */
import { canonicalJson } from "../../core/canonical.ts";
import { watchedPlaceSchema, type WatchedPlace } from "../../core/model/watched-place.ts";
import { watchedPartition, watchedPlaceKey } from "./keys.ts";
import { parseStored } from "./parsed-data.ts";
import { updateValue } from "./single-value.ts";
import type { Table } from "./table.ts";

/** Nothing is written where it stands there already, and where there never was one. @throws RetryableContention, BrokenFacts */
export const noteWatched = async (table: Table, watched: WatchedPlace): Promise<void> => {
  const single = {
    key: watchedPlaceKey(watched),
    name: `targets watched in ${watched.region} of account ${watched.accountId}`,
    schema: watchedPlaceSchema(),
    none: undefined,
  };
  await updateValue<WatchedPlace, undefined>(table, single, (stored) =>
    (stored === undefined && watched.targets.length === 0) ||
    (stored !== undefined && canonicalJson(stored) === canonicalJson(watched))
      ? stored
      : watched,
  );
};

/** Of every account and region. @throws BrokenFacts */
export const listWatched = async (table: Table): Promise<readonly WatchedPlace[]> => {
  const watched: WatchedPlace[] = [];
  const { items } = await table.query({ partition: watchedPartition });
  for (const { pk, sk, data } of items) {
    watched.push(parseStored(watchedPlaceSchema(), data, `${pk}/${sk}`));
  }
  return watched;
};
