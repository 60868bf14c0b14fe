/** Writes an item over whatever stands there: what was stated last stands. */
import type { Item, Key, Table } from "./table.ts";
import { untilWritten } from "./update-item.ts";

/** @throws RetryableContention */
export const putLast = async (
  table: Table,
  key: Key,
  rest: Pick<Item, "data" | "ttl">,
): Promise<void> => {
  await untilWritten(`${key.pk}/${key.sk}`, async () => {
    const old = await table.get(key);
    const { kind } = await table.put(
      { ...key, version: (old?.version ?? 0) + 1, ...rest },
      old === undefined ? { ifAbsent: true } : { ifVersion: old.version },
    );
    return kind === "WRITTEN" ? true : undefined;
  });
};
