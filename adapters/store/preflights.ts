/** Preflights: what was asked for, how far each region is, and the rows, a page of them in an item. They have no time to live: a later one is compared with them. */
import { SpotOptimizerError } from "../../core/errors.ts";
import type { PreflightId } from "../../core/model/ids.ts";
import {
  noTotals,
  preflightPlaceSchema,
  preflightRowSchema,
  preflightSchema,
  type Preflight,
  type PreflightPlace,
  type PreflightRow,
} from "../../core/model/preflight.ts";
import { loadBlob, saveBlob } from "./blobs.ts";
import {
  preflightKey,
  preflightPartition,
  preflightPlaceKey,
  preflightPlacePrefix,
  preflightRowsKey,
} from "./keys.ts";
import { parseStored, parseToStore } from "./parsed-data.ts";
import type { Item, Table } from "./table.ts";
import { updateItem } from "./update-item.ts";

const nameOf = (preflightId: PreflightId): string => `preflight ${preflightId}`;

const placeItem = (place: PreflightPlace, version: number): Item => ({
  ...preflightPlaceKey(place.preflightId, place.region),
  version,
  data: parseToStore(preflightPlaceSchema(), place, nameOf(place.preflightId)),
});

const readPlace = (item: Item): PreflightPlace =>
  parseStored(preflightPlaceSchema(), item.data, `${item.pk} ${item.sk}`);

const waiting = ({ preflightId, requestedAt }: Preflight, region: string): PreflightPlace => ({
  preflightId,
  region,
  status: "WAITING",
  notedAt: requestedAt,
  pages: 0,
  rows: 0,
  lookedAt: 0,
  toLookAt: 0,
  totals: noTotals,
});

/** Its regions first, so that whoever finds it finds them. Again with the same id changes nothing. @throws BrokenInput */
export const createPreflight = async (table: Table, preflight: Preflight): Promise<void> => {
  const { preflightId, regions } = preflight;
  const data = parseToStore(preflightSchema(), preflight, nameOf(preflightId));
  // A conflict means that an earlier attempt of the same request has written it.
  for (const region of regions) {
    await table.put(placeItem(waiting(preflight, region), 1), { ifAbsent: true });
  }
  await table.put({ ...preflightKey(preflightId), version: 1, data }, { ifAbsent: true });
};

/** @throws BrokenFacts naming it if what is stored does not parse */
export const getPreflight = async (
  table: Table,
  preflightId: PreflightId,
): Promise<Preflight | undefined> => {
  const item = await table.get(preflightKey(preflightId));
  return item === undefined
    ? undefined
    : parseStored(preflightSchema(), item.data, nameOf(preflightId));
};

/** In the order of their names: fewer than forty. */
export const listPreflightPlaces = async (
  table: Table,
  preflightId: PreflightId,
): Promise<readonly PreflightPlace[]> => {
  const { items } = await table.query({
    partition: preflightPartition(preflightId),
    prefix: preflightPlacePrefix,
  });
  return items.map(readPlace);
};

/** @throws BrokenNotFound, BrokenFacts, RetryableContention; all name the preflight */
export const updatePreflightPlace = (
  table: Table,
  { preflightId, region }: Pick<PreflightPlace, "preflightId" | "region">,
  change: (place: PreflightPlace) => PreflightPlace,
): Promise<PreflightPlace> =>
  updateItem(table, preflightPlaceKey(preflightId, region), {
    name: `${nameOf(preflightId)} in ${region}`,
    read: readPlace,
    change,
    toItem: placeItem,
  });

interface Page {
  readonly preflightId: PreflightId;
  readonly region: string;
  /** From 0. */
  readonly page: number;
}

/** The last writer wins. */
export const savePreflightRows = async (
  table: Table,
  { preflightId, region, page }: Page,
  rows: readonly PreflightRow[],
): Promise<void> => {
  const body = rows.map((row) => parseToStore(preflightRowSchema(), row, nameOf(preflightId)));
  await saveBlob(table, preflightRowsKey(preflightId, region, page), { info: null, body });
};

/** @throws BrokenFacts naming the item if it is absent, damaged, or of another form */
export const loadPreflightRows = async (
  table: Table,
  { preflightId, region, page }: Page,
): Promise<readonly PreflightRow[]> => {
  const key = preflightRowsKey(preflightId, region, page);
  const blob = await loadBlob(table, key);
  const name = `${key.pk}/${key.sk}`;
  if (blob === undefined || !Array.isArray(blob.body)) {
    throw new SpotOptimizerError("BrokenFacts", `${name} is not stored.`, { resource: name });
  }
  return blob.body.map((row) => parseStored(preflightRowSchema(), row, name));
};
