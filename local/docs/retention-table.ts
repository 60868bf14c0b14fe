/** What the state table keeps, for how long, and what that costs: from the code's own times to live and measured sizes. */
import { storedBytes, type StoredSize } from "../bench/stored-size.ts";
import { measureEvaluation } from "../bench/evaluations.ts";
import { markdownTable } from "./markdown-table.ts";
import { fleet, retentionRows, type RetentionRow } from "./retention-rows.ts";
import { readSamples } from "./stored-samples.ts";

/** USD for a GB and month, Standard class, us-east-1 (aws.amazon.com/dynamodb/pricing/on-demand†): stored, and restorable. */
const storageUsd = 0.25;
const recoveryUsd = 0.2;

const gigabyte = 1e9;

/** Which rows a key belongs to: one, or the table lies. */
export const rowsOfKey = (pk: string, sk: string): readonly RetentionRow[] =>
  retentionRows.filter(({ keys }) =>
    keys.some(([partition, sort]) => {
      const isKind = partition.endsWith("#") ? pk.startsWith(partition) : pk === partition;
      return isKind && sk.startsWith(sort);
    }),
  );

const meanBytesOfSamples = (row: RetentionRow): number => {
  const sizes = readSamples()
    .filter(({ pk, sk }) => rowsOfKey(pk?.S ?? "", sk?.S ?? "").includes(row))
    .map(storedBytes);
  if (sizes.length === 0) throw new Error(`There is no sample of: ${row.what}.`);
  return sizes.reduce((sum, bytes) => sum + bytes, 0) / sizes.length;
};

interface Measured {
  readonly stored: StoredSize;
  readonly storedMarket: StoredSize;
}

const bytesOf = (row: RetentionRow, { stored, storedMarket }: Measured): number => {
  switch (row.size) {
    case "SIZE_OF_SWITCH":
      return stored.bytes;
    case "SIZE_OF_MARKET":
      return storedMarket.bytes;
    default:
      return meanBytesOfSamples(row);
  }
};

const units = [
  { seconds: 86_400, one: "a day", many: "days" },
  { seconds: 3600, one: "an hour", many: "hours" },
] as const;

const keptFor = ({ kept, after }: RetentionRow): string => {
  if (typeof kept === "string") return kept;
  const unit = units.find(({ seconds }) => kept % seconds === 0) ?? units[1];
  const count = kept / unit.seconds;
  const words = count === 1 ? unit.one : `${String(count)} ${unit.many}`;
  return after === undefined ? words : `${words} after ${after}`;
};

const code = (text: string): string => `\`${text}\``;

const keysOf = ({ keys }: RetentionRow): string =>
  keys
    .map(([partition, sort]) => code(sort === "" ? partition : `${partition}… ${sort}`))
    .join(", ");

const kilobytes = (bytes: number): string => {
  if (bytes < 1000) return `${(Math.ceil(bytes / 10) * 10).toFixed(0)} B`;
  return `${(bytes / 1000).toFixed(bytes < 10_000 ? 1 : 0)} KB`;
};

/** Coarse, so that a few bytes more are not another page. */
const tenths = (amount: number): string => (amount < 0.05 ? "< 0.1" : amount.toFixed(1));

const gigabytes = (bytes: number): string => tenths(bytes / gigabyte);

const usd = (bytes: number): string => tenths((bytes / gigabyte) * (storageUsd + recoveryUsd));

/** What costs most first. */
export const retentionTable = async (): Promise<string> => {
  const measured = await measureEvaluation("switch, stop and image");
  const sized = retentionRows
    .map((row) => ({ row, each: bytesOf(row, measured), all: row.count * bytesOf(row, measured) }))
    .toSorted((one, other) => other.all - one.all);
  const total = sized.reduce((sum, { all }) => sum + all, 0);
  const body = sized.map(({ row, each, all }) => [
    row.what,
    keysOf(row),
    keptFor(row),
    row.count.toLocaleString("en-US"),
    kilobytes(each),
    gigabytes(all),
    usd(all),
  ]);
  const { targets, accounts, regions, switches } = fleet;
  return [
    `Of ${targets.toLocaleString("en-US")} targets in ${String(accounts)} accounts and ${String(regions)} regions after a year, each switched ${String(switches)} times in it:`,
    markdownTable(
      ["What", "Keys begin with", "Kept", "Of them", "Each", "GB", "USD a month"],
      [...body, ["**Together**", "", "", "", "", gigabytes(total), `**${usd(total)}**`]],
    ),
    [
      `Sizes are those of the samples of stored items, with keys, index entries and the 100 bytes that DynamoDB adds to each; of an evaluation that of a switch (${String(measured.stored.items)} items)`,
      `and of a market that of the simulated region, as the bench measures them; a real region sells more types. Storage is USD ${storageUsd.toFixed(2)} per GB and month (us-east-1), and ${recoveryUsd.toFixed(2)} more with point-in-time recovery.`,
    ].join("\n"),
  ].join("\n\n");
};
