/** Whether files can be one bill together: nothing twice, no two versions, no day left out, hour by hour. */
import type { BillFile, BillRow } from "./bill-row.ts";
import { isCompared } from "./kinds.ts";
import { RefusalError } from "./refusal.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

/** Lines of a resource's hour: fees of a month and daily sums tell of no hour. */
const isHourly = ({ becomes, lastsMs }: BillRow): boolean =>
  becomes === "USAGE" && lastsMs <= hourMs;

const requireHourly = ({ name, rows }: BillFile): void => {
  const long = rows.find(
    (row) => row.becomes === "USAGE" && isCompared(row.kind) && row.lastsMs > hourMs,
  );
  if (long === undefined) return;
  throw new RefusalError(
    "NOT_HOURLY",
    `${name} has lines of ${String(Math.round(long.lastsMs / hourMs))} hours: make the export by the hour.`,
  );
};

const requireOneHash = (files: readonly BillFile[]): void => {
  const names = new Map<string, string>();
  for (const { sha256, name } of files) {
    const other = names.get(sha256);
    if (other !== undefined) {
      throw new RefusalError("OVERLAPPING_FILES", `${name} and ${other} are the same file.`);
    }
    names.set(sha256, name);
  }
};

/** Deliveries of one month that are of different assemblies: the later one replaces the other. */
const requireOneAssembly = (files: readonly BillFile[]): void => {
  const byMonth = new Map<string, BillFile>();
  for (const file of files) {
    const [first] = file.rows;
    if (file.assemblyId === undefined || first === undefined) continue;
    const month = `${file.format} ${dayOf(first.hourMs).slice(0, 7)}`;
    const other = byMonth.get(month);
    if (other !== undefined && other.assemblyId !== file.assemblyId) {
      throw new RefusalError(
        "TWO_VERSIONS",
        `${file.name} and ${other.name} are two assemblies of one month: give the files of the later one alone.`,
      );
    }
    byMonth.set(month, file);
  }
};

const requireNoTwin = (row: BillRow, file: BillFile, seen: Seen): void => {
  if (seen.file === file) return;
  const names = `${seen.file.name} and ${file.name}`;
  throw seen.nanoUsd === row.nanoUsd
    ? new RefusalError("OVERLAPPING_FILES", `${names} have the same lines.`)
    : new RefusalError("TWO_VERSIONS", `${names} have the same line with different costs.`);
};

interface Seen {
  readonly file: BillFile;
  readonly nanoUsd: bigint;
}

/** FOCUS has no names for lines: two that are alike in two files are taken for one line in both. */
const nameOf = (row: BillRow): string =>
  row.identity ??
  [row.accountId, row.resourceId, row.usageType, row.lineType, row.hourMs, row.nanoUsd].join(" ");

/** Lines that count: one that a file has twice is left out the second time, where the format names its lines. */
const onceEach = (
  files: readonly BillFile[],
): { readonly rows: readonly BillRow[]; readonly repeated: number } => {
  const seen = new Map<string, Seen>();
  const rows: BillRow[] = [];
  let repeated = 0;
  for (const file of files) {
    for (const row of file.rows) {
      const name = nameOf(row);
      const before = seen.get(name);
      if (before !== undefined) {
        requireNoTwin(row, file, before);
        if (row.identity !== undefined && before.nanoUsd === row.nanoUsd) {
          repeated += 1;
          continue;
        }
      }
      seen.set(name, { file, nanoUsd: row.nanoUsd });
      rows.push(row);
    }
  }
  return { rows, repeated };
};

/** Every day between the first and the last has lines: a bill has hours of some volume or address on each. */
const requireEachDay = (hours: readonly number[]): void => {
  const days = new Set(hours.map(dayOf));
  const [first = Infinity, last = -Infinity] = [minimum(hours), maximum(hours)];
  for (let atMs = first; atMs < last; atMs += dayMs) {
    const day = dayOf(atMs);
    if (!days.has(day)) {
      throw new RefusalError("MISSING_DAY", `The files have nothing of ${day}: a part is missing.`);
    }
  }
};

const minimum = (numbers: readonly number[]): number | undefined =>
  numbers.length === 0 ? undefined : numbers.reduce((one, other) => Math.min(one, other));
const maximum = (numbers: readonly number[]): number | undefined =>
  numbers.length === 0 ? undefined : numbers.reduce((one, other) => Math.max(one, other));

export interface WholeBill {
  readonly rows: readonly BillRow[];
  /** Lines that were there twice, and count once. */
  readonly repeated: number;
  /** First and newest hour with a line, milliseconds since the epoch. */
  readonly firstHourMs: number;
  readonly newestHourMs: number;
}

/** @throws RefusalError NOT_HOURLY, OVERLAPPING_FILES, TWO_VERSIONS, MISSING_DAY, NO_COMMON_HOURS */
export const wholeBillOf = (files: readonly BillFile[]): WholeBill => {
  files.forEach(requireHourly);
  requireOneHash(files);
  requireOneAssembly(files);
  const { rows, repeated } = onceEach(files);
  const isFeed = files.every(({ format }) => format === "Spot data feed");
  const hours = [...new Set(rows.filter(isHourly).map((row) => row.hourMs))];
  const firstHourMs = minimum(hours);
  const newestHourMs = maximum(hours);
  if (firstHourMs === undefined || newestHourMs === undefined) {
    throw new RefusalError("NO_COMMON_HOURS", "The files have no line of an hour.");
  }
  // The feed has no file for an hour without Spot.
  if (!isFeed) requireEachDay(hours);
  return { rows, repeated, firstHourMs, newestHourMs };
};
