/** Sorts rows by what a column shows: none last in both directions, ties by id, so that rows keep their places. */

export type SortKey = number | string | null | undefined;
export type Direction = "ascending" | "descending";

const texts = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

const isNone = (key: SortKey): key is null | undefined => key === null || key === undefined;

const compareKeys = (one: number | string, other: number | string): number =>
  typeof one === "number" && typeof other === "number"
    ? one - other
    : texts.compare(String(one), String(other));

export interface SortInput<Row> {
  readonly key: (row: Row) => SortKey;
  readonly direction: Direction;
  readonly id: (row: Row) => string;
}

export const sortedBy = <Row>(
  rows: readonly Row[],
  { key, direction, id }: SortInput<Row>,
): readonly Row[] => {
  const sign = direction === "ascending" ? 1 : -1;
  // Each key once: of 10,000 rows a comparison asks 130,000 times.
  const keyed = rows.map((row) => ({ row, key: key(row), id: id(row) }));
  keyed.sort((one, other) => {
    if (isNone(one.key) || isNone(other.key)) {
      const byNone = Number(isNone(one.key)) - Number(isNone(other.key));
      return byNone === 0 ? compareIds(one.id, other.id) : byNone;
    }
    return sign * compareKeys(one.key, other.key) || compareIds(one.id, other.id);
  });
  return keyed.map(({ row }) => row);
};

const compareIds = (one: string, other: string): number => {
  if (one === other) return 0;
  return one < other ? -1 : 1;
};
