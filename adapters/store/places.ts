/** Order among what one function writes at one instant: a millisecond holds several writes, a virtual one any number. */
import type { Table } from "./table.ts";

const taken = new WeakMap<Table, number>();

/** Larger than each that was given out for this table before. */
export const nextPlace = (table: Table): number => {
  const place = (taken.get(table) ?? 0) + 1;
  taken.set(table, place);
  return place;
};
