/**
 * The state table in memory, for tests and for runs in virtual time (dynalite uses real timers). It stores what
 * DynamoDB would store, attribute by attribute, and is held to the same contract suite.
 */
import { asStored } from "../../adapters/store/item-attributes.ts";
import { afterAll } from "../../adapters/store/keys.ts";
import { maxItemBytes } from "../../adapters/store/schema.ts";
import {
  byPosition,
  checkLimit,
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
import { ReadBack } from "./read-back.ts";

interface Row {
  readonly head: ItemHead;
  readonly data: unknown;
}

/** A place in the table that is taken: most writes change its row alone. */
interface Stored {
  row: Row;
}

/** All readers have the same data, which nobody can change: who has read them before need not check them again. */
const itemOf = ({ head, data }: Row): Item => ({ ...head, data });

interface Entry extends Position {
  readonly stored: Stored;
}

interface Placed {
  readonly partition: string;
  readonly entry: Entry;
}

type IndexName = "main" | "gsi1" | "gsi2";
const indexNames: readonly IndexName[] = ["main", "gsi1", "gsi2"];

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

  entries(partition: string): readonly Entry[] {
    return this.#partitions.get(partition) ?? [];
  }

  insert({ partition, entry }: Placed): void {
    const entries = this.#partitions.get(partition) ?? [];
    this.#partitions.set(partition, entries);
    entries.splice(placeOf(entries, entry), 0, entry);
  }

  remove({ partition, entry }: Placed): void {
    const entries = this.#partitions.get(partition) ?? [];
    const place = placeOf(entries, entry);
    const found = entries[place];
    if (found !== undefined && byPosition(found, entry) === 0) entries.splice(place, 1);
  }
}

const placedFor = (stored: Stored, index: IndexName): Placed | undefined => {
  const { head } = stored.row;
  const name = index === "main" ? undefined : index;
  const partition = partitionOf(head, name);
  const sort = sortKeyOf(head, name);
  if (partition === undefined || sort === undefined) return undefined;
  return { partition, entry: { pk: head.pk, sk: head.sk, sort, stored } };
};

const staysInPlace = (before: ItemHead, after: ItemHead): boolean =>
  before.gsi1pk === after.gsi1pk &&
  before.gsi1sk === after.gsi1sk &&
  before.gsi2pk === after.gsi2pk &&
  before.gsi2sk === after.gsi2sk;

const nameOf = ({ pk, sk }: Key): string => `${String(pk.length)}:${pk}${sk}`;

/** Keys and numbers beside the data: pk and sk have 3 KB at most, and those of indexes as much. */
const mostHeadBytes = 16 * 1024;

/** By way of the attributes. @throws BrokenInput on what DynamoDB cannot store, BrokenRequest on more than an item holds */
const exactRowOf = (item: Item): Row => {
  const { data, ...head } = asStored(item);
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
  /** Last written last. */
  readonly #stored = new Map<string, Stored>();
  readonly #indexes: Readonly<Record<IndexName, SortedPartitions>> = {
    main: new SortedPartitions(),
    gsi1: new SortedPartitions(),
    gsi2: new SortedPartitions(),
  };

  constructor(packing: Packing) {
    this.packing = packing;
  }

  items(): readonly Item[] {
    return [...this.#stored.values()].map(({ row }) => itemOf(row));
  }

  get(key: Key): Promise<Item | undefined> {
    return settled(() => {
      const stored = this.#stored.get(nameOf(key));
      return stored === undefined ? undefined : itemOf(stored.row);
    });
  }

  put(item: Item, condition: WriteCondition): Promise<WriteResult> {
    return settled(() => {
      const row = rowOf(item);
      const wanted = "ifAbsent" in condition ? undefined : condition.ifVersion;
      const name = nameOf(item);
      const known = this.#stored.get(name);
      if (known?.row.head.version !== wanted) return { kind: "CONFLICT" };
      this.#write(name, known, row);
      return { kind: "WRITTEN" };
    });
  }

  delete(key: Key, condition: { readonly ifVersion: number }): Promise<WriteResult> {
    return settled(() => {
      const name = nameOf(key);
      const known = this.#stored.get(name);
      if (known?.row.head.version !== condition.ifVersion) return { kind: "CONFLICT" };
      this.#remove(name, known);
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
      return { ...rest, items: shown.map(({ stored }) => itemOf(stored.row)) };
    });
  }

  #write(name: string, known: Stored | undefined, row: Row): void {
    if (known !== undefined && staysInPlace(known.row.head, row.head)) {
      known.row = row;
      this.#stored.delete(name);
      this.#stored.set(name, known);
      return;
    }
    if (known !== undefined) this.#remove(name, known);
    const stored: Stored = { row };
    this.#stored.set(name, stored);
    for (const index of indexNames) {
      const placed = placedFor(stored, index);
      if (placed !== undefined) this.#indexes[index].insert(placed);
    }
  }

  #remove(name: string, stored: Stored): void {
    this.#stored.delete(name);
    for (const index of indexNames) {
      const placed = placedFor(stored, index);
      if (placed !== undefined) this.#indexes[index].remove(placed);
    }
  }
}

/** @param packing default: quick, since nobody pays for what is in memory; dense where it is told what a write would cost */
export const createMemoryTable = (packing: Packing = "quick"): MemoryTable => new RowTable(packing);
