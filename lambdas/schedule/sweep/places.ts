/** Where the sweep looks, see core/decide/fleet/due-places.ts. */
import { readFindByTags } from "../../../adapters/store/find-by-tags.ts";
import { listPlaceStandings } from "../../../adapters/store/place-standings.ts";
import type { Table } from "../../../adapters/store/table.ts";
import { listTargets } from "../../../adapters/store/targets.ts";
import { duePlaces, prodFirst, type SweptAccount } from "../../../core/decide/fleet/due-places.ts";
import type { Account } from "../../../core/model/account.ts";
import type { Place } from "../../../core/model/place.ts";

const pageSize = 100;

const placesOfTargets = async (table: Table): Promise<readonly Place[]> => {
  const places: Place[] = [];
  let cursor: string | undefined;
  do {
    const page = await listTargets(table, {
      limit: pageSize,
      ...(cursor === undefined ? {} : { cursor }),
    });
    places.push(...page.items.map(({ accountId, region }) => ({ accountId, region })));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return places;
};

const readSwept = async (
  table: Table,
  { accountId, regions }: Pick<Account, "accountId" | "regions">,
): Promise<SweptAccount> => {
  const { tags = {} } = (await readFindByTags(table, accountId)) ?? {};
  return {
    places: regions.map((region) => ({ accountId, region })),
    standings: await listPlaceStandings(table, accountId),
    findsByTags: Object.keys(tags).length > 0,
  };
};

/** Each once, PROD first. */
export const findPlaces = async (
  { table, now }: { readonly table: Table; readonly now: () => Date },
  accounts: readonly Account[],
): Promise<readonly Place[]> => {
  const active = accounts.filter(({ status }) => status === "ACTIVE");
  const swept: SweptAccount[] = [];
  for (const account of active) swept.push(await readSwept(table, account));
  return prodFirst(duePlaces(await placesOfTargets(table), swept, now()), accounts);
};
