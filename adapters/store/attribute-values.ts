/**
 * Plain data to DynamoDB attribute values and back. Takes what JSON knows, and bytes; properties that are
 * undefined are left out. Anything else is refused, never stored as something that reads back differently.
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { SpotOptimizerError } from "../../core/errors.ts";

export type Attributes = Record<string, AttributeValue>;

const refuse = (what: string, path: string): SpotOptimizerError =>
  new SpotOptimizerError("BrokenInput", `${path} holds ${what}, which the table cannot store.`, {
    resource: path,
  });

export const isPlainObject = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  // Objects of another realm (jest's sandbox) have another Object.prototype: that one has no prototype either.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
};

const fromObject = (value: object, path: string): AttributeValue => {
  if (Array.isArray(value)) {
    return { L: value.map((entry, index) => toAttributeValue(entry, `${path}[${String(index)}]`)) };
  }
  if (ArrayBuffer.isView(value)) {
    return { B: Buffer.from(value.buffer, value.byteOffset, value.byteLength) };
  }
  if (!isPlainObject(value)) throw refuse("an object that is not plain data", path);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return {
    M: Object.fromEntries(
      members.map(([name, member]) => [name, toAttributeValue(member, `${path}.${name}`)]),
    ),
  };
};

/** @throws BrokenInput naming the path of what can't be stored: NaN, a Date, a Map, undefined in an array … */
export const toAttributeValue = (value: unknown, path: string): AttributeValue => {
  if (value === null) return { NULL: true };
  switch (typeof value) {
    case "string":
      return { S: value };
    case "boolean":
      return { BOOL: value };
    case "number":
      if (!Number.isFinite(value)) throw refuse(String(value), path);
      return { N: String(value) };
    case "object":
      return fromObject(value, path);
    default:
      throw refuse(typeof value, path);
  }
};

/** @throws BrokenFacts on a kind of value that `toAttributeValue` never writes. */
export const fromAttributeValue = (value: AttributeValue): unknown => {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return Number(value.N);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.NULL !== undefined) return null;
  if (value.B !== undefined) return Uint8Array.from(value.B);
  if (value.L !== undefined) return value.L.map(fromAttributeValue);
  if (value.M !== undefined) return fromAttributes(value.M);
  throw new SpotOptimizerError(
    "BrokenFacts",
    `The table holds a value of kind ${Object.keys(value).join(", ")}, which we never write.`,
  );
};

export const fromAttributes = (attributes: Attributes): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, fromAttributeValue(value)]),
  );

/**
 * Size as DynamoDB counts it: names and strings in UTF-8, about one byte per two digits of a number, 3 bytes per
 * list or map and 1 per element (Developer Guide, "DynamoDB item sizes and formats").
 */
const attributeBytes = (value: AttributeValue): number => {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return Math.ceil(value.N.length / 2) + 1;
  if (value.B !== undefined) return value.B.byteLength;
  if (value.L !== undefined) {
    return value.L.reduce((sum, entry) => sum + 1 + attributeBytes(entry), 3);
  }
  if (value.M !== undefined) {
    return 3 + Object.keys(value.M).length + attributesBytes(value.M);
  }
  return 1;
};

export const attributesBytes = (attributes: Attributes): number =>
  Object.entries(attributes).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + attributeBytes(value),
    0,
  );
