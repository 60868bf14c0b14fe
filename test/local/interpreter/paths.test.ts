import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Json } from "../../../local/interpreter/json.ts";
import {
  parsePath,
  parseResultPath,
  placeResult,
  readPath,
} from "../../../local/interpreter/paths.ts";

describe("reference paths", () => {
  const input: Json = { a: { b: [10, { "c d": null }] }, "x-y": 1, ä: 2 };

  it.each<[string, Json]>([
    ["$", input],
    ["$.a.b[0]", 10],
    ["$.a.b[1]['c d']", null],
    ["$['a']['b'][0]", 10],
    ["$.x-y", 1],
    ["$.ä", 2],
  ])("%s leads to %j", (text, expected) => {
    const path = parsePath(text);
    expect(path && readPath(path, input)).toEqual({ isFound: true, value: expected });
  });

  it.each(["$.a.c", "$.a.b[2]", "$.a[0]", "$.a.b.length", "$.toString"])(
    "%s leads nowhere",
    (text) => {
      const path = parsePath(text);
      expect(path && readPath(path, input)).toEqual({ isFound: false });
    },
  );

  it.each([
    "a",
    "$.",
    "$a",
    "$..a",
    "$.*",
    "$.a[*]",
    "$.a[-1]",
    "$.a[0:1]",
    "$.a[?(@.b)]",
    "$.a b",
    '$["a"]',
    "$$",
    "$$.Execution.Id",
  ])("%s is outside of the subset", (text) => {
    expect(parsePath(text)).toBeUndefined();
  });
});

describe("ResultPath", () => {
  it("takes names below $ only", () => {
    expect(parseResultPath("$")).toEqual([]);
    expect(parseResultPath("$.a['b c']")).toEqual(["a", "b c"]);
    expect(parseResultPath("$.a[0]")).toBeUndefined();
    expect(parseResultPath("$$.a")).toBeUndefined();
  });

  it("puts the result where the path then finds it, and changes nothing else", () => {
    const names = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 3 });
    const inputs = fc.dictionary(fc.constantFrom("a", "b", "c", "other"), fc.jsonValue());
    fc.assert(
      fc.property(names, inputs, (path, given) => {
        const input = given as Json;
        const before = JSON.stringify(input);
        const output = placeResult(input, path, "result");
        const parsed = parsePath(`$.${path.join(".")}`);
        expect(parsed && readPath(parsed, output)).toEqual({
          isFound: true,
          value: "result",
        });
        expect(JSON.stringify(input)).toBe(before);
        expect(output).toMatchObject(
          Object.fromEntries(Object.entries(given).filter(([name]) => name !== path[0])),
        );
      }),
    );
  });

  it("fails on an input that is not an object", () => {
    expect(() => placeResult([1], ["a"], 1)).toThrow("States.ResultPathMatchFailure");
  });
});
