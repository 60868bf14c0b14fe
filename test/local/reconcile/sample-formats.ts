/** Sample lines as Cost and Usage Reports, as FOCUS, and as the Spot data feed. */
import { gzipSync, zstdCompressSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import { account, hourMs, type SampleLine } from "./sample-bill.ts";

export type Row = Readonly<Record<string, string>>;

export interface RowOptions {
  readonly currency?: string;
  /** AWS's number of the invoice, once there is one. */
  readonly invoice?: string;
}

const iso = (atMs: number): string => new Date(atMs).toISOString().replace(".000Z", "Z");

/** A fee is of the whole month. */
const lasting = ({ lineType }: SampleLine): number =>
  ["SavingsPlanRecurringFee", "Tax"].includes(lineType) ? 30 * 24 * hourMs : hourMs;

const underscored = (name: string): string =>
  name
    .replace("/", "_")
    .replace(/(?<=[a-z])[A-Z]/g, "_$&")
    .toLowerCase();

/** The legacy report's names; more columns than anybody reads. */
export const curRows = (
  lines: readonly SampleLine[],
  { currency = "USD", invoice = "" }: RowOptions = {},
): readonly Row[] =>
  lines.map((line, number) => {
    const [start, end] = [iso(line.startMs), iso(line.startMs + lasting(line))];
    return {
      "identity/LineItemId": `line${String(number)}`,
      "identity/TimeInterval": `${start}/${end}`,
      "bill/InvoiceId": invoice,
      "bill/PayerAccountId": account,
      "lineItem/UsageAccountId": account,
      "lineItem/LineItemType": line.lineType,
      "lineItem/UsageStartDate": start,
      "lineItem/UsageEndDate": end,
      "lineItem/UsageType": line.usageType,
      "lineItem/Operation": line.operation,
      "lineItem/ResourceId": line.resourceId,
      "lineItem/UsageAmount": line.quantity,
      "lineItem/CurrencyCode": currency,
      "lineItem/UnblendedCost": line.cost,
      "lineItem/LineItemDescription": `$ per hour, "${line.usageType}"`,
      "savingsPlan/SavingsPlanEffectiveCost": line.effectiveCost ?? "",
      "resourceTags/user:Name": "",
    };
  });

/** CUR 2.0 has the same columns under other names. */
export const cur2Rows = (lines: readonly SampleLine[], options: RowOptions = {}): readonly Row[] =>
  curRows(lines, options).map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, text]) => [underscored(name), text])),
  );

const categories: Readonly<Record<string, string>> = {
  SavingsPlanRecurringFee: "Purchase",
  Tax: "Tax",
};

/** FOCUS has no negations: what is covered has its effective cost. */
export const focusRows = (lines: readonly SampleLine[], options: RowOptions = {}): readonly Row[] =>
  lines
    .filter(({ lineType }) => lineType !== "SavingsPlanNegation")
    .map((line) => ({
      BillingCurrency: options.currency ?? "USD",
      SubAccountId: line.lineType === "Tax" ? "" : account,
      ChargeCategory: categories[line.lineType] ?? "Usage",
      ChargeClass: "",
      ChargePeriodStart: iso(line.startMs),
      ChargePeriodEnd: iso(line.startMs + lasting(line)),
      ResourceId: line.resourceId,
      EffectiveCost: line.effectiveCost ?? line.cost,
      BilledCost: line.cost,
      PricingCategory: line.usageType.startsWith("Spot") ? "Dynamic" : "Standard",
      x_UsageType: line.usageType,
      x_Operation: line.operation,
    }));

const quoted = (text: string): string =>
  /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

export const csvOf = (rows: readonly Row[]): string =>
  [Object.keys(rows[0] ?? {}), ...rows.map((row) => Object.values(row))]
    .map((cells) => `${cells.map(quoted).join(",")}\r\n`)
    .join("");

const isTime = (name: string): boolean => /(start_date|end_date|PeriodStart|PeriodEnd)$/.test(name);
const isNumber = (name: string): boolean => /(_cost|Cost|_amount)$/.test(name);

/** As Data Exports write it: times as timestamps, amounts as doubles, nothing as null. */
export const parquetOf = (
  rows: readonly Row[],
  codec: "GZIP" | "SNAPPY" | "ZSTD" | "LZ4",
): Buffer =>
  Buffer.from(
    parquetWriteBuffer({
      codec,
      rowGroupSize: 100,
      compressors: {
        GZIP: (input) => gzipSync(input),
        ZSTD: (input) => zstdCompressSync(input),
        // Nobody reads it: its name is enough.
        LZ4: (input) => input,
      },
      columnData: Object.keys(rows[0] ?? {}).map((name) => {
        const texts = rows.map((row) => row[name] ?? "");
        if (isTime(name)) {
          return { name, type: "TIMESTAMP", data: texts.map((text) => new Date(text)) };
        }
        if (isNumber(name)) {
          const data = texts.map((text) => (text === "" ? null : Number(text)));
          return { name, type: "DOUBLE", data };
        }
        return { name, type: "STRING", data: texts.map((text) => (text === "" ? null : text)) };
      }),
    }),
  );

export const feedOf = (lines: readonly SampleLine[]): string =>
  [
    "#Version: 1.0",
    "#Fields: Timestamp UsageType Operation InstanceID MyBidID MyMaxPrice MarketPrice Charge Version",
    ...lines
      .filter(({ usageType }) => usageType.startsWith("SpotUsage"))
      .map(({ startMs: at, usageType, operation, resourceId, cost }) => {
        const time = new Date(at + hourMs - 1000).toISOString().slice(0, 19).replace("T", " ");
        const price = `${cost} USD`;
        const request = "sir-abcd1234";
        return [
          `${time} UTC`,
          usageType,
          operation,
          resourceId,
          request,
          price,
          price,
          price,
          "1",
        ].join("\t");
      }),
    "",
  ].join("\n");
