/** A table of which somebody is told what is written there. */
import type { Item, Table } from "../../adapters/store/table.ts";

type OnWritten = (item: Item) => void;

export interface WatchedTable {
  readonly table: Table;
  /** Told of each item once it is written. */
  readonly onWritten: (listener: OnWritten) => void;
}

export const watchedTable = (table: Table): WatchedTable => {
  const listeners = new Set<OnWritten>();
  return {
    table: {
      name: table.name,
      packing: table.packing,
      get: (key, reading) => table.get(key, reading),
      delete: (key, condition) => table.delete(key, condition),
      query: (input) => table.query(input),
      put: async (item, condition) => {
        const result = await table.put(item, condition);
        if (result.kind === "WRITTEN") for (const listener of listeners) listener(item);
        return result;
      },
    },
    onWritten: (listener) => {
      listeners.add(listener);
    },
  };
};
