/** JSON compressed to bytes, for what is read by our own code alone: an item is paid for by its kilobytes. */
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import type { Packing } from "./table.ts";

/** Under a millisecond for the candidates of an evaluation; the best quality takes a hundred times as long for a tenth less. */
const quality = 9;

/** Of what is too long for `store`: a fifth of the time, and a fifth more bytes. */
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

const longestStored = 2 ** 16;

/** A window of 64 KiB (one bit, 0), a meta-block that is not the last (0) and has a length of four nibbles (00), the length less one, "uncompressed" (1); padding. */
const headOfStored = (length: number): readonly [number, number, number] => {
  const head = ((length - 1) << 4) | (1 << 20);
  return [head & 0xff, (head >> 8) & 0xff, head >> 16];
};

/** An empty last meta-block. */
const endOfStored = 0b11;

/** A stream that any Brotli decoder reads, and that holds the text as it is. Source: RFC 7932, sections 9.1 and 9.2. */
const store = (text: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(text.byteLength + 4);
  bytes.set(headOfStored(text.byteLength));
  bytes.set(text, 3);
  bytes[bytes.byteLength - 1] = endOfStored;
  return bytes;
};

/** The text of a stream that `store` made; undefined for any other. */
const storedIn = (bytes: Uint8Array): string | undefined => {
  const length = bytes.byteLength - 4;
  if (length < 1 || length > longestStored || bytes.at(-1) !== endOfStored) return undefined;
  if (!headOfStored(length).every((byte, place) => bytes[place] === byte)) return undefined;
  return Buffer.from(bytes.buffer, bytes.byteOffset + 3, length).toString("utf8");
};

const packQuickly = (json: string): Uint8Array => {
  const text = Buffer.from(json);
  return text.byteLength <= longestStored ? store(text) : compress(json, quickQuality);
};

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
  if (packing === "quick") return packQuickly(json);
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
  const json = storedIn(bytes) ?? brotliDecompressSync(bytes).toString("utf8");
  const value: unknown = JSON.parse(json);
  unpacked.set(bytes, value);
  return value;
};
