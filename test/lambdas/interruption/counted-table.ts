/** A table that counts the calls that are made of it. */
import type { Table, WriteResult } from "../../../adapters/store/table.ts";

interface Counted {
  /** In the order in which they were made: operation, partition and, of a write, the item. */
  readonly calls: string[];
  /** Of these the writes that another writer was ahead of. */
  readonly conflicts: string[];
  /** Calls that begin so fail, once each. */
  readonly failing: string[];
  readonly counted: Table;
}

/** @param isMeant whose calls are counted, and may fail */
export const counting = (table: Table, isMeant: () => boolean = () => true): Counted => {
  const calls: string[] = [];
  const conflicts: string[] = [];
  const failing: string[] = [];
  const note = (call: string): void => {
    if (!isMeant()) return;
    calls.push(call);
    const index = failing.findIndex((begin) => call.startsWith(begin));
    if (index >= 0) throw new Error(`failed: ${failing.splice(index, 1).join()}`);
  };
  const written = (call: string, result: WriteResult): WriteResult => {
    if (result.kind === "CONFLICT" && isMeant()) conflicts.push(call);
    return result;
  };
  const counted: Table = {
    name: table.name,
    packing: table.packing,
    get: async (key, reading) => {
      note(`get ${key.pk}`);
      return table.get(key, reading);
    },
    put: async (item, condition) => {
      const call = `put ${item.pk} ${item.sk}`;
      note(call);
      return written(call, await table.put(item, condition));
    },
    delete: async (key, condition) => {
      const call = `delete ${key.pk}`;
      note(call);
      return written(call, await table.delete(key, condition));
    },
    query: async (input) => {
      note(`query ${input.partition}`);
      return table.query(input);
    },
  };
  return { calls, conflicts, failing, counted };
};
