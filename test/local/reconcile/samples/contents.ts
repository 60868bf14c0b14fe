/** The sample files by name, as they are stored beside this file. */
import { gzipSync } from "node:zlib";
import { ledgerDays, ledgerHours, sampleLines } from "../sample-bill.ts";
import { csvOf, cur2Rows, curRows, feedOf, focusRows, parquetOf } from "../sample-formats.ts";

const seed = 1;

export const sampleContents = (): Readonly<Record<string, Buffer>> => {
  const lines = sampleLines(seed);
  return {
    "cur-2.csv.gz": gzipSync(csvOf(cur2Rows(lines))),
    "cur-2.parquet": parquetOf(cur2Rows(lines), "GZIP"),
    "cur-legacy.csv.gz": gzipSync(csvOf(curRows(lines))),
    "focus.csv.gz": gzipSync(csvOf(focusRows(lines))),
    "focus.parquet": parquetOf(focusRows(lines), "SNAPPY"),
    "111122223333.2026-11-02-00.001.feed.gz": gzipSync(feedOf(lines)),
    ...Object.fromEntries(
      Object.entries(ledgerDays(ledgerHours(lines))).map(([day, text]) => [
        `ledger-${day}.json.gz`,
        gzipSync(text),
      ]),
    ),
  };
};
