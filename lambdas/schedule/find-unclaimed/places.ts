/** The accounts and regions in which unclaimed things are looked for, those that are due, longest due first; and those that are no longer connected. */
import { listAllAccounts } from "../../../adapters/store/accounts.ts";
import { forgetPlaceItems } from "../../../adapters/store/place-items.ts";
import type { Table } from "../../../adapters/store/table.ts";
import {
  forgetReading,
  forgetUnclaimedIn,
  listReadings,
} from "../../../adapters/store/unclaimed.ts";
import type { Account } from "../../../core/model/account.ts";
import type { Place } from "../../../core/model/place.ts";

/** An account in one region. */
export interface ConnectedPlace {
  readonly account: Account;
  readonly region: string;
}

const nameOf = (accountId: string, region: string): string => `${accountId}#${region}`;

export interface Places {
  readonly due: readonly ConnectedPlace[];
  /** Their account or region is no longer connected. `dueAt`: ISO 8601, when whatever was at work there has ended. */
  readonly left: readonly (Place & { readonly dueAt: string })[];
}

/** Only what is verified is read. */
export const listPlaces = async (table: Table, now: Date): Promise<Places> => {
  const [accounts, readings] = [await listAllAccounts(table), await listReadings(table)];
  const connected = accounts.flatMap((account) =>
    account.regions.map((region) => ({ account, region })),
  );
  const known = new Set(connected.map(({ account, region }) => nameOf(account.accountId, region)));
  const dueAt = new Map(readings.map((each) => [nameOf(each.accountId, each.region), each.dueAt]));
  const due = connected
    .filter(({ account }) => account.status === "ACTIVE")
    .map((place) => ({
      place,
      dueAt: dueAt.get(nameOf(place.account.accountId, place.region)) ?? "",
    }))
    .filter((each) => each.dueAt <= now.toISOString())
    .toSorted((one, other) => (one.dueAt < other.dueAt ? -1 : 1))
    .map(({ place }) => place);
  const left = readings.filter(({ accountId, region }) => !known.has(nameOf(accountId, region)));
  return { due, left };
};

/** It can't be read, and is its owner's: what a sweep still writes that had begun before goes with the rest. */
export const forgetLeft = async (
  table: Table,
  place: Places["left"][number],
  { now, hasTime }: { readonly now: Date; readonly hasTime: () => boolean },
): Promise<void> => {
  await forgetUnclaimedIn(table, place);
  if (place.dueAt > now.toISOString()) return;
  if (await forgetPlaceItems(table, place, hasTime)) await forgetReading(table, place);
};
