/** Lays rows out as a table: within the columns of a terminal, or parted by tabs where it is read by another command. */
import { cutTo, displayWidth } from "../../terminal/display-width.ts";
import type { Paint, Tone } from "../../terminal/paint.ts";
import { hanging } from "../../terminal/wrap.ts";

export interface Column<Row> {
  readonly heading: string;
  /** Empty: a dash is shown. */
  readonly cell: (row: Row) => string;
  readonly align?: "right";
  /** The order in which columns are cut where the terminal is too narrow: those of 1 first. Absent, as for ids: never. */
  readonly cut?: number;
  /** For a status alone. */
  readonly tone?: (row: Row) => Tone | undefined;
}

export interface Layout {
  /** Of the terminal; undefined: whole values, parted by tabs. */
  readonly width: number | undefined;
  readonly paint: Paint;
}

const none = "–";
const between = "  ";

/** Cut to fewer columns than this, a text says nothing. */
const leastWidth = 8;

/** Broken to less, a text is a column of words. */
const leastText = 24;

interface Laid<Row> {
  readonly column: Column<Row>;
  readonly cells: readonly string[];
  width: number;
}

const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map(displayWidth));

/** Takes from the widest of these, column by column, and gives what is still too much. */
const narrowed = <Row>(laid: readonly Laid<Row>[], excess: number): number => {
  let left = excess;
  while (left > 0) {
    const [widestOne] = laid.toSorted((one, other) => other.width - one.width);
    if (widestOne === undefined || widestOne.width <= leastWidth) return left;
    widestOne.width -= 1;
    left -= 1;
  }
  return left;
};

const lengthOf = <Row>(laid: readonly Laid<Row>[]): number =>
  laid.reduce((sum, one) => sum + one.width, 0) + between.length * (laid.length - 1);

/** Until the line fits, or nothing is left to be taken. */
const narrow = <Row>(laid: readonly Laid<Row>[], width: number): void => {
  const turns = new Set(laid.flatMap(({ column: { cut } }) => (cut === undefined ? [] : [cut])));
  let excess = lengthOf(laid) - width;
  for (const turn of [...turns].toSorted((one, other) => one - other)) {
    excess = narrowed(
      laid.filter(({ column: { cut } }) => cut === turn),
      excess,
    );
  }
};

/** What a column takes at least on a line that has room for it. */
const leastOf = <Row>({ column: { cut }, width }: Laid<Row>): number =>
  cut === undefined ? width : Math.min(width, leastText);

/** On one line; where that does not fit, on as many as it takes, each column where there is room for it. */
const folded = <Row>(
  laid: readonly Laid<Row>[],
  width: number,
): readonly (readonly Laid<Row>[])[] => {
  const whole = laid.map((one) => ({ ...one }));
  narrow(whole, width);
  if (lengthOf(whole) <= width) return [whole];
  const lines: Laid<Row>[][] = [];
  for (const one of laid) {
    const last = lines.at(-1);
    const room = lines.length > 1 ? width - between.length : width;
    const taken = last?.reduce((sum, each) => sum + leastOf(each) + between.length, leastOf(one));
    if (last === undefined || (taken ?? 0) > room) lines.push([one]);
    else last.push(one);
  }
  for (const [index, line] of lines.entries()) {
    narrow(line, index === 0 ? width : width - between.length);
  }
  return lines;
};

const paddedTo = (text: string, width: number, align: "right" | undefined): string => {
  const blanks = " ".repeat(Math.max(0, width - displayWidth(text)));
  return align === "right" ? blanks + text : text + blanks;
};

/** A column without a heading marks some rows. */
const cellsOf = <Row>({ heading, cell }: Column<Row>, rows: readonly Row[]): readonly string[] =>
  rows.map((row) => {
    const text = cell(row);
    return text === "" && heading !== "" ? none : text;
  });

const tabbed = <Row>(rows: readonly Row[], columns: readonly Column<Row>[]): readonly string[] => [
  columns.map(({ heading }) => heading).join("\t"),
  ...rows.map((row) => columns.map((column) => cellsOf(column, [row])[0]).join("\t")),
];

/** A heading and a line for each row, or the same number of lines for each where one is too narrow. */
export const tableLines = <Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { width, paint }: Layout,
): readonly string[] => {
  if (width === undefined) return tabbed(rows, columns);
  const laid = columns.map((column): Laid<Row> => {
    const cells = cellsOf(column, rows);
    return { column, cells, width: widest([column.heading, ...cells]) };
  });
  const parts = folded(laid, width);
  const partOf = (
    part: readonly Laid<Row>[],
    textOf: (one: Laid<Row>) => string,
    toneOf: (one: Laid<Row>) => Tone | undefined,
  ): string =>
    part
      .map((one, index) => {
        const cut = cutTo(textOf(one), one.width);
        // Nothing follows the last one.
        const isLast = index === part.length - 1 && one.column.align === undefined;
        const text = isLast ? cut : paddedTo(cut, one.width, one.column.align);
        const tone = toneOf(one);
        return tone === undefined ? text : paint(tone, text);
      })
      .join(between)
      .trimEnd();
  const lines = (
    textOf: (one: Laid<Row>) => string,
    toneOf: (one: Laid<Row>) => Tone | undefined,
  ) => parts.map((part, index) => `${index === 0 ? "" : between}${partOf(part, textOf, toneOf)}`);
  return [
    ...lines(
      ({ column }) => column.heading,
      () => undefined,
    ).map((line) => paint("strong", line)),
    ...rows.flatMap((row, index) =>
      lines(
        ({ cells }) => cells[index] ?? "",
        ({ column }) => column.tone?.(row),
      ),
    ),
  ];
};

/** Rows without a heading, whose last cell is a text: it is broken and not cut. */
export const textRows = (
  rows: readonly (readonly string[])[],
  { width }: Layout,
): readonly string[] => {
  if (width === undefined) return rows.map((cells) => cells.join("\t"));
  const widths: number[] = [];
  for (const cells of rows) {
    for (const [index, cell] of cells.slice(0, -1).entries()) {
      widths[index] = Math.max(widths[index] ?? 0, displayWidth(cell));
    }
  }
  return rows.flatMap((cells) => {
    const label = cells
      .slice(0, -1)
      .map((cell, index) => paddedTo(cell, widths[index] ?? 0, undefined) + between)
      .join("");
    const text = cells.at(-1) ?? "";
    return hanging(label, text === "" ? " " : text, Math.max(width, label.length + leastText)).map(
      (line) => line.trimEnd(),
    );
  });
};
