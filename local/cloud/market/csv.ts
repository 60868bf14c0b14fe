/** Reads the recorded market's comma-separated files, gzipped or not. A bad line is named by file and line. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { gunzipSync } from "node:zlib";

export interface CsvRow {
  /** The column's text. Throws where it is empty. */
  text(column: string): string;
  /** The column as a finite number that is not negative. */
  number(column: string): number;
  /** The column as milliseconds since the epoch; the files state UTC without a zone. */
  utc(column: string): number;
  /** The column as the name of an Availability Zone. */
  zoneName(column: string): string;
}

/** Region and letter. */
export const zoneNamePattern = /^([a-z]{2}(?:-[a-z]+)+-\d)([a-z])$/;

const isoSeconds = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/;

const rowOf = (
  where: string,
  columns: ReadonlyMap<string, number>,
  cells: readonly string[],
): CsvRow => {
  const fail = (column: string, what: string): Error => new Error(`${where}: ${column} ${what}.`);
  const text = (column: string): string => {
    const value = cells[columns.get(column) ?? -1]?.trim() ?? "";
    if (value === "") throw fail(column, "is empty");
    return value;
  };
  return {
    text,
    number: (column) => {
      const value = text(column);
      const number = Number(value);
      if (!Number.isFinite(number) || number < 0) {
        throw fail(column, `is "${value}", which is not a number of 0 or more`);
      }
      return number;
    },
    zoneName: (column) => {
      const value = text(column);
      if (zoneNamePattern.test(value)) return value;
      throw fail(column, `is "${value}", which is not a zone name such as us-east-1a`);
    },
    utc: (column) => {
      const value = text(column);
      const atMs = isoSeconds.test(value) ? Date.parse(`${value}Z`) : NaN;
      if (Number.isNaN(atMs)) {
        throw fail(column, `is "${value}", which is not a time such as 2016-02-25T00:35:34`);
      }
      return atMs;
    },
  };
};

const readLines = (path: string): readonly string[] => {
  const bytes = readFileSync(path);
  try {
    return (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8").split(/\r?\n/);
  } catch (error) {
    throw new Error(`${basename(path)} is not a gzip file, or is damaged.`, { cause: error });
  }
};

/** @throws Error naming file and line of what is malformed, or the column that the header lacks. */
export const readCsv = <T>(
  path: string,
  columns: readonly string[],
  each: (row: CsvRow) => T,
): readonly T[] => {
  const file = basename(path);
  const lines = readLines(path);
  const header = (lines[0] ?? "").split(",").map((name) => name.trim());
  const missing = columns.filter((column) => !header.includes(column));
  if (missing.length > 0)
    throw new Error(`${file}, line 1: column ${missing.join(", ")} is missing.`);
  const positions = new Map(header.map((name, position) => [name, position]));
  const items: T[] = [];
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line === "") continue;
    const where = `${file}, line ${String(index + 1)}`;
    const cells = line.split(",");
    if (cells.length !== header.length) {
      throw new Error(
        `${where}: ${String(cells.length)} columns instead of ${String(header.length)}.`,
      );
    }
    items.push(each(rowOf(where, positions, cells)));
  }
  return items;
};
