/** Every page of a query, one after the other. */
import type { Item, QueryInput, Table } from "./table.ts";

export const queryAll = async (table: Table, query: QueryInput): Promise<readonly Item[]> => {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const page = await table.query({ ...query, ...(cursor !== undefined && { cursor }) });
    items.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return items;
};
