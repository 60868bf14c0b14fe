/** Aligned tables of plain text. */

export interface Column<Row> {
  readonly heading: string;
  readonly align?: "right";
  readonly cell: (row: Row) => string;
}

const pad = (text: string, width: number, align: "right" | undefined): string =>
  align === "right" ? text.padStart(width) : text.padEnd(width);

/** Heading line and a line per row; columns that are empty in all rows are left out. */
export const table = <Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  indent = "",
): readonly string[] => {
  const filled = columns
    .map((column) => ({ ...column, cells: rows.map((row) => column.cell(row)) }))
    .filter((column) => column.cells.some((cell) => cell !== ""))
    .map((column) => ({
      ...column,
      width: Math.max(column.heading.length, ...column.cells.map((cell) => cell.length)),
    }));
  const lineOf = (pick: (column: (typeof filled)[number]) => string): string =>
    (
      indent + filled.map((column) => pad(pick(column), column.width, column.align)).join("  ")
    ).trimEnd();
  return [
    lineOf((column) => column.heading),
    ...rows.map((_row, index) => lineOf((column) => column.cells[index] ?? "")),
  ];
};
