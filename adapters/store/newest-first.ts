/**
 * A list over several partitions of one index, newest first, with a filter. The cursor is a place in time rather
 * than a key, so that an item that moves from one partition to the other between two pages is neither skipped
 * nor repeated.
 */
import { brokenCursor, decodeCursor, encodeCursor } from "./cursor.ts";
import type { Item, Table } from "./table.ts";
import { checkLimit, compareUtf8, sortKeyOf } from "./table-query.ts";

export interface NewestFirstInput<T> {
  readonly index: "gsi1" | "gsi2";
  /** Read in this order: an item moves from an earlier to a later one only. Sort keys are unique over all of them. */
  readonly partitions: readonly string[];
  readonly from?: string;
  readonly to?: string;
  /** The filters as text: a cursor is good for the same filters only. */
  readonly scope: string;
  readonly limit: number;
  readonly cursor?: string;
  /** Undefined: not asked for. */
  readonly select: (item: Item) => T | undefined;
}

/** An API call must end: after so many items a page is given out as it is, with a cursor. */
const maxExamined = 5000;
const maxBatch = 500;

interface Entry {
  readonly position: string;
  readonly item: Item;
}

const readBatch = async <T>(
  table: Table,
  input: NewestFirstInput<T>,
  step: { readonly below: string | undefined; readonly size: number },
): Promise<{ entries: readonly Entry[]; isLast: boolean }> => {
  const { index, from, to } = input;
  const end = [step.below, to].filter((bound) => bound !== undefined).toSorted(compareUtf8)[0];
  const byPosition = new Map<string, Item>();
  let isLast = true;
  for (const partition of input.partitions) {
    const page = await table.query({
      index,
      partition,
      descending: true,
      limit: step.size + 1,
      ...(from !== undefined && { from }),
      ...(end !== undefined && { to: end }),
    });
    for (const item of page.items) byPosition.set(sortKeyOf(item, index) ?? "", item);
    isLast &&= page.cursor === undefined;
  }
  if (step.below !== undefined) byPosition.delete(step.below);
  const entries = [...byPosition]
    .map(([position, item]) => ({ position, item }))
    .toSorted((left, right) => compareUtf8(right.position, left.position));
  return { entries: entries.slice(0, step.size), isLast: isLast && entries.length <= step.size };
};

const startOf = (cursor: string | undefined, scope: string): string | undefined => {
  if (cursor === undefined) return undefined;
  const [cursorScope, position] = decodeCursor(cursor, 2);
  if (cursorScope !== scope) throw brokenCursor();
  return position;
};

/** @throws BrokenInput naming `cursor` or `limit`. */
export const listNewestFirst = async <T>(
  table: Table,
  input: NewestFirstInput<T>,
): Promise<{ items: readonly T[]; cursor?: string }> => {
  checkLimit(input.limit);
  const { limit, scope } = input;
  const found: { readonly position: string; readonly value: T }[] = [];
  let below = startOf(input.cursor, scope);
  let examined = 0;
  for (let size = Math.min(limit + 1, maxBatch); ; size = Math.min(size * 2, maxBatch)) {
    const batch = await readBatch(table, input, { below, size });
    for (const { position, item } of batch.entries) {
      const value = input.select(item);
      if (value !== undefined) found.push({ position, value });
      below = position;
    }
    examined += batch.entries.length;
    const items = found.slice(0, limit).map(({ value }) => value);
    const last = found[limit - 1];
    if (found.length > limit && last !== undefined) {
      return { items, cursor: encodeCursor([scope, last.position]) };
    }
    if (batch.isLast || below === undefined) return { items };
    if (examined >= maxExamined) return { items, cursor: encodeCursor([scope, below]) };
  }
};
