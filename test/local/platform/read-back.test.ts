import { describe, expect, it } from "@jest/globals";
import * as fc from "fast-check";
import {
  attributesBytes,
  fromAttributeValue,
  toAttributeValue,
} from "../../../adapters/store/attribute-values.ts";
import { ReadBack } from "../../../local/platform/read-back.ts";
import { anyCharacter } from "../../any-character.ts";

const storable = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: anyCharacter }),
    fc.double(),
    fc.constant(-0),
    fc.boolean(),
    fc.constant(null),
    fc.constant(undefined),
    fc.date(),
    fc.uint8Array(),
    fc.array(tie("value")),
    fc.dictionary(fc.oneof(fc.string(), fc.constant("__proto__")), tie("value")),
  ),
})).value;

const throughAttributes = (value: unknown): unknown => {
  try {
    return fromAttributeValue(toAttributeValue(value, "value"));
  } catch {
    return undefined;
  }
};

/** Bytes cannot be frozen. */
const changeableIn = (value: unknown): readonly unknown[] => {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return [];
  const members = Object.values(value).flatMap(changeableIn);
  return Object.isFrozen(value) ? members : [value, ...members];
};

describe("what reads back of a value", () => {
  it("is what the attributes give back, and nothing where they refuse it", () => {
    fc.assert(
      fc.property(storable, (value) => {
        expect(new ReadBack().of(value)).toStrictEqual(throughAttributes(value));
      }),
      { numRuns: 500 },
    );
  });

  it("cannot be changed, however deep", () => {
    fc.assert(
      fc.property(storable, (value) => {
        expect(changeableIn(new ReadBack().of(value))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it("is said to take no less bytes than DynamoDB counts", () => {
    fc.assert(
      fc.property(storable, (value) => {
        if (throughAttributes(value) === undefined) return;
        const copy = new ReadBack();
        copy.of(value);
        const bytes = attributesBytes({ a: toAttributeValue(value, "value") });
        expect(copy.mostBytes).toBeGreaterThanOrEqual(bytes - 1);
      }),
      { numRuns: 500 },
    );
  });

  it("shares no bytes with what was stored, and none with the buffer that those lie in", () => {
    const given = new Uint8Array([1, 2, 3, 4]).subarray(1, 3);
    const copy = new ReadBack().of(given) as Uint8Array;
    given[0] = 9;
    expect([...copy]).toEqual([2, 3]);
    expect(copy.buffer.byteLength).toBe(2);
  });

  it("is, of bytes that stand in the table, those themselves: all who read them share them", () => {
    const stored = new ReadBack().of(new Uint8Array([1, 2])) as Uint8Array;
    const read = new ReadBack();
    expect(read.of(stored)).toBe(stored);
    expect(read.mostBytes).toBeGreaterThanOrEqual(2);
  });
});
