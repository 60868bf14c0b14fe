/** How far the savings ledger has come in each account and region. */
import { ledgerPlaceSchema, type LedgerPlace } from "../../core/model/ledger/place.ts";
import { placeKey, type Place } from "../../core/model/place.ts";
import { ledgerPlaceKey, ledgerPlacesPartition } from "./ledger-keys.ts";
import { parseStored } from "./parsed-data.ts";
import { readValue, updateValue, type SingleValue } from "./single-value.ts";
import type { Table } from "./table.ts";
import { removeItem } from "./update-item.ts";

const placeOf = (place: Place): SingleValue<LedgerPlace, undefined> => ({
  key: ledgerPlaceKey(place),
  name: `the ledger's standing in ${placeKey(place)}`,
  schema: ledgerPlaceSchema(),
  none: undefined,
});

/** Undefined: it was not read yet. @throws BrokenFacts naming the place */
export const readLedgerPlace = (table: Table, place: Place): Promise<LedgerPlace | undefined> =>
  readValue(table, placeOf(place));

/** @throws RetryableContention, BrokenFacts; both name the place */
export const updateLedgerPlace = async (
  table: Table,
  place: Place,
  change: (stored: LedgerPlace | undefined) => LedgerPlace,
): Promise<void> => {
  await updateValue(table, placeOf(place), change);
};

/** Nothing of a target stands there any longer: nothing is read there. */
export const forgetLedgerPlace = async (table: Table, place: Place): Promise<void> => {
  await removeItem(table, ledgerPlaceKey(place));
};

/** All that are read. @throws BrokenFacts */
export const listLedgerPlaces = async (table: Table): Promise<readonly LedgerPlace[]> => {
  const places: LedgerPlace[] = [];
  let cursor: string | undefined;
  do {
    const page = await table.query({
      partition: ledgerPlacesPartition,
      ...(cursor !== undefined && { cursor }),
    });
    places.push(
      ...page.items.map((item) =>
        parseStored(ledgerPlaceSchema(), item.data, `${item.pk}/${item.sk}`),
      ),
    );
    cursor = page.cursor;
  } while (cursor !== undefined);
  return places;
};
