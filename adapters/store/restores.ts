/** What was declared of the last restore of the table. */
import { restoreSchema, type Restore } from "../../core/model/restore.ts";
import { restoreKey } from "./keys.ts";
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

/** Above which all fences are. 0: the table was never restored. */
export const readEpoch = async (table: Table): Promise<number> =>
  (await readRestore(table))?.epoch ?? 0;
