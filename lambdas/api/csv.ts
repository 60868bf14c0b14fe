/** Rows as comma-separated values: RFC 4180, in UTF-8. */

export type Cell = string | number | undefined;

/**
 * A spreadsheet takes a text that begins so for a formula, and whoever can name an instance could have it run: it is shown as text.
 * Source: OWASP, "CSV Injection".
 */
const beginsFormula = /^[=+\-@\t\r]/;

const needsQuotes = /[",\r\n]/;

const spell = (cell: Cell): string => {
  if (typeof cell !== "string") return cell === undefined ? "" : String(cell);
  const text = beginsFormula.test(cell) ? `'${cell}` : cell;
  return needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

const line = (cells: readonly Cell[]): string => `${cells.map(spell).join(",")}\r\n`;

/** @param columns names, each with what it shows of a row */
export const csvOf = <Row>(
  columns: Readonly<Record<string, (row: Row) => Cell>>,
  rows: readonly Row[],
): string =>
  [
    line(Object.keys(columns)),
    ...rows.map((row) => line(Object.values(columns).map((cellOf) => cellOf(row)))),
  ].join("");
