/** Opens a bill file by its first bytes: Parquet, gzip with comma-separated values in it, or these as they are. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { csvTable } from "./csv-table.ts";
import { parquetTable } from "./parquet-table.ts";
import { RefusalError } from "./refusal.ts";
import type { BillTable } from "./table.ts";

const startsWith = (bytes: Uint8Array, ...signs: readonly number[]): boolean =>
  signs.every((sign, at) => bytes[at] === sign);

const asGzip = (bytes: Uint8Array, name: string): string => {
  try {
    return gunzipSync(bytes).toString("utf8");
  } catch (error) {
    throw new RefusalError(
      "UNREADABLE",
      `${name} is a damaged gzip file, or holds more than 512 MB: give it as Parquet.`,
      { cause: error },
    );
  }
};

/** @throws RefusalError UNREADABLE */
export const textOfFile = (bytes: Uint8Array, name: string): string =>
  startsWith(bytes, 0x1f, 0x8b) ? asGzip(bytes, name) : Buffer.from(bytes).toString("utf8");

const asParquet = (bytes: Uint8Array, name: string): Promise<BillTable> => {
  const whole = new Uint8Array(bytes).buffer;
  const slice = (start: number, end?: number): ArrayBuffer => whole.slice(start, end);
  return parquetTable({ byteLength: whole.byteLength, slice }, { name });
};

/** @throws RefusalError UNREADABLE, UNSUPPORTED_COMPRESSION */
export const openTable = async (bytes: Uint8Array, name: string): Promise<BillTable> => {
  // "PAR1", and of a zip "PK".
  if (startsWith(bytes, 0x50, 0x41, 0x52, 0x31)) return asParquet(bytes, name);
  if (startsWith(bytes, 0x50, 0x4b)) {
    throw new RefusalError("UNSUPPORTED_COMPRESSION", `${name} is a ZIP file: unpack it first.`);
  }
  return csvTable(textOfFile(bytes, name), name);
};

/** @throws RefusalError UNREADABLE */
export const bytesOf = (path: string, name: string): Uint8Array => {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new RefusalError("UNREADABLE", `${name} can't be read.`, { cause: error });
  }
};
