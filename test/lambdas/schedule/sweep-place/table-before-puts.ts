/** A memory table that says what is about to be written. */
import type { Item, Table } from "../../../../adapters/store/table.ts";
import { createMemoryTable } from "../../../../local/platform/memory-table.ts";

/** @param before throws, or kills the invocation: then nothing is written */
export const tableBeforePuts = (before: (item: Item) => void): Table => {
  const inner = createMemoryTable();
  return {
    name: inner.name,
    packing: inner.packing,
    get: inner.get.bind(inner),
    query: inner.query.bind(inner),
    delete: inner.delete.bind(inner),
    put: async (item, condition) => {
      before(item);
      return inner.put(item, condition);
    },
  };
};
