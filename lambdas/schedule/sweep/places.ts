/** Where the sweep looks: places that have targets, and those of accounts whose targets are found by tags. */
import { readFindByTags } from "../../../adapters/store/find-by-tags.ts";
import type { Table } from "../../../adapters/store/table.ts";
import { listTargets } from "../../../adapters/store/targets.ts";
import { placeKey, type Place } from "../../../core/model/place.ts";
import { readAccounts } from "../accounts.ts";

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

/** Of accounts that may be read. */
const placesByTags = async (table: Table): Promise<readonly Place[]> => {
  const places: Place[] = [];
  for (const { accountId, regions, status } of await readAccounts(table)) {
    if (status !== "ACTIVE") continue;
    const { tags = {} } = (await readFindByTags(table, accountId)) ?? {};
    if (Object.keys(tags).length === 0) continue;
    places.push(...regions.map((region) => ({ accountId, region })));
  }
  return places;
};

/** Each once. */
export const findPlaces = async (table: Table): Promise<readonly Place[]> => {
  const places = [...(await placesOfTargets(table)), ...(await placesByTags(table))];
  return [...new Map(places.map((place) => [placeKey(place), place])).values()];
};
