/** The fleet as rows, from an answer by columns: all of them, or those that may have changed since. */
import type { Schemas } from "../api/types.ts";

type Columns = Schemas["FleetColumns"];

/** One target: an entry of each column. */
export type FleetRow = { readonly [Name in keyof Columns]: Columns[Name][number] };
export type Standing = FleetRow["standing"];

type Answer = Pick<Schemas["Fleet"], "columns" | "is_complete" | "removed">;

export type RowsById = ReadonlyMap<string, FleetRow>;

const rowAt = (columns: Columns, names: readonly (keyof Columns)[], index: number): FleetRow =>
  // Columns are of the same length, as the API's document says.
  Object.fromEntries(names.map((name) => [name, columns[name][index]])) as unknown as FleetRow;

const isSame = (one: FleetRow, other: FleetRow, names: readonly (keyof Columns)[]): boolean =>
  names.every((name) => one[name] === other[name]);

/** A row that has not changed stays the same object, so that nothing of it is drawn anew. */
export const foldRows = (before: RowsById, answer: Answer): RowsById => {
  const { columns, is_complete: isComplete, removed } = answer;
  const names = Object.keys(columns) as (keyof Columns)[];
  const rows = new Map(isComplete ? [] : before);
  columns.target_id.forEach((id, index) => {
    const row = rowAt(columns, names, index);
    const known = before.get(id);
    rows.set(id, known !== undefined && isSame(known, row, names) ? known : row);
  });
  for (const id of removed) rows.delete(id);
  return rows;
};

const acting: ReadonlySet<Standing> = new Set(["SWITCHING", "MOVING", "INTERRUPTED"]);

export const isActing = ({ standing }: Pick<FleetRow, "standing">): boolean => acting.has(standing);
