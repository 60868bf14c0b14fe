/** Comma-separated values by RFC 4180: quoted cells may hold commas, quotes and line ends. */
import { RefusalError } from "./refusal.ts";
import type { BillTable, Cells } from "./table.ts";

/** One cell: quoted, or up to the next comma or line end; then what ends it. */
const cellPattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;

function* recordsOf(text: string, name: string): Generator<readonly string[]> {
  cellPattern.lastIndex = 0;
  let cells: string[] = [];
  let position = 0;
  let line = 1;
  while (position < text.length) {
    cellPattern.lastIndex = position;
    const found = cellPattern.exec(text);
    if (found === null) {
      throw new RefusalError("UNREADABLE", `${name}, line ${String(line)}: a quote is not closed.`);
    }
    const [whole, quoted, plain = "", end] = found;
    position += whole.length;
    cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    yield cells;
    line += whole.split("\n").length - 1;
    cells = [];
  }
  // A comma was the last thing in the file.
  if (cells.length > 0) yield [...cells, ""];
}

export const csvTable = (text: string, name: string): BillTable => {
  const records = recordsOf(text.replace(/^\uFEFF/, ""), name);
  const header = records.next();
  const columns = header.done === true ? [] : header.value;
  const positions = new Map(columns.map((column, position) => [column, position]));
  return {
    columns,
    *rows(): Generator<Cells> {
      let number = 1;
      for (const cells of records) {
        number += 1;
        if (cells.length === 1 && cells[0] === "") continue;
        if (cells.length !== columns.length) {
          throw new RefusalError(
            "UNREADABLE",
            `${name}, record ${String(number)}: ${String(cells.length)} columns instead of ${String(columns.length)}.`,
          );
        }
        yield (column) => {
          const text = cells[positions.get(column) ?? -1];
          return text === "" ? undefined : text;
        };
      }
    },
  };
};
