/** The fleet's table: the rows of each place as its last sweep wrote them, all in one, and what was registered, changed or forgotten since. */
import * as z from "zod";
import { atFirstUse } from "../../core/at-first-use.ts";
import {
  fleetNewsSchema,
  fleetPlaceSchema,
  fleetRowSchema,
  registeredRow,
  type FleetNews,
  type FleetPlace,
  type FleetRow,
} from "../../core/model/fleet-row.ts";
import type { Place } from "../../core/model/place.ts";
import type { Target } from "../../core/model/target.ts";
import { loadBlob, saveBlob } from "./blobs.ts";
import {
  fleetNewsKey,
  fleetNewsPrefix,
  fleetPartition,
  fleetPlaceKey,
  fleetPlacePrefix,
  fleetRowsKey,
} from "./fleet-keys.ts";
import { parseStored, parseToStore } from "./parsed-data.ts";
import { putLast } from "./put-last.ts";
import { readValue, updateValue, type SingleValue } from "./single-value.ts";
import type { Item, Table } from "./table.ts";

const rowsSchema = atFirstUse(() => z.array(fleetRowSchema()));

const nameOf = ({ accountId, region }: Place): string =>
  `fleet in ${region} of account ${accountId}`;

/** News with the item that they were read from. */
export interface StoredNews {
  readonly news: FleetNews;
  readonly item: Item;
}

const readNews = (item: Item): StoredNews => ({
  news: parseStored(fleetNewsSchema(), item.data, `${item.pk}/${item.sk}`),
  item,
});

const noteNews = async (table: Table, news: FleetNews): Promise<void> => {
  const data = parseToStore(fleetNewsSchema(), news, `news of ${news.targetId}`);
  await putLast(table, fleetNewsKey(news), { data });
};

/** That it was registered, or is registered otherwise now: its row says so before the next sweep. */
export const noteRegistered = (table: Table, target: Target): Promise<void> =>
  noteNews(table, registeredRow(target));

export const noteForgotten = (table: Table, target: Target): Promise<void> =>
  noteNews(table, { ...registeredRow(target), isGone: true });

/** Of one place. @throws BrokenFacts */
export const listFleetNews = async (table: Table, place: Place): Promise<readonly StoredNews[]> => {
  const { items } = await table.query({
    partition: fleetPartition,
    prefix: fleetNewsPrefix(place),
  });
  return items.map(readNews);
};

/** Once rows say what they tell. What was told anew meanwhile stays. */
export const removeFleetNews = async (table: Table, told: readonly StoredNews[]): Promise<void> => {
  for (const { item } of told) await table.delete(item, { ifVersion: item.version });
};

export interface FleetOverview {
  readonly places: readonly FleetPlace[];
  readonly news: readonly FleetNews[];
}

/** Of all accounts, by one query: places in the order of their names. @throws BrokenFacts */
export const readFleetOverview = async (table: Table): Promise<FleetOverview> => {
  const { items } = await table.query({ partition: fleetPartition });
  const [places, news] = [
    items.filter(({ sk }) => sk.startsWith(fleetPlacePrefix)),
    items.filter(({ sk }) => !sk.startsWith(fleetPlacePrefix)),
  ];
  return {
    places: places.map(({ pk, sk, data }) => parseStored(fleetPlaceSchema(), data, `${pk}/${sk}`)),
    news: news.map((item) => readNews(item).news),
  };
};

/** None where no sweep has written any. @throws BrokenFacts */
export const loadFleetRows = async (table: Table, place: Place): Promise<readonly FleetRow[]> => {
  const blob = await loadBlob(table, fleetRowsKey(place));
  return blob === undefined ? [] : parseStored(rowsSchema(), blob.body, nameOf(place));
};

/** In place of those that stand there. @throws RetryableContention, BrokenInput */
export const saveFleetRows = (
  table: Table,
  place: Place,
  rows: readonly FleetRow[],
): Promise<void> =>
  saveBlob(table, fleetRowsKey(place), {
    info: null,
    body: parseToStore(rowsSchema(), [...rows], nameOf(place)),
  });

const singleOf = (place: Place): SingleValue<FleetPlace, undefined> => ({
  key: fleetPlaceKey(place),
  name: nameOf(place),
  schema: fleetPlaceSchema(),
  none: undefined,
});

/** Undefined: no sweep has written any. @throws BrokenFacts */
export const readFleetPlace = (table: Table, place: Place): Promise<FleetPlace | undefined> =>
  readValue(table, singleOf(place));

/** @throws RetryableContention, BrokenFacts; both name the place */
export const updateFleetPlace = async (
  table: Table,
  place: Place,
  change: (stored: FleetPlace | undefined) => FleetPlace,
): Promise<void> => {
  await updateValue(table, singleOf(place), change);
};
