/** What stands in a partition of the state table, as DynamoDB counts it for storage. */
import { attributesBytes, type Attributes } from "../../adapters/store/attribute-values.ts";
import { toItemAttributes } from "../../adapters/store/item-attributes.ts";
import { stateTableSchema } from "../../adapters/store/schema.ts";
import type { Table } from "../../adapters/store/table.ts";

export interface StoredSize {
  readonly items: number;
  readonly bytes: number;
}

/** Of each item, and of each entry of an index. Source: DynamoDB developer guide, "Local secondary indexes", storage considerations. */
const overheadBytes = 100;

const keysOf = (row: Attributes, names: readonly string[]): Attributes =>
  Object.fromEntries(Object.entries(row).filter(([name]) => names.includes(name)));

/** With its entries in the indexes, which hold keys alone. */
export const storedBytes = (row: Attributes): number => {
  const { partitionKey, sortKey, indexes } = stateTableSchema;
  const entries = indexes.filter((index) => row[index.partitionKey] !== undefined);
  return entries.reduce(
    (sum, index) => {
      const names = [partitionKey, sortKey, index.partitionKey, index.sortKey];
      return sum + attributesBytes(keysOf(row, names)) + overheadBytes;
    },
    attributesBytes(row) + overheadBytes,
  );
};

export const storedIn = async (table: Table, partition: string): Promise<StoredSize> => {
  const { items } = await table.query({ partition });
  const bytes = items.reduce((sum, item) => sum + storedBytes(toItemAttributes(item)), 0);
  return { items: items.length, bytes };
};
