/** Read, change, write under the version read; again when somebody else was faster. */
import { SpotOptimizerError } from "../../core/errors.ts";
import type { Item, Key, Table } from "./table.ts";

/** One record is written by one workflow: a fifth collision in a row is not chance, let the step's retry wait. */
export const maxWriteAttempts = 5;

/** Repeats until the attempt gives a result. @throws RetryableContention naming the resource. */
export const untilWritten = async <T>(
  resource: string,
  attempt: () => Promise<T | undefined>,
): Promise<T> => {
  for (let count = 0; count < maxWriteAttempts; count += 1) {
    const result = await attempt();
    if (result !== undefined) return result;
  }
  throw new SpotOptimizerError(
    "RetryableContention",
    `${resource} was written by others ${String(maxWriteAttempts)} times in a row.`,
    { resource },
  );
};

export interface Update<T> {
  /** For messages: `target tgt-…`. */
  readonly name: string;
  readonly read: (item: Item) => T;
  readonly change: (value: T) => T;
  /** The whole item for the changed value. Throws BrokenInput if it may not be stored. */
  readonly toItem: (value: T, version: number) => Item;
  /** What must be secured before the write, and let go after it. */
  readonly before?: (old: T, changed: T) => Promise<void>;
  readonly after?: (old: T, changed: T) => Promise<void>;
}

/** An item that is changed where it stands, and made where it does not. */
export interface Making<T, Empty> {
  /** For messages: `swap swp-… of evl-…`. */
  readonly name: string;
  readonly read: (item: Item) => T;
  /** From what is stored, or from nothing; again after a collision. One that returns its argument writes nothing. */
  readonly change: (stored: T | Empty) => T;
  /** What stands for nothing. */
  readonly empty: Empty;
  readonly toItem: (value: T, version: number) => Item;
  /** All of its partition that were read already: tried first, and read anew only after a collision. */
  readonly known?: readonly Item[];
}

/** Returns what is stored now. @throws RetryableContention naming it. */
export const makeItem = async <T, Empty>(
  table: Table,
  key: Key,
  making: Making<T, Empty>,
): Promise<T> => {
  let { known } = making;
  const isOurs = ({ sk }: Item): boolean => sk === key.sk;
  return untilWritten(making.name, async () => {
    const item = known === undefined ? await table.get(key) : known.find(isOurs);
    known = undefined;
    const stored = item === undefined ? making.empty : making.read(item);
    const value = making.change(stored);
    if (value === stored) return value;
    const { kind } = await table.put(
      making.toItem(value, (item?.version ?? 0) + 1),
      item === undefined ? { ifAbsent: true } : { ifVersion: item.version },
    );
    return kind === "WRITTEN" ? value : undefined;
  });
};

const attemptUpdate = async <T>(table: Table, item: Item, update: Update<T>) => {
  const old = update.read(item);
  const changed = update.change(old);
  if (changed === old) return old;
  const next = update.toItem(changed, item.version + 1);
  await update.before?.(old, changed);
  const { kind } = await table.put(next, { ifVersion: item.version });
  if (kind === "CONFLICT") return undefined;
  await update.after?.(old, changed);
  return update.read(next);
};

/**
 * Returns what is stored now. A change that returns its argument itself writes nothing. An item that was read already is tried
 * first, and read anew only where somebody else has written it since.
 * @throws BrokenNotFound naming `update.name`; RetryableContention.
 */
export const updateItem = async <T>(
  table: Table,
  key: Key | Item,
  update: Update<T>,
): Promise<T> => {
  let known = "version" in key ? key : undefined;
  return untilWritten(update.name, async () => {
    const item = known ?? (await table.get(key));
    known = undefined;
    if (item === undefined) {
      throw new SpotOptimizerError("BrokenNotFound", `There is no ${update.name}.`, {
        resource: update.name,
      });
    }
    return attemptUpdate(table, item, update);
  });
};

export type Removal<T> =
  { readonly kind: "DELETED"; readonly was: T } | { readonly kind: "ABSENT" };

/** Deletes whatever version is there. @throws RetryableContention. */
export const removeItem = (table: Table, key: Key): Promise<Removal<Item>> =>
  untilWritten<Removal<Item>>(`${key.pk}/${key.sk}`, async () => {
    const item = await table.get(key);
    if (item === undefined) return { kind: "ABSENT" };
    const { kind } = await table.delete(key, { ifVersion: item.version });
    return kind === "WRITTEN" ? { kind: "DELETED", was: item } : undefined;
  });

/**
 * First version of a record that may be deleted and made anew: its birth in milliseconds, so that a writer that
 * still holds the deleted record's version can't overwrite the new one.
 */
export const firstVersion = (createdAt: string): number => Date.parse(createdAt);
