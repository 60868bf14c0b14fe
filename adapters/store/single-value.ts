/** One value under a key of its own that is not there until it is first written, and is changed under the version that was read. */
import type * as z from "zod";
import { parseStored, parseToStore } from "./parsed-data.ts";
import type { Item, Key, Table } from "./table.ts";
import { untilWritten } from "./update-item.ts";

export interface SingleValue<Value, None> {
  readonly key: Key;
  /** For messages: `switching of account …`. */
  readonly name: string;
  readonly schema: z.ZodType<Value>;
  /** What it counts as before it was ever written. */
  readonly none: None;
}

const valueIn = <Value, None>(
  item: Item | undefined,
  { schema, name, none }: SingleValue<Value, None>,
): Value | None => (item === undefined ? none : parseStored(schema, item.data, name));

/** @throws BrokenFacts naming it if what is stored does not parse */
export const readValue = async <Value, None>(
  table: Table,
  single: SingleValue<Value, None>,
): Promise<Value | None> => valueIn(await table.get(single.key), single);

/**
 * Returns what is stored now. A change that returns its argument itself writes nothing; one that loses against another writer is
 * asked again. @throws RetryableContention, BrokenFacts; both name it
 */
export const updateValue = <Value, None>(
  table: Table,
  single: SingleValue<Value, None>,
  change: (stored: Value | None) => Value | None | Promise<Value>,
): Promise<Value | None> => {
  const { key, name, schema } = single;
  return untilWritten(name, async () => {
    const item = await table.get(key);
    const stored = valueIn(item, single);
    const changed = await change(stored);
    if (changed === stored) return { value: stored };
    const { kind } = await table.put(
      { ...key, version: (item?.version ?? 0) + 1, data: parseToStore(schema, changed, name) },
      item === undefined ? { ifAbsent: true } : { ifVersion: item.version },
    );
    return kind === "WRITTEN" ? { value: changed } : undefined;
  }).then(({ value }) => value);
};
