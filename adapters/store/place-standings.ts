/** How the last sweep of each place went, beside its account. */
import type { AccountId } from "../../core/model/ids.ts";
import type { Place } from "../../core/model/place.ts";
import { placeStandingSchema, type PlaceStanding } from "../../core/model/place-standing.ts";
import { accountKey, placeStandingKey, placeStandingPrefix } from "./keys.ts";
import { parseStored } from "./parsed-data.ts";
import { updateValue } from "./single-value.ts";
import type { Table } from "./table.ts";

const nameOf = ({ accountId, region }: Place): string =>
  `standing of ${region} in account ${accountId}`;

/** @throws RetryableContention, BrokenFacts; both name the place */
export const updatePlaceStanding = async (
  table: Table,
  place: Place,
  change: (stored: PlaceStanding | undefined) => PlaceStanding,
): Promise<void> => {
  const single = {
    key: placeStandingKey(place),
    name: nameOf(place),
    schema: placeStandingSchema(),
    none: undefined,
  };
  await updateValue<PlaceStanding, undefined>(table, single, change);
};

/** Of all regions in which it was swept. @throws BrokenFacts */
export const listPlaceStandings = async (
  table: Table,
  accountId: AccountId,
): Promise<readonly PlaceStanding[]> => {
  const { pk: partition } = accountKey(accountId);
  const { items } = await table.query({ partition, prefix: placeStandingPrefix });
  return items.map(({ pk, sk, data }) => parseStored(placeStandingSchema(), data, `${pk}/${sk}`));
};
