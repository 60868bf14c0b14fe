/** JSON values as a workflow hands them from state to state. Shared, so never changed in place. */

export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export type JsonObject = { readonly [key: string]: Json };

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const isJsonList = (value: Json | undefined): value is readonly Json[] =>
  Array.isArray(value);

const texts = new WeakMap<object, string>();

/** Of what one state gives and the next one takes there is one text. */
export const textOf = (value: Json): string => {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const text = texts.get(value) ?? JSON.stringify(value);
  texts.set(value, text);
  return text;
};

/** @throws SyntaxError if the text is not JSON. */
export const parseJson = (text: string): Json => JSON.parse(text) as Json;

/** A copy as it would arrive over a wire: what JSON can't carry is gone, nothing at all is null. */
export const toJson = (value: unknown): Json => {
  // The library's type says string, yet undefined, functions and symbols give undefined.
  const text = JSON.stringify(value) as string | undefined;
  return text === undefined ? null : parseJson(text);
};

/** 256 KiB of UTF-8: what Step Functions takes as input or output of a state, a task or an execution. */
const payloadLimitBytes = 256 * 1024;

/** One UTF-16 unit takes at most three bytes, so short texts need no counting. */
export const exceedsPayloadLimit = (text: string): boolean =>
  text.length * 3 > payloadLimitBytes && Buffer.byteLength(text, "utf8") > payloadLimitBytes;
