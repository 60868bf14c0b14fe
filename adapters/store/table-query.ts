/**
 * What a query means, for every implementation of Table: the bounds on the sort key, and where a cursor stands.
 * Kept apart so that DynamoDB and the in-memory table cannot come to differ.
 */
import { SpotOptimizerError } from "../../core/errors.ts";
import { brokenCursor, decodeCursor, encodeCursor } from "./cursor.ts";
import { afterAll } from "./keys.ts";
import type { Item, Key, QueryInput } from "./table.ts";

/** Place of an item in the order of a query. */
export interface Position extends Key {
  /** `sk`, or the sort key of the index. */
  readonly sort: string;
}

/** An item without what it holds. */
export type ItemHead = Omit<Item, "data">;

export interface Range {
  readonly from?: string;
  readonly to?: string;
}

/** From here on the order of UTF-16 units is not the order of UTF-8 bytes: surrogates stand for what comes last. */
const firstSurrogate = 0xd800;

/** DynamoDB orders strings by their UTF-8 bytes; JavaScript's `<` by UTF-16 units. */
export const compareUtf8 = (left: string, right: string): number => {
  if (left === right) return 0;
  const shorter = Math.min(left.length, right.length);
  for (let index = 0; index < shorter; index += 1) {
    const [one, other] = [left.charCodeAt(index), right.charCodeAt(index)];
    if (one === other) continue;
    if (one < firstSurrogate || other < firstSurrogate) return one < other ? -1 : 1;
    return Buffer.compare(Buffer.from(left), Buffer.from(right));
  }
  return left.length < right.length ? -1 : 1;
};

const larger = (left: string, right: string): string =>
  compareUtf8(left, right) >= 0 ? left : right;
const smaller = (left: string, right: string): string =>
  compareUtf8(left, right) <= 0 ? left : right;

/** Bounds and prefix as one inclusive range; undefined when nothing can lie in it. Empty texts bound nothing below. */
export const sortRange = (input: QueryInput): Range | undefined => {
  const prefix = input.prefix ?? "";
  const from = larger(input.from ?? "", prefix);
  const ends = [input.to, prefix === "" ? undefined : `${prefix}${afterAll}`].filter(
    (end) => end !== undefined,
  );
  const to = ends.length === 0 ? undefined : ends.reduce(smaller);
  if (to !== undefined && (to === "" || compareUtf8(from, to) > 0)) return undefined;
  return { ...(from === "" ? {} : { from }), ...(to === undefined ? {} : { to }) };
};

/** The order of a query, ascending. */
export const byPosition = (left: Position, right: Position): number =>
  compareUtf8(left.sort, right.sort) ||
  compareUtf8(left.pk, right.pk) ||
  compareUtf8(left.sk, right.sk);

export const isInRange = (sort: string, range: Range): boolean =>
  (range.from === undefined || compareUtf8(sort, range.from) >= 0) &&
  (range.to === undefined || compareUtf8(sort, range.to) <= 0);

export const sortKeyOf = (item: ItemHead, index: QueryInput["index"]): string | undefined =>
  index === undefined ? item.sk : item[`${index}sk`];

export const partitionOf = (item: ItemHead, index: QueryInput["index"]): string | undefined =>
  index === undefined ? item.pk : item[`${index}pk`];

/** @throws BrokenInput naming `limit`. */
export const checkLimit = (limit: number | undefined): void => {
  if (limit === undefined || (Number.isSafeInteger(limit) && limit > 0)) return;
  throw new SpotOptimizerError("BrokenInput", "limit must be a whole number of at least 1.", {
    resource: "limit",
  });
};

/** What of the found stands on the page, and its cursor; that there is more shows in there being more than asked for. */
export const pageOf = <Found extends Position>(
  found: readonly Found[],
  input: QueryInput,
): { readonly entries: readonly Found[]; readonly cursor?: string } => {
  const entries = found.slice(0, input.limit ?? Infinity);
  const last = entries.at(-1);
  if (last === undefined || found.length === entries.length) return { entries };
  return { entries, cursor: encodeCursor([input.partition, last.sort, last.pk, last.sk]) };
};

const decodePosition = (cursor: string, partition: string): Position => {
  const [cursorPartition, sort = "", pk = "", sk = ""] = decodeCursor(cursor, 4);
  if (cursorPartition !== partition || pk === "" || sk === "") throw brokenCursor();
  return { sort, pk, sk };
};

/** @throws BrokenInput naming `cursor` if it belongs to another partition or lies outside the range. */
export const positionOf = (input: QueryInput, range: Range): Position | undefined => {
  if (input.cursor === undefined) return undefined;
  const position = decodePosition(input.cursor, input.partition);
  const isMainKey = position.pk === input.partition && position.sk === position.sort;
  if (input.index === undefined && !isMainKey) throw brokenCursor();
  if (!isInRange(position.sort, range)) throw brokenCursor();
  return position;
};
