/** Reads one bill file: its format is told by its columns. */
import { hash } from "node:crypto";
import { nanoOf } from "./amount.ts";
import type { BillFile, BillRow } from "./bill-row.ts";
import { dialects, type Dialect } from "./dialects.ts";
import { bytesOf, openTable } from "./open-table.ts";
import { RefusalError } from "./refusal.ts";
import type { BillTable, Cells } from "./table.ts";

const hourMs = 3_600_000;

export const sha256Of = (bytes: Uint8Array): string => hash("sha256", bytes);

/** AWS writes UTC, with the zone or without. */
export const utcOf = (text: string): number =>
  Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text.replace(" ", "T")}Z`);

/** What is last in an ARN: `…:snapshot/snap-1` → `snap-1`. */
const bareId = (resource: string): string => resource.split("/").at(-1) ?? resource;

interface Read {
  readonly dialect: Dialect;
  readonly name: string;
}

const needed = ({ name }: Read, cells: Cells, column: string): string => {
  const text = cells(column);
  if (text !== undefined) return text;
  throw new RefusalError("UNREADABLE", `${name}: a line has no ${column}.`);
};

const instant = (read: Read, cells: Cells, column: string): number => {
  const text = needed(read, cells, column);
  const atMs = utcOf(text);
  if (!Number.isNaN(atMs)) return atMs;
  throw new RefusalError(
    "UNREADABLE",
    `${read.name}: ${column} is "${text}", which is not a time.`,
  );
};

const amount = (read: Read, cells: Cells): bigint => {
  const text = read.dialect.cost(cells) ?? "0";
  const nano = nanoOf(text);
  if (nano !== undefined) return nano;
  throw new RefusalError("UNREADABLE", `${read.name}: a cost is "${text}", which is not a number.`);
};

const requireUsd = ({ dialect, name }: Read, cells: Cells): void => {
  const currency = cells(dialect.currency);
  if (currency === undefined || currency === "USD") return;
  throw new RefusalError("NOT_USD", `${name} is in ${currency}: only bills in USD are compared.`);
};

const rowOf = (read: Read, cells: Cells): BillRow => {
  const { dialect } = read;
  requireUsd(read, cells);
  const startMs = instant(read, cells, dialect.start);
  const usageType = dialect.usageType.map(cells).find((text) => text !== undefined) ?? "";
  const resource = cells(dialect.resource);
  const lineType = needed(read, cells, dialect.lineType);
  const names = dialect.identity.map((column) => needed(read, cells, column));
  return {
    becomes: dialect.becomes(cells),
    lineType,
    kind: dialect.kindOf(cells, usageType),
    usageType,
    // Taxes and purchases of an organisation have none.
    accountId: cells(dialect.account) ?? "",
    resourceId: resource === undefined ? undefined : bareId(resource),
    hourMs: Math.floor(startMs / hourMs) * hourMs,
    lastsMs: instant(read, cells, dialect.end) - startMs,
    nanoUsd: amount(read, cells),
    // AWS: a line's id is its own within a part of a delivery alone.
    identity:
      names.length === 0 ? undefined : [...names, lineType, usageType, resource ?? ""].join(" "),
    isInvoiced: cells(dialect.invoice) !== undefined,
  };
};

/** @throws RefusalError UNKNOWN_FORMAT, MISSING_COLUMN */
const dialectOf = ({ columns }: BillTable, name: string): Dialect => {
  const dialect = dialects.find(({ sign }) => columns.includes(sign));
  if (dialect === undefined) {
    throw new RefusalError(
      "UNKNOWN_FORMAT",
      `${name} is not a Cost and Usage Report (2.0 or legacy) or a FOCUS export: it has none of ${dialects.map(({ sign }) => sign).join(", ")}.`,
    );
  }
  const missing = dialect.required.filter((column) => !columns.includes(column));
  if (missing.length === 0) return dialect;
  throw new RefusalError(
    "MISSING_COLUMN",
    `${name} (${dialect.format}) lacks ${missing.join(", ")}: make the export with it.`,
  );
};

/** Legacy reports are delivered below a folder with the id of their assembly, a UUID. */
const assemblyIn = (path: string): string | undefined =>
  /(?:^|[/\\])([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?=[/\\])/i.exec(path)?.[1];

/** @throws RefusalError for all that makes the file useless, with its name */
export const readBill = async (path: string, name: string): Promise<BillFile> => {
  const bytes = bytesOf(path, name);
  const table = await openTable(bytes, name);
  const dialect = dialectOf(table, name);
  const wanted = [...dialect.required, ...dialect.optional];
  const rows: BillRow[] = [];
  for await (const cells of table.rows(wanted)) rows.push(rowOf({ dialect, name }, cells));
  return {
    name,
    sha256: sha256Of(bytes),
    format: dialect.format,
    assemblyId: assemblyIn(path),
    rows,
    hasResources: table.columns.includes(dialect.resource),
    unusedColumns: table.columns.filter((column) => !wanted.includes(column)),
  };
};
