/** The accounts and regions that the enforcer reads: where it is turned on, those that are due; and those where it is not, or no longer. */
import { listAllAccounts } from "../../adapters/store/accounts.ts";
import { listEnforcerPlaces, readEnforcerSettings } from "../../adapters/store/enforcer.ts";
import type { Table } from "../../adapters/store/table.ts";
import type { Account } from "../../core/model/account.ts";
import type { EnforcerPlace, EnforcerSettings } from "../../core/model/enforcer.ts";
import { placeKey, type Place } from "../../core/model/place.ts";

export interface EnforcedPlace {
  readonly account: Account;
  readonly place: Place;
  readonly settings: EnforcerSettings;
  /** As it was read last; undefined: never. */
  readonly before: EnforcerPlace | undefined;
}

export interface EnforcedPlaces {
  readonly on: readonly EnforcedPlace[];
  /** Turned off since something was stopped there in the last days. */
  readonly off: readonly EnforcedPlace[];
  /** Their account or region is no longer connected. */
  readonly left: readonly Place[];
}

/** Whoever was not told in so many days how to start his instance again has found it. */
const toldWithinMs = 7 * 24 * 3_600_000;

const hasStopped = ({ before }: EnforcedPlace, now: Date): boolean =>
  (before?.stops ?? []).some(({ at }) => now.getTime() - Date.parse(at) < toldWithinMs);

/** Only what is verified is read. Where the enforcer is turned off, what it knows stays: exemptions are among it. */
export const listEnforcedPlaces = async (table: Table, now: Date): Promise<EnforcedPlaces> => {
  const known = new Map((await listEnforcerPlaces(table)).map((each) => [placeKey(each), each]));
  const left = new Map(known);
  const on: EnforcedPlace[] = [];
  const off: EnforcedPlace[] = [];
  for (const account of await listAllAccounts(table)) {
    const settings = await readEnforcerSettings(table, account.accountId);
    for (const region of account.regions) {
      const place = { accountId: account.accountId, region };
      const before = known.get(placeKey(place));
      left.delete(placeKey(place));
      if (account.status !== "ACTIVE" || settings === undefined) continue;
      const enforced = { account, place, settings, before };
      if (settings.mode !== "OFF") on.push(enforced);
      else if (hasStopped(enforced, now)) off.push(enforced);
    }
  }
  return {
    on,
    off,
    left: [...left.values()].map(({ accountId, region }) => ({ accountId, region })),
  };
};
