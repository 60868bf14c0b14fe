/** Aligned tables of plain text. */

export interface Column<Row> {
  readonly heading: string;
  readonly align?: "right";
  readonly cell: (row: Row) => string;
}

/** A column of figures: they end under one another. */
export const figureColumn = <Row>(heading: string, cell: (row: Row) => string): Column<Row> => ({
  heading,
  cell,
  align: "right",
});

/** Cells of one column, padded to the widest, which counts at least `least`. */
export const padded = (
  cells: readonly string[],
  { align, least = 0 }: { readonly align?: "right" | undefined; readonly least?: number } = {},
): readonly string[] => {
  const width = Math.max(least, ...cells.map((cell) => cell.length));
  return cells.map((cell) => (align === "right" ? cell.padStart(width) : cell.padEnd(width)));
};

/** Line by line, from columns of equal length. */
export const linesOf = (
  columns: readonly (readonly string[])[],
  between: string,
): readonly string[] =>
  (columns[0] ?? []).map((_cell, line) => columns.map((cells) => cells[line]).join(between));

/** Heading line and a line per row; columns that are empty in all rows are left out. */
export const table = <Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  indent = "",
): readonly string[] => {
  const filled = columns
    .map(({ heading, align, cell }) => ({ heading, align, cells: rows.map((row) => cell(row)) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ""))
    .map(({ heading, align, cells }) => padded([heading, ...cells], { align }));
  return linesOf(filled, "  ").map((line) => (indent + line).trimEnd());
};
