/** Rows by column, whatever format they are stored in. */

/** Text of a column; undefined where it is empty, null, or not in the file. */
export type Cells = (column: string) => string | undefined;

export interface BillTable {
  readonly columns: readonly string[];
  /** @param wanted columns that are asked for; those that the file lacks are left out */
  rows(wanted: readonly string[]): AsyncIterable<Cells> | Iterable<Cells>;
}
