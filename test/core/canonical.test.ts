import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { canonicalJson } from "../../core/canonical.ts";
import { effectivePolicy } from "../../core/policy/policy.ts";
import { anyCharacter } from "../any-character.ts";

const cycle: Record<string, unknown> = {};
cycle["self"] = cycle;

/** The same members, inserted in the opposite order at every level. */
const turned = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, turned(member)]),
  );
};

describe("canonical JSON", () => {
  it.each([
    ["sorts keys at every level", { b: 1, a: { d: [], c: null } }, '{"a":{"c":null,"d":[]},"b":1}'],
    ["drops undefined members", { a: undefined, b: 1 }, '{"b":1}'],
    ["keeps the order of arrays", [3, 1, 2], "[3,1,2]"],
    ["escapes as JSON does", { 'a"': "ü\n" }, '{"a\\"":"ü\\n"}'],
    ["spells minus zero as zero", -0, "0"],
    ["spells booleans", [true, false], "[true,false]"],
    [
      "sorts objects that begin with the same key, each by its own",
      [
        { b: 1, a: 2 },
        { b: 1, c: 3, a: 2 },
        { b: 1, a: undefined },
        { b: 1, a: 2, c: 3 },
        { b: 1 },
      ],
      '[{"a":2,"b":1},{"a":2,"b":1,"c":3},{"b":1},{"a":2,"b":1,"c":3},{"b":1}]',
    ],
    ["takes objects without prototype", Object.create(null), "{}"],
  ])("%s", (_, value, expected) => {
    expect(canonicalJson(value)).toBe(expected);
  });

  it("sorts by code unit, not by the machine's language", () => {
    expect(canonicalJson({ ä: 1, b: 2, Z: 3, a: 4 })).toBe('{"Z":3,"a":4,"b":2,"ä":1}');
  });

  it.each([
    ["NaN", { price: [1, NaN] }, "$.price[1]"],
    ["an infinity", { a: { b: Infinity } }, "$.a.b"],
    ["a function", { a: () => 1 }, "$.a"],
    ["a symbol", [Symbol("x")], "$[0]"],
    ["a big integer", { a: 1n }, "$.a"],
    ["undefined alone", undefined, "$"],
    ["undefined in an array", [undefined], "$[0]"],
    ["a hole in an array", new Array(1), "$[0]"],
    ["a Date", { at: new Date(0) }, "$.at"],
    ["a Map", { m: new Map() }, "$.m"],
    ["a cycle", cycle, "$.self"],
  ])("refuses %s, naming the path", (_, value, path) => {
    expect(() => canonicalJson(value)).toThrow(
      expect.objectContaining({ name: "BrokenInput", resource: path }),
    );
  });

  it("takes an object that stands in two places, which is not a cycle", () => {
    const zone = { id: "use1-az1" };
    expect(canonicalJson([zone, zone])).toBe('[{"id":"use1-az1"},{"id":"use1-az1"}]');
  });

  it("says the same of equal values, whatever the order of their keys, and loses nothing", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: anyCharacter }), (value) => {
        const plain: unknown = JSON.parse(JSON.stringify(value));
        const spelled = canonicalJson(plain);
        expect(canonicalJson(turned(plain))).toBe(spelled);
        expect(JSON.parse(spelled)).toEqual(plain);
      }),
    );
  });

  it("spells a policy", () => {
    expect(canonicalJson(effectivePolicy("LINEAR"))).toMatch(
      /^\{"acceptChangeOf":\[\],"acceptIacDrift":false,/,
    );
  });
});
