/** Writes what a command has found: lists and records for people, or one JSON document. */
import { plainPaint, type Paint } from "../../terminal/paint.ts";
import type { Globals } from "../globals.ts";
import { jsonText } from "../printable.ts";
import type { Surroundings } from "../surroundings.ts";
import { fieldColumns, fieldText, requireFields, withFields } from "./fields.ts";
import { tableLines, type Column, type Layout } from "./layout.ts";

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
  /** For people, on stdout; nothing with --json. */
  readonly say: (...lines: readonly string[]) => void;
  /** For people, on stderr: what is not the answer itself. Nothing with --json. */
  readonly note: (...lines: readonly string[]) => void;
  readonly list: <Row>(page: Page<Row>, columns: readonly Column<Row>[], texts: ListTexts) => void;
  /** One thing: its lines, or the document that they were made of. */
  readonly record: (document: object, lines: readonly Line[]) => void;
}

/** Under one another with --fields, and where people read. */
const recordLines = (lines: readonly Line[], { width, paint }: Layout): readonly string[] => {
  if (width === undefined) return lines.map((line) => line.join("\t"));
  const widest = Math.max(0, ...lines.map(([label]) => label.length));
  return lines.map(([label, text]) => `${paint("faint", label.padEnd(widest))}  ${text}`);
};

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

export const createPrint = (
  globals: Pick<Globals, "json" | "fields" | "color">,
  surroundings: Pick<Surroundings, "terminal" | "columns">,
): Print => {
  const { stdout, stderr } = surroundings.terminal;
  const { fields } = globals;
  const isJson = globals.json === true;
  const layout = (): Layout => layoutOf(globals, surroundings);
  const write = (to: (text: string) => void, lines: readonly string[]): void => {
    if (!isJson && lines.length > 0) to(`${lines.join("\n")}\n`);
  };
  const document = (value: unknown): void => {
    if (isJson) stdout(`${jsonText(value, 2)}\n`);
  };
  return {
    isJson,
    isPlain: layout().width === undefined,
    layout,
    document,
    event: (type, value) => {
      if (isJson) stdout(`${jsonText({ type, ...value })}\n`);
    },
    say: (...lines) => {
      write(stdout, lines);
    },
    note: (...lines) => {
      write(stderr, lines);
    },
    list: (page, columns, { empty, footer }) => {
      const { items } = page;
      if (fields !== undefined) requireFields(items, fields);
      const picked = fields === undefined ? items : items.map((item) => withFields(item, fields));
      document({ ...page, items: picked });
      const lines =
        fields === undefined
          ? tableLines(items, columns, layout())
          : tableLines<unknown>(items, fieldColumns(fields), layout());
      if (items.length === 0) write(stderr, [empty]);
      else write(stdout, lines);
      if (footer !== undefined) write(stderr, [footer]);
    },
    record: (whole, lines) => {
      if (fields !== undefined) requireFields([whole], fields);
      document(fields === undefined ? whole : withFields(whole, fields));
      const shown =
        fields === undefined
          ? shownLines(lines)
          : fields.map((name): Line => [name, fieldText(whole, name)]);
      write(stdout, recordLines(shown, layout()));
    },
  };
};
