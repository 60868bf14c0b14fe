/** The accounts and regions that are scanned: only what is verified, and only where its owner has turned it on. */
import { listAllAccounts } from "../../adapters/store/accounts.ts";
import type { Table } from "../../adapters/store/table.ts";
import { readScan } from "../../adapters/store/waste-findings.ts";
import { readWasteSettings } from "../../adapters/store/waste-settings.ts";
import type { Account } from "../../core/model/account.ts";
import type { Place } from "../../core/model/place.ts";
import type { WasteSettings } from "../../core/model/waste/settings.ts";

export interface ScannedPlace {
  readonly account: Account;
  readonly place: Place;
  readonly settings: WasteSettings;
}

export const scannedPlaces = async (table: Table): Promise<readonly ScannedPlace[]> => {
  const found: ScannedPlace[] = [];
  for (const account of await listAllAccounts(table)) {
    const { accountId, regions, status } = account;
    if (status !== "ACTIVE") continue;
    const settings = await readWasteSettings(table, accountId);
    if (settings?.enabled !== true) continue;
    for (const region of regions) found.push({ account, settings, place: { accountId, region } });
  }
  return found;
};

/** Those that are to be read now, longest due first. */
export const duePlaces = async (table: Table, now: Date): Promise<readonly ScannedPlace[]> => {
  const due: (ScannedPlace & { readonly dueAt: string })[] = [];
  for (const each of await scannedPlaces(table)) {
    const dueAt = (await readScan(table, each.place))?.dueAt ?? "";
    if (dueAt <= now.toISOString()) due.push({ ...each, dueAt });
  }
  return due.toSorted((one, other) => (one.dueAt < other.dueAt ? -1 : 1));
};
