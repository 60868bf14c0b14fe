/** Last good copy of each outside feed (Spot Advisor, price lists), with the time of its fetch. */
import { loadBlob, saveBlob } from "./blobs.ts";
import { feedKey } from "./keys.ts";
import type { Table } from "./table.ts";

export interface StoredFeed {
  /** ISO 8601 */
  readonly fetchedAt: string;
  /** Not trusted although we stored it: parse it as when it was fetched. */
  readonly body: unknown;
}

export const saveFeed = (
  table: Table,
  feed: { readonly name: string; readonly fetchedAt: string; readonly body: unknown },
): Promise<void> =>
  saveBlob(table, feedKey(feed.name), { info: { fetchedAt: feed.fetchedAt }, body: feed.body });

/** Undefined if it was never fetched. @throws BrokenFacts naming the item if it is damaged. */
export const loadFeed = async (table: Table, name: string): Promise<StoredFeed | undefined> => {
  const blob = await loadBlob(table, feedKey(name));
  if (blob === undefined) return undefined;
  const { fetchedAt } = blob.info as { readonly fetchedAt: string };
  return { fetchedAt, body: blob.body };
};
