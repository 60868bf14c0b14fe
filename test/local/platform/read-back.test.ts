import { describe, expect, it } from "@jest/globals";
import * as fc from "fast-check";
import {
  attributesBytes,
  fromAttributeValue,
  toAttributeValue,
} from "../../../adapters/store/attribute-values.ts";
import { ReadBack } from "../../../local/platform/read-back.ts";
import { anyCharacter } from "../../any-character.ts";

const memberName = fc.oneof(fc.string(), fc.constant("__proto__"));

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
    fc.array(tie("value")).map((values) => Object.freeze(values)),
    fc.dictionary(memberName, tie("value")),
    fc.dictionary(memberName, tie("value")).map((members) => Object.freeze(members)),
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

  it("is, of what is frozen however deep, that itself, as nobody can change it", () => {
    const stored = new ReadBack().of({ list: [{ a: 1 }], text: "b" });
    expect(new ReadBack().of(stored)).toBe(stored);
    expect(new ReadBack().of({ stored })).toStrictEqual({ stored });
  });

  it.each([
    ["something in it can be changed", () => Object.freeze({ inner: { a: 1 } })],
    ["something in it can be changed, in a list", () => Object.freeze([{ a: 1 }])],
    ["a member is undefined", () => Object.freeze({ a: undefined })],
    ["a number comes back as another", () => Object.freeze({ a: -0 })],
  ])("is a copy of what is frozen where %s", (_, frozen) => {
    const value = frozen();
    const copy = new ReadBack().of(value);
    expect(copy).not.toBe(value);
    expect(copy).toStrictEqual(throughAttributes(value));
  });
});
