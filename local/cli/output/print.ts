/** Writes what a command has found: lists and records for people, or one JSON document. */
import { plainPaint, type Paint } from "../../terminal/paint.ts";
import type { Globals } from "../globals.ts";
import { jsonText } from "../printable.ts";
import type { Surroundings } from "../surroundings.ts";
import { fieldColumns, fieldText, requireFields, withFields } from "./fields.ts";
import { tableLines, textRows, type Column, type Layout } from "./layout.ts";

/** As the API pages its lists. */
export interface Page<Row> {
  readonly items: readonly Row[];
  readonly cursor?: string;
}

interface ListTexts {
  /** Of a list without entries: what to do next. */
  readonly empty: string;
  /** Below the table. */
  readonly footer?: string;
  /** Of the document, beside the entries. */
  readonly beside?: object;
}

/** A name, and what is said of it. */
export type Line = readonly [label: string, text: string];

export interface Print {
  readonly isJson: boolean;
  /** Where it is not read by a person at a terminal: no colours, and one line per event. */
  readonly isPlain: boolean;
  readonly layout: () => Layout;
  /** One document on stdout; nothing without --json. */
  readonly document: (value: unknown) => void;
  /** Of what goes on: one document on a line, by its type. Nothing without --json. */
  readonly event: (type: string, value: object) => void;
  /** The last line of a terminal, until the next one or anything else takes its place. Nothing anywhere else. */
  readonly live: (line: string) => void;
  /** For people, on stdout; nothing with --json. */
  readonly say: (...lines: readonly string[]) => void;
  /** For people, on stderr: what is not the answer itself. Nothing with --json. */
  readonly note: (...lines: readonly string[]) => void;
  readonly list: <Row>(page: Page<Row>, columns: readonly Column<Row>[], texts: ListTexts) => void;
  /** One thing that has a form of its own: lines as they fit, or the document that they were made of. */
  readonly report: (document: object, linesOf: (layout: Layout) => readonly string[]) => void;
  /** One thing: its lines, or the document that they were made of. */
  readonly record: (document: object, lines: readonly Line[]) => void;
}

/** To the beginning of the line, and clear it. */
const afresh = "\r\u001b[K";

const shownLines = (lines: readonly Line[]): readonly Line[] =>
  lines.filter(([, text]) => text !== "");

const layoutOf = (
  { color }: Pick<Globals, "color">,
  { terminal, columns }: Pick<Surroundings, "terminal" | "columns">,
): Layout => {
  const paint: Paint = color ? terminal.paint : plainPaint;
  const width = paint === plainPaint ? undefined : columns();
  return { width, paint: width === undefined ? plainPaint : paint };
};

type Writer = Omit<Print, "list" | "report" | "record">;

const createWriter = (
  globals: Pick<Globals, "json" | "color">,
  surroundings: Pick<Surroundings, "terminal" | "columns">,
): Writer => {
  const { stdout, stderr } = surroundings.terminal;
  const isJson = globals.json === true;
  const layout = (): Layout => layoutOf(globals, surroundings);
  let isLive = false;
  const clear = (): void => {
    if (isLive) stdout(afresh);
    isLive = false;
  };
  const write = (to: (text: string) => void, lines: readonly string[]): void => {
    if (isJson || lines.length === 0) return;
    clear();
    to(`${lines.join("\n")}\n`);
  };
  return {
    isJson,
    isPlain: layout().width === undefined,
    layout,
    document: (value) => {
      if (isJson) stdout(`${jsonText(value, 2)}\n`);
    },
    event: (type, value) => {
      if (isJson) stdout(`${jsonText({ type, ...value })}\n`);
    },
    live: (line) => {
      if (isJson || layout().width === undefined) return;
      clear();
      stdout(line);
      isLive = line !== "";
    },
    say: (...lines) => {
      write(stdout, lines);
    },
    note: (...lines) => {
      write(stderr, lines);
    },
  };
};

export const createPrint = (
  globals: Pick<Globals, "json" | "fields" | "color">,
  surroundings: Pick<Surroundings, "terminal" | "columns">,
): Print => {
  const writer = createWriter(globals, surroundings);
  const { document, say, note, layout } = writer;
  const { fields } = globals;
  const one = (whole: object, lines: readonly string[]): void => {
    if (fields !== undefined) requireFields([whole], fields);
    document(fields === undefined ? whole : withFields(whole, fields));
    const picked = fields?.map((name): Line => [name, fieldText(whole, name)]);
    say(...(picked === undefined ? lines : textRows(picked, layout())));
  };
  return {
    ...writer,
    list: (page, columns, { empty, footer, beside }) => {
      const { items } = page;
      if (fields !== undefined) requireFields(items, fields);
      const picked = fields === undefined ? items : items.map((item) => withFields(item, fields));
      document({ ...page, items: picked, ...beside });
      const lines =
        fields === undefined
          ? tableLines(items, columns, layout())
          : tableLines<unknown>(items, fieldColumns(fields), layout());
      if (items.length === 0) note(empty);
      else say(...lines);
      if (footer !== undefined && items.length > 0) note(footer);
    },
    report: (whole, linesOf) => {
      one(whole, linesOf(layout()));
    },
    record: (whole, lines) => {
      one(whole, textRows(shownLines(lines), layout()));
    },
  };
};
