/** Reads the fleet, which comes by columns, as rows. */
import { dataOf, type Schemas } from "./api/client.ts";
import type { Context } from "./context.ts";

type Fleet = Schemas["Fleet"];
type Columns = Fleet["columns"];

/** One target. */
export type FleetRow = { readonly [Name in keyof Columns]: Columns[Name][number] };

/** @throws Error where a column is shorter than the others */
const rowsOf = (columns: Columns): readonly FleetRow[] => {
  const entries = Object.entries(columns) as [keyof Columns, readonly unknown[]][];
  return columns.target_id.map((id, index) => {
    const row = Object.fromEntries(entries.map(([name, values]) => [name, values[index]]));
    if (Object.values(row).includes(undefined)) throw new Error(`The row of ${id} is cut off.`);
    return row as FleetRow;
  });
};

export interface FleetShown {
  readonly rows: readonly FleetRow[];
  readonly totals: Fleet["totals"];
  readonly attention: Fleet["attention"];
}

export const readFleet = async ({ api }: Context): Promise<FleetShown> => {
  const { columns, totals, attention } = await dataOf(api.GET("/api/v1/fleet"));
  return { rows: rowsOf(columns), totals, attention };
};

/** The name where no other target has it. */
export const labelsOf = (rows: readonly FleetRow[]): ((row: FleetRow) => string) => {
  const counts = new Map<string, number>();
  for (const { name } of rows) counts.set(name, (counts.get(name) ?? 0) + 1);
  return ({ name, target_id: id }) => (counts.get(name) === 1 ? name : id);
};
