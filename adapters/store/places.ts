/** Order among what one function writes at one instant: a millisecond holds several writes, a virtual one any number. */
import type { Table } from "./table.ts";

const taken = new WeakMap<Table, number>();

const origins = new WeakMap<Table, Table>();

/** Both stand for one table: they have one order. */
export const sharePlaces = (table: Table, origin: Table): void => {
  origins.set(table, origins.get(origin) ?? origin);
};

/** Larger than each that was given out for this table before. */
export const nextPlace = (table: Table): number => {
  const origin = origins.get(table) ?? table;
  const place = (taken.get(origin) ?? 0) + 1;
  taken.set(origin, place);
  return place;
};
