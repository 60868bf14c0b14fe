/** JSON compressed to bytes, for what is read by our own code alone: an item is paid for by its kilobytes. */
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import type { Packing } from "./table.ts";

/** Under a millisecond for the candidates of an evaluation; the best quality takes a hundred times as long for a tenth less. */
const quality = 9;

/** A fifth of the time, and a fifth more bytes. */
const quickQuality = 1;

/** A millisecond for a record, ten times as long: where a tenth less is a kilobyte less. */
const denseQuality = 10;
const denserBy = 0.1;

/** A write is paid for by so many bytes of its item (DynamoDB developer guide, "DynamoDB read and write operations"). */
const unitBytes = 1024;

/** A window wider than the text finds nothing more, and setting it up costs a third of the time of packing a record. */
const recordWindowBits = 16;
const mostOfRecord = 2 ** recordWindowBits;

const compress = (json: string, quality: number): Uint8Array =>
  brotliCompressSync(json, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: quality,
      [constants.BROTLI_PARAM_LGWIN]:
        json.length <= mostOfRecord ? recordWindowBits : constants.BROTLI_DEFAULT_WINDOW,
    },
  });

const unitsOf = (bytes: number): number => Math.ceil(bytes / unitBytes);

interface PackOptions {
  /** What the item holds beside these: keys, names, its version. Default 0. */
  readonly besideBytes?: number;
  readonly packing?: Packing | undefined;
}

/** Undefined for what JSON cannot hold. */
export const pack = (
  value: unknown,
  { besideBytes = 0, packing }: PackOptions = {},
): Uint8Array | undefined => {
  const json = JSON.stringify(value) as string | undefined;
  if (json === undefined) return undefined;
  if (packing === "quick") return compress(json, quickQuality);
  const bytes = compress(json, quality);
  const length = bytes.byteLength;
  const isWorthIt =
    json.length <= mostOfRecord &&
    unitsOf(besideBytes + length * (1 - denserBy)) < unitsOf(besideBytes + length);
  if (!isWorthIt) return bytes;
  const dense = compress(json, denseQuality);
  return dense.byteLength < length ? dense : bytes;
};

/** What the bytes hold that are in memory still: who looks at an item again does not unpack it again. */
const unpacked = new WeakMap<Uint8Array, unknown>();

/** Who asks again for the same bytes gets the same value: nobody changes it in place. Throws what zlib or JSON throws at bytes that are not a packed value. */
export const unpack = (bytes: Uint8Array): unknown => {
  const known = unpacked.get(bytes);
  if (known !== undefined) return known;
  const value: unknown = JSON.parse(brotliDecompressSync(bytes).toString("utf8"));
  unpacked.set(bytes, value);
  return value;
};
