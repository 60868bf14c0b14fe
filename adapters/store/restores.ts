/** What was declared of the last restore of the table, and which table has its settings again. */
import {
  restoredTableSchema,
  restoreSchema,
  type Restore,
  type RestoredTable,
} from "../../core/model/restore.ts";
import { restoredTableKey, restoreKey } from "./keys.ts";
import { parseStored } from "./parsed-data.ts";
import { readValue, updateValue, type SingleValue } from "./single-value.ts";
import type { Table } from "./table.ts";

const restore: () => SingleValue<Restore, undefined> = () => ({
  key: restoreKey,
  name: "the table's last restore",
  schema: restoreSchema(),
  none: undefined,
});

/** Undefined: none was ever declared. @throws BrokenFacts */
export const readRestore = (table: Table): Promise<Restore | undefined> =>
  readValue(table, restore());

/** @throws RetryableContention, BrokenFacts */
export const updateRestore = async (
  table: Table,
  change: (stored: Restore | undefined) => Restore,
): Promise<Restore> => (await updateValue(table, restore(), change)) ?? change(undefined);

const restoredTable: () => SingleValue<RestoredTable, undefined> = () => ({
  key: restoredTableKey,
  name: "which restored table has its settings",
  schema: restoredTableSchema(),
  none: undefined,
});

/** Undefined: nobody has read a table's settings back. @throws BrokenFacts */
export const readRestoredTable = (table: Table): Promise<RestoredTable | undefined> =>
  readValue(table, restoredTable());

/** @throws RetryableContention, BrokenFacts */
export const noteRestoredTable = async (table: Table, readBack: RestoredTable): Promise<void> => {
  await updateValue(table, restoredTable(), () => readBack);
};

/**
 * The same at half the price, and perhaps as it stood a moment ago: when one is declared the kill switch is thrown first, which is read
 * consistently before each change and stays on for minutes at least. @throws BrokenFacts
 */
export const glanceAtRestore = async (table: Table): Promise<Restore | undefined> => {
  const item = await table.get(restoreKey, "EVENTUAL");
  return item === undefined
    ? undefined
    : parseStored(restoreSchema(), item.data, "the table's last restore");
};

/** Above which all fences are. 0: the table was never restored. */
export const readEpoch = async (table: Table): Promise<number> =>
  (await glanceAtRestore(table))?.epoch ?? 0;
