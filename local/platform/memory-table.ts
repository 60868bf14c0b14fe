/**
 * The state table in memory, for tests and for runs in virtual time (dynalite uses real timers). It stores what
 * DynamoDB would store, attribute by attribute, and is held to the same contract suite.
 */
import { attributesBytes } from "../../adapters/store/attribute-values.ts";
import { fromItemAttributes, toItemAttributes } from "../../adapters/store/item-attributes.ts";
import { afterAll } from "../../adapters/store/keys.ts";
import { maxItemBytes } from "../../adapters/store/schema.ts";
import {
  checkLimit,
  compareUtf8,
  pageOf,
  partitionOf,
  positionOf,
  sortKeyOf,
  sortRange,
} from "../../adapters/store/table-query.ts";
import type { ItemHead, Position, Range } from "../../adapters/store/table-query.ts";
import type {
  Item,
  Key,
  Packing,
  Page,
  QueryInput,
  Table,
  WriteCondition,
  WriteResult,
} from "../../adapters/store/table.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import { ReadBack } from "./read-back.ts";

interface Row {
  readonly head: ItemHead;
  readonly data: unknown;
}

/** All readers have the same data, which nobody can change: who has read them before need not check them again. */
const itemOf = ({ head, data }: Row): Item => ({ ...head, data });

interface Entry extends Position {
  readonly row: Row;
}

type IndexName = "main" | "gsi1" | "gsi2";
const indexNames: readonly IndexName[] = ["main", "gsi1", "gsi2"];

const byPosition = (left: Position, right: Position): number =>
  compareUtf8(left.sort, right.sort) ||
  compareUtf8(left.pk, right.pk) ||
  compareUtf8(left.sk, right.sk);

/** Where it is, or where it would stand in the sorted list. */
const placeOf = (entries: readonly Entry[], position: Position): number => {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const entry = entries[middle];
    if (entry !== undefined && byPosition(entry, position) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Partitions of sorted entries: the main table, or one index. */
class SortedPartitions {
  readonly #partitions = new Map<string, Entry[]>();

  insert(partition: string, entry: Entry): void {
    const entries = this.#partitions.get(partition) ?? [];
    this.#partitions.set(partition, entries);
    entries.splice(placeOf(entries, entry), 0, entry);
  }

  remove(partition: string, position: Position): void {
    const entries = this.#partitions.get(partition) ?? [];
    const place = placeOf(entries, position);
    const entry = entries[place];
    if (entry !== undefined && byPosition(entry, position) === 0) entries.splice(place, 1);
  }

  entries(partition: string): readonly Entry[] {
    return this.#partitions.get(partition) ?? [];
  }
}

const entryFor = (row: Row, index: IndexName) => {
  const name = index === "main" ? undefined : index;
  const partition = partitionOf(row.head, name);
  const sort = sortKeyOf(row.head, name);
  if (partition === undefined || sort === undefined) return undefined;
  return { partition, entry: { pk: row.head.pk, sk: row.head.sk, sort, row } };
};

const nameOf = ({ pk, sk }: Key): string => `${String(pk.length)}:${pk}${sk}`;

/** Keys and numbers beside the data: pk and sk have 3 KB at most, and those of indexes as much. */
const mostHeadBytes = 16 * 1024;

/** By way of the attributes. @throws BrokenInput on what DynamoDB cannot store, BrokenRequest on more than an item holds */
const exactRowOf = (item: Item): Row => {
  const attributes = toItemAttributes(item);
  if (attributesBytes(attributes) > maxItemBytes) {
    const resource = `${item.pk}/${item.sk}`;
    const message = `Item ${resource} exceeds the ${String(maxItemBytes / 1024)} KB of an item.`;
    throw new SpotOptimizerError("BrokenRequest", message, { resource });
  }
  const { data, ...head } = fromItemAttributes(attributes);
  return { head, data: new ReadBack().of(data) };
};

/** What DynamoDB would give back; without the attributes where nothing can be wrong with the item. */
const rowOf = (item: Item): Row => {
  const { data: given, ...head } = item;
  const copy = new ReadBack();
  const data = copy.of(given);
  const isSound = data !== undefined && isSoundHead(head);
  return isSound && copy.mostBytes + mostHeadBytes <= maxItemBytes
    ? { head, data }
    : exactRowOf(item);
};

const textNames: ReadonlySet<string> = new Set([
  "pk",
  "sk",
  "gsi1pk",
  "gsi1sk",
  "gsi2pk",
  "gsi2sk",
]);

const isSoundHead = (head: ItemHead): boolean =>
  Object.entries(head).every(([name, value]) =>
    typeof value === "string"
      ? textNames.has(name) && value.length < 1024
      : (name === "version" || name === "ttl") && Number.isFinite(value),
  );

/** The entries of a range, in the order asked for, from behind the cursor on. */
const slice = (
  entries: readonly Entry[],
  input: QueryInput,
  bounds: { readonly range: Range; readonly after: Position | undefined },
): readonly Entry[] => {
  const { from = "", to } = bounds.range;
  const { after } = bounds;
  let start = placeOf(entries, { sort: from, pk: "", sk: "" });
  let end =
    to === undefined ? entries.length : placeOf(entries, { sort: to, pk: afterAll, sk: afterAll });
  if (after !== undefined && input.descending === true) end = placeOf(entries, after);
  if (after !== undefined && input.descending !== true) {
    const place = placeOf(entries, after);
    const entry = entries[place];
    start = entry !== undefined && byPosition(entry, after) === 0 ? place + 1 : place;
  }
  const inRange = entries.slice(start, end);
  return input.descending === true ? inRange.reverse() : inRange;
};

/** The act at once; what it throws rejects. */
const settled = <T>(act: () => T): Promise<T> =>
  new Promise((resolve) => {
    resolve(act());
  });

export interface MemoryTable extends Table {
  /** All of them, in the order in which they were last written. */
  items(): readonly Item[];
}

/** Behaves as the DynamoDB table does; each call acts at once and wholly. */
class RowTable implements MemoryTable {
  readonly packing: Packing;
  readonly #rows = new Map<string, Row>();
  readonly #indexes: Readonly<Record<IndexName, SortedPartitions>> = {
    main: new SortedPartitions(),
    gsi1: new SortedPartitions(),
    gsi2: new SortedPartitions(),
  };

  constructor(packing: Packing) {
    this.packing = packing;
  }

  items(): readonly Item[] {
    return [...this.#rows.values()].map(itemOf);
  }

  get(key: Key): Promise<Item | undefined> {
    return settled(() => {
      const row = this.#rows.get(nameOf(key));
      return row === undefined ? undefined : itemOf(row);
    });
  }

  put(item: Item, condition: WriteCondition): Promise<WriteResult> {
    return settled(() => {
      const row = rowOf(item);
      const wanted = "ifAbsent" in condition ? undefined : condition.ifVersion;
      if (this.#rows.get(nameOf(item))?.head.version !== wanted) return { kind: "CONFLICT" };
      this.#remove(item);
      this.#insert(row);
      return { kind: "WRITTEN" };
    });
  }

  delete(key: Key, condition: { readonly ifVersion: number }): Promise<WriteResult> {
    return settled(() => {
      if (this.#rows.get(nameOf(key))?.head.version !== condition.ifVersion)
        return { kind: "CONFLICT" };
      this.#remove(key);
      return { kind: "WRITTEN" };
    });
  }

  query(input: QueryInput): Promise<Page> {
    return settled(() => {
      checkLimit(input.limit);
      const range = sortRange(input);
      if (range === undefined) return { items: [] };
      const after = positionOf(input, range);
      const entries = this.#indexes[input.index ?? "main"].entries(input.partition);
      const found = slice(entries, input, { range, after }).slice(0, (input.limit ?? Infinity) + 1);
      const { entries: shown, ...rest } = pageOf(found, input);
      return { ...rest, items: shown.map(({ row }) => itemOf(row)) };
    });
  }

  #insert(row: Row): void {
    this.#rows.set(nameOf(row.head), row);
    for (const index of indexNames) {
      const made = entryFor(row, index);
      if (made !== undefined) this.#indexes[index].insert(made.partition, made.entry);
    }
  }

  #remove(key: Key): void {
    const row = this.#rows.get(nameOf(key));
    if (row === undefined) return;
    this.#rows.delete(nameOf(key));
    for (const index of indexNames) {
      const made = entryFor(row, index);
      if (made !== undefined) this.#indexes[index].remove(made.partition, made.entry);
    }
  }
}

/** @param packing default: quick, since nobody pays for what is in memory; dense where it is told what a write would cost */
export const createMemoryTable = (packing: Packing = "quick"): MemoryTable => new RowTable(packing);
