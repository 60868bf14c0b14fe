/** The accounts and regions in which unclaimed things are looked for: those that are due, longest due first. */
import { listAllAccounts } from "../../../adapters/store/accounts.ts";
import type { Table } from "../../../adapters/store/table.ts";
import { forgetPlace, listReadings } from "../../../adapters/store/unclaimed.ts";
import type { Account } from "../../../core/model/account.ts";

/** An account in one region. */
export interface ConnectedPlace {
  readonly account: Account;
  readonly region: string;
}

const nameOf = (accountId: string, region: string): string => `${accountId}#${region}`;

/**
 * Only what is verified is read. Of an account or region that is no longer connected all is forgotten: it can't be read, and is its
 * owner's.
 */
export const duePlaces = async (table: Table, now: Date): Promise<readonly ConnectedPlace[]> => {
  const [accounts, readings] = [await listAllAccounts(table), await listReadings(table)];
  const connected = accounts.flatMap((account) =>
    account.regions.map((region) => ({ account, region })),
  );
  const known = new Set(connected.map(({ account, region }) => nameOf(account.accountId, region)));
  for (const place of readings) {
    if (!known.has(nameOf(place.accountId, place.region))) await forgetPlace(table, place);
  }
  const dueAt = new Map(readings.map((each) => [nameOf(each.accountId, each.region), each.dueAt]));
  return connected
    .filter(({ account }) => account.status === "ACTIVE")
    .map((place) => ({
      place,
      dueAt: dueAt.get(nameOf(place.account.accountId, place.region)) ?? "",
    }))
    .filter((each) => each.dueAt <= now.toISOString())
    .toSorted((one, other) => (one.dueAt < other.dueAt ? -1 : 1))
    .map(({ place }) => place);
};
