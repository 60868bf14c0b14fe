/** Holds the savings ledger against what AWS billed: reads, refuses what can't be compared, joins, judges. */
import type { BillFile, BillFormat, BillRow } from "./bill-row.ts";
import { compare, type Comparison, type Window } from "./compare.ts";
import { isCompared } from "./kinds.ts";
import { readLedger, type NamedFile } from "./ledger-hours.ts";
import { readBill } from "./read-bill.ts";
import { readFeed } from "./read-feed.ts";
import { RefusalError } from "./refusal.ts";
import { wholeBillOf } from "./same-bill.ts";

/** A Cost and Usage Report is up to 48 hours late (kubecost/docs, issue 431). */
const lateMs = 48 * 3_600_000;
const hourMs = 3_600_000;

export interface Given {
  readonly cur: readonly NamedFile[];
  readonly spotFeed: readonly NamedFile[];
  readonly ledger: readonly NamedFile[];
}

/** Lines that are not of a compared resource's hour: count and sum. */
interface ShownSum {
  /** Kind of usage, or type of line. */
  readonly what: string;
  readonly lines: number;
  readonly nanoUsd: bigint;
}

export interface Reconciliation extends Comparison {
  readonly files: readonly {
    readonly name: string;
    readonly sha256: string;
    readonly format: BillFormat;
    readonly lines: number;
    readonly unusedColumns: readonly string[];
  }[];
  readonly window: Window;
  /** Final once AWS has put an invoice's number on each line. */
  readonly status: "provisional" | "final";
  readonly byResource: boolean;
  /** The data feed tells of nothing else. */
  readonly isSpotAlone: boolean;
  readonly repeatedLines: number;
  readonly untested: readonly ShownSum[];
  /** Of types that nobody here knows: told, never summed. */
  readonly unknownLineTypes: readonly { readonly lineType: string; readonly lines: number }[];
  readonly agrees: boolean;
}

/** Of a Spot hour that a report has, the data feed's line is left out. */
const preferringReports = (files: readonly BillFile[]): readonly BillFile[] => {
  const hoursOf = ({ rows }: BillFile): readonly string[] =>
    rows
      .filter(({ kind, becomes }) => kind === "SPOT" && becomes === "USAGE")
      .map(({ resourceId = "", hourMs: at }) => `${resourceId} ${String(at)}`);
  const isFeed = ({ format }: BillFile): boolean => format === "Spot data feed";
  const reported = new Set(files.filter((file) => !isFeed(file)).flatMap(hoursOf));
  return files.map((file) =>
    isFeed(file)
      ? {
          ...file,
          rows: file.rows.filter(
            ({ resourceId = "", hourMs: at }) => !reported.has(`${resourceId} ${String(at)}`),
          ),
        }
      : file,
  );
};

const shownAs = (row: BillRow): string | undefined => {
  if (row.becomes === "BESIDE") return row.lineType;
  return row.becomes === "USAGE" && !isCompared(row.kind) ? row.kind : undefined;
};

const untestedIn = (rows: readonly BillRow[]): readonly ShownSum[] =>
  [...Map.groupBy(rows, shownAs)].flatMap(([what, group]) =>
    what === undefined
      ? []
      : [{ what, lines: group.length, nanoUsd: group.reduce((sum, row) => sum + row.nanoUsd, 0n) }],
  );

const unknownIn = (rows: readonly BillRow[]): Reconciliation["unknownLineTypes"] =>
  [
    ...Map.groupBy(
      rows.filter(({ becomes }) => becomes === undefined),
      ({ lineType }) => lineType,
    ),
  ].map(([lineType, group]) => ({ lineType, lines: group.length }));

const textOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 16) + "Z";

const windowOf = (bill: Window, ledger: Window): Window => {
  const window = {
    fromMs: Math.max(bill.fromMs, ledger.fromMs),
    toMs: Math.min(bill.toMs, ledger.toMs),
  };
  if (window.fromMs < window.toMs) return window;
  throw new RefusalError(
    "NO_COMMON_HOURS",
    `The bill tells of ${textOf(bill.fromMs)} to ${textOf(bill.toMs)} (48 hours before its newest hour), the ledger of ${textOf(ledger.fromMs)} to ${textOf(ledger.toMs)}.`,
  );
};

/** @throws RefusalError for all that makes the result worthless */
export const reconcile = async (given: Given): Promise<Reconciliation> => {
  const reports: BillFile[] = [];
  for (const { path, name } of given.cur) reports.push(await readBill(path, name));
  const feeds = given.spotFeed.map(({ path, name }) => readFeed(path, name));
  const ledger = readLedger(given.ledger);
  const files = preferringReports([...reports, ...feeds]);
  const bill = wholeBillOf(files);
  const window = windowOf(
    { fromMs: bill.firstHourMs, toMs: bill.newestHourMs + hourMs - lateMs },
    ledger,
  );
  const within = bill.rows.filter((row) => row.hourMs >= window.fromMs && row.hourMs < window.toMs);
  const byResource = files.every(({ hasResources }) => hasResources);
  const isSpotAlone = reports.length === 0;
  const sides = { window, rows: within, hours: ledger.hours, byResource, isSpotAlone };
  const comparison = compare(sides);
  return {
    ...comparison,
    files: files.map(({ name, sha256, format, rows, unusedColumns }) => ({
      name,
      sha256,
      format,
      lines: rows.length,
      unusedColumns,
    })),
    window,
    status:
      within.length > 0 && within.every(({ isInvoiced }) => isInvoiced) ? "final" : "provisional",
    byResource,
    isSpotAlone,
    repeatedLines: bill.repeated,
    untested: untestedIn(within),
    unknownLineTypes: unknownIn(within),
    agrees: comparison.months.every(({ isWithin }) => isWithin) && comparison.farOff.length === 0,
  };
};
