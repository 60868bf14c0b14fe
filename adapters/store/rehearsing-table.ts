/**
 * The state table as a dry run sees it: what it writes stands in memory alone, under the conditions of a write, and is read back
 * from there. All else is what the table holds.
 */
import { asStored } from "./item-attributes.ts";
import type { Item, Key, Page, QueryInput, Table } from "./table.ts";
import {
  byPosition,
  isInRange,
  pageOf,
  partitionOf,
  positionOf,
  sortKeyOf,
  sortRange,
  type Position,
} from "./table-query.ts";

export interface RehearsingTable extends Table {
  /** What would stand in the table after a run that is meant, in the order of the writes. */
  written(): readonly Item[];
}

const nameOf = ({ pk, sk }: Key): string => JSON.stringify([pk, sk]);

type Found = Position & { readonly item: Item };

/** Undefined: it is not of the partition or the index. */
const foundAt = (item: Item, { index, partition }: QueryInput): Found | undefined => {
  const sort = sortKeyOf(item, index);
  if (sort === undefined || partitionOf(item, index) !== partition) return undefined;
  return { item, sort, pk: item.pk, sk: item.sk };
};

/** Those that lie on the page: in the range, behind its cursor, and before what the next page begins with. */
const onPage = (found: readonly Found[], input: QueryInput, page: Page): readonly Found[] => {
  const range = sortRange(input);
  if (range === undefined) return [];
  const order = input.descending === true ? -1 : 1;
  const after = positionOf(input, range);
  const last = page.items.at(-1);
  const end = page.cursor === undefined || last === undefined ? undefined : foundAt(last, input);
  return found.filter(
    (one) =>
      isInRange(one.sort, range) &&
      (after === undefined || order * byPosition(one, after) > 0) &&
      (end === undefined || order * byPosition(one, end) <= 0),
  );
};

const foundIn = (items: readonly Item[], input: QueryInput): readonly Found[] =>
  items.map((item) => foundAt(item, input)).filter((found) => found !== undefined);

const withWritten = (
  page: Page,
  input: QueryInput,
  own: ReadonlyMap<string, Item | undefined>,
): Page => {
  const stored = page.items.filter((item) => !own.has(nameOf(item)));
  const written = [...own.values()].filter((item) => item !== undefined);
  const order = input.descending === true ? -1 : 1;
  const found = [
    ...foundIn(stored, input),
    ...onPage(foundIn(written, input), input, page),
  ].toSorted((one, other) => order * byPosition(one, other));
  const { entries, ...more } = pageOf(found, input);
  return { ...page, ...more, items: entries.map(({ item }) => structuredClone(item)) };
};

export const rehearsingTable = (table: Table): RehearsingTable => {
  /** Undefined: it was taken away. */
  const own = new Map<string, Item | undefined>();
  const readStored: Table["get"] = async (key, reading) =>
    own.has(nameOf(key)) ? undefined : table.get(key, reading);
  /** Without a pause after it: what stands there while it is written is what was looked at. */
  const standing = (key: Key, stored: Item | undefined): Item | undefined =>
    own.has(nameOf(key)) ? own.get(nameOf(key)) : stored;
  return {
    name: table.name,
    packing: table.packing,
    written: () => [...own.values()].filter((item) => item !== undefined),
    // A reader has what is his own.
    get: async (key, reading) => structuredClone(standing(key, await readStored(key, reading))),
    put: async (item, condition) => {
      const written = asStored(item);
      const wanted = "ifAbsent" in condition ? undefined : condition.ifVersion;
      const stored = await readStored(item);
      if (standing(item, stored)?.version !== wanted) return { kind: "CONFLICT" };
      own.delete(nameOf(item));
      own.set(nameOf(item), written);
      return { kind: "WRITTEN" };
    },
    delete: async (key, { ifVersion }) => {
      const stored = await readStored(key);
      if (standing(key, stored)?.version !== ifVersion) return { kind: "CONFLICT" };
      own.set(nameOf(key), undefined);
      return { kind: "WRITTEN" };
    },
    query: async (input) => withWritten(await table.query(input), input, own),
  };
};
