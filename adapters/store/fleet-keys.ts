/**
 * Keys of the fleet's table; all others stand in keys.ts, ledger-keys.ts and governance-keys.ts.
 *
 * | Item  | pk                        | sk                                  |
 * |-------|---------------------------|-------------------------------------|
 * | place | FLEET                     | PLACE#account#region                |
 * | news  | FLEET                     | NEWS#account#region#target          |
 * | rows  | FLEET_ROWS#account#region | ROWS, and its parts where it is large |
 */
import type { Place } from "../../core/model/place.ts";
import type { Key } from "./table.ts";

/** Of all accounts, so that one query tells what has changed. */
export const fleetPartition = "FLEET";
export const fleetPlacePrefix = "PLACE#";

export const fleetPlaceKey = ({ accountId, region }: Place): Key => ({
  pk: fleetPartition,
  sk: `${fleetPlacePrefix}${accountId}#${region}`,
});

export const fleetNewsPrefix = ({ accountId, region }: Place): string =>
  `NEWS#${accountId}#${region}#`;

export const fleetNewsKey = (news: Place & { readonly targetId: string }): Key => ({
  pk: fleetPartition,
  sk: `${fleetNewsPrefix(news)}${news.targetId}`,
});

export const fleetRowsPartition = ({ accountId, region }: Place): string =>
  `FLEET_ROWS#${accountId}#${region}`;

export const fleetRowsKey = (place: Place): Key => ({
  pk: fleetRowsPartition(place),
  sk: "ROWS",
});
