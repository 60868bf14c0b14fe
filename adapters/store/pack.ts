/** JSON compressed to bytes, for what is read by our own code alone: an item is paid for by its kilobytes. */
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";

/** A tenth of a millisecond for a record; the best quality takes thirty times as long for a tenth less. */
const quality = 5;

/** A window wider than the text finds nothing more, and setting it up costs a third of the time of packing a record. */
const recordWindowBits = 16;

const paramsFor = (json: string) => ({
  [constants.BROTLI_PARAM_QUALITY]: quality,
  [constants.BROTLI_PARAM_LGWIN]:
    json.length <= 2 ** recordWindowBits ? recordWindowBits : constants.BROTLI_DEFAULT_WINDOW,
});

/** Undefined for what JSON cannot hold. */
export const pack = (value: unknown): Uint8Array | undefined => {
  const json = JSON.stringify(value) as string | undefined;
  if (json === undefined) return undefined;
  return brotliCompressSync(json, { params: paramsFor(json) });
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
