/** Parquet files by hyparquet, one row group at a time, and of each the columns that are asked for and there. */
import zlib from "node:zlib";
import {
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
} from "hyparquet";
import { RefusalError } from "./refusal.ts";
import type { BillTable, Cells } from "./table.ts";

type Codec = keyof Compressors;
type Decompress = (input: Uint8Array) => Uint8Array;

/** What this Node can undo; ZSTD since 22.15. SNAPPY is hyparquet's own. */
export const nodesDecompressors = (): Readonly<Partial<Record<Codec, Decompress>>> => ({
  GZIP: (input) => zlib.gunzipSync(input),
  BROTLI: (input) => zlib.brotliDecompressSync(input),
  ...("zstdDecompressSync" in zlib && {
    ZSTD: (input: Uint8Array) => zlib.zstdDecompressSync(input),
  }),
});

const builtIn: readonly string[] = ["UNCOMPRESSED", "SNAPPY"];

const codecsOf = (metadata: FileMetaData): ReadonlySet<string> =>
  new Set(
    metadata.row_groups.flatMap(({ columns }) =>
      columns.flatMap(({ meta_data }) => meta_data?.codec ?? []),
    ),
  );

/** @throws RefusalError UNSUPPORTED_COMPRESSION, with the name of the compression */
const requireReadable = (
  metadata: FileMetaData,
  decompressors: Readonly<Partial<Record<string, Decompress>>>,
  name: string,
): void => {
  for (const codec of codecsOf(metadata)) {
    if (builtIn.includes(codec) || decompressors[codec] !== undefined) continue;
    const help = codec === "ZSTD" ? "Use Node 22.15 or later" : "Export it with GZIP or SNAPPY";
    throw new RefusalError(
      "UNSUPPORTED_COMPRESSION",
      `${name} is compressed by ${codec}, which this Node (${process.version}) can't undo. ${help}.`,
    );
  }
};

const textOf = (value: unknown): string | undefined => {
  if (value === null || value === undefined || value === "") return undefined;
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") {
    return String(value);
  }
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "bigint" ? String(part) : part,
  );
};

interface OpenOptions {
  readonly name: string;
  readonly decompressors?: Readonly<Partial<Record<Codec, Decompress>>>;
}

/** @throws RefusalError UNREADABLE, UNSUPPORTED_COMPRESSION */
export const parquetTable = async (
  file: AsyncBuffer,
  { name, decompressors = nodesDecompressors() }: OpenOptions,
): Promise<BillTable> => {
  const metadata = await parquetMetadataAsync(file).catch((error: unknown) => {
    throw new RefusalError("UNREADABLE", `${name} is not a whole Parquet file.`, { cause: error });
  });
  requireReadable(metadata, decompressors, name);
  const columns = parquetSchema(metadata).children.map(({ element }) => element.name);
  return {
    columns,
    async *rows(wanted): AsyncGenerator<Cells> {
      const present = wanted.filter((column) => columns.includes(column));
      let rowStart = 0;
      for (const group of metadata.row_groups) {
        const rowEnd = rowStart + Number(group.num_rows);
        const rows = await parquetReadObjects({
          file,
          metadata,
          columns: present,
          rowStart,
          rowEnd,
          compressors: decompressors,
        });
        for (const row of rows) yield (column) => textOf(row[column]);
        rowStart = rowEnd;
      }
    },
  };
};
