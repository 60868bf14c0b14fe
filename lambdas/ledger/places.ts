/** The accounts and regions in which targets stand, those first that were not read for longest. */
import { listAllAccounts } from "../../adapters/store/accounts.ts";
import { listLedgerPlaces } from "../../adapters/store/ledger-places.ts";
import type { Table } from "../../adapters/store/table.ts";
import type { Account } from "../../core/model/account.ts";
import type { LedgerPlace } from "../../core/model/ledger/place.ts";
import { placeKey, type Place } from "../../core/model/place.ts";

export interface PlaceInLedger {
  readonly account: Account;
  readonly place: Place;
  /** Absent: it was not read yet. */
  readonly standing?: LedgerPlace;
}

/** Of the accounts that are verified. */
export const placesInLedger = async (table: Table): Promise<readonly PlaceInLedger[]> => {
  const standings = new Map(
    (await listLedgerPlaces(table)).map((standing) => [placeKey(standing), standing]),
  );
  const accounts = (await listAllAccounts(table)).filter(({ status }) => status === "ACTIVE");
  return accounts
    .flatMap((account) =>
      account.regions.map((region) => {
        const place = { accountId: account.accountId, region };
        const standing = standings.get(placeKey(place));
        return { account, place, ...(standing !== undefined && { standing }) };
      }),
    )
    .toSorted((one, other) =>
      (one.standing?.readAt ?? "") < (other.standing?.readAt ?? "") ? -1 : 1,
    );
};
