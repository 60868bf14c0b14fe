/** Removes what sweeps and evaluations have kept of a place, once its account or region is no longer connected. */
import type { Place } from "../../core/model/place.ts";
import {
  fleetNewsPrefix,
  fleetPartition,
  fleetPlaceKey,
  fleetRowsPartition,
} from "./fleet-keys.ts";
import { wastePartition } from "./governance-keys.ts";
import {
  ledgerPartition,
  ledgerPlaceKey,
  ledgerPlacesPartition,
  openSpanPrefix,
} from "./ledger-keys.ts";
import {
  absentPartition,
  accountKey,
  backoffPartition,
  callBudgetPrefix,
  ebsStandingKey,
  judgedBodiesPartition,
  judgedPartition,
  looksPartition,
  placeStandingKey,
  poolCostsOfPrefix,
  poolPartition,
  spotPartition,
  spotPrefix,
  watchedPartition,
  watchedPlaceKey,
} from "./keys.ts";
import type { Table } from "./table.ts";
import { removeItem } from "./update-item.ts";

interface Items {
  readonly partition: string;
  readonly prefix?: string;
}

/** Beside the account the names of its regions end keys, or are followed by `#`. What AWS has told of Spot there goes by itself, after a month. */
const itemsOf = (place: Place): readonly Items[] => {
  const { accountId, region } = place;
  const { pk: account } = accountKey(accountId);
  return [
    { partition: spotPartition(region), prefix: spotPrefix(accountId) },
    { partition: poolPartition(region), prefix: poolCostsOfPrefix(accountId) },
    { partition: judgedPartition(place) },
    { partition: absentPartition(place) },
    { partition: backoffPartition(place) },
    { partition: looksPartition(place) },
    { partition: watchedPartition, prefix: watchedPlaceKey(place).sk },
    { partition: judgedBodiesPartition(place) },
    { partition: wastePartition(place) },
    { partition: fleetPartition, prefix: fleetPlaceKey(place).sk },
    { partition: fleetPartition, prefix: fleetNewsPrefix(place) },
    { partition: fleetRowsPartition(place) },
    // What has ended stays: the months that it is in can be stated again.
    { partition: ledgerPartition(place), prefix: openSpanPrefix },
    { partition: ledgerPlacesPartition, prefix: ledgerPlaceKey(place).sk },
    { partition: account, prefix: callBudgetPrefix(place) },
    { partition: account, prefix: placeStandingKey(place).sk },
    { partition: account, prefix: ebsStandingKey(accountId, region).sk },
  ];
};

/** @returns false: there was no time for all of it */
export const forgetPlaceItems = async (
  table: Table,
  place: Place,
  hasTime: () => boolean,
): Promise<boolean> => {
  for (const items of itemsOf(place)) {
    let cursor: string | undefined;
    do {
      const page = await table.query({ ...items, ...(cursor !== undefined && { cursor }) });
      for (const { pk, sk } of page.items) {
        if (!hasTime()) return false;
        await removeItem(table, { pk, sk });
      }
      cursor = page.cursor;
    } while (cursor !== undefined);
  }
  return true;
};
