import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  compileCondition,
  isComparisonOperator,
  judgeOperand,
} from "../../../local/interpreter/choice.ts";
import type { Json } from "../../../local/interpreter/json.ts";

const judge = (rule: Json, input: Json): boolean => compileCondition(rule)(input);

const values: Json = {
  yes: true,
  no: false,
  zero: 0,
  two: 2,
  three: 3,
  a: "a",
  b: "b",
  file: "log-2026*.txt",
  nothing: null,
  early: "2026-01-05T12:00:00Z",
  sameElsewhere: "2026-01-05T13:00:00+01:00",
  late: "2026-01-05T12:00:00.001Z",
  list: [1],
};

describe("comparisons", () => {
  it.each<[string, string, Json, boolean]>([
    ["yes", "BooleanEquals", true, true],
    ["yes", "BooleanEquals", false, false],
    ["a", "BooleanEquals", true, false],
    ["yes", "BooleanEqualsPath", "$.no", false],
    ["no", "BooleanEqualsPath", "$.no", true],
    ["two", "NumericEquals", 2, true],
    ["a", "NumericEquals", 2, false],
    ["two", "NumericLessThan", 3, true],
    ["two", "NumericLessThan", 2, false],
    ["two", "NumericLessThanEquals", 2, true],
    ["two", "NumericGreaterThan", 1, true],
    ["two", "NumericGreaterThanEquals", 3, false],
    ["two", "NumericLessThanPath", "$.three", true],
    ["two", "NumericGreaterThanEqualsPath", "$.a", false],
    ["a", "StringEquals", "a", true],
    ["two", "StringEquals", "2", false],
    ["a", "StringLessThan", "b", true],
    ["b", "StringGreaterThanEquals", "b", true],
    ["a", "StringGreaterThanPath", "$.b", false],
    ["a", "StringLessThanEqualsPath", "$.a", true],
    ["file", "StringMatches", "log-*.txt", true],
    ["file", "StringMatches", "log-2026\\*.txt", true],
    ["a", "StringMatches", "\\*", false],
    ["a", "StringMatches", ".", false],
    ["early", "TimestampEquals", "2026-01-05T12:00:00Z", true],
    ["early", "TimestampEqualsPath", "$.sameElsewhere", true],
    ["early", "TimestampLessThanPath", "$.late", true],
    ["early", "TimestampLessThan", "2026-01-05T12:00:00Z", false],
    ["early", "TimestampLessThanEquals", "2026-01-05T12:00:00Z", true],
    ["late", "TimestampGreaterThan", "2026-01-05T12:00:00Z", true],
    ["late", "TimestampGreaterThanEqualsPath", "$.early", true],
    ["a", "TimestampEquals", "2026-01-05T12:00:00Z", false],
    ["nothing", "IsNull", true, true],
    ["a", "IsNull", false, true],
    ["two", "IsNumeric", true, true],
    ["a", "IsNumeric", false, true],
    ["a", "IsString", true, true],
    ["list", "IsString", false, true],
    ["no", "IsBoolean", true, true],
    ["early", "IsTimestamp", true, true],
    ["a", "IsTimestamp", true, false],
    ["nothing", "IsPresent", true, true],
    ["absent", "IsPresent", true, false],
    ["absent", "IsPresent", false, true],
  ])("%s %s %j is %s", (...row) => {
    const [variable, operator, operand, expected] = row;
    expect(judge({ Variable: `$.${variable}`, [operator]: operand }, values)).toBe(expected);
  });

  it("fails on a variable that is absent, except with IsPresent", () => {
    expect(() => judge({ Variable: "$.absent", IsNull: true }, values)).toThrow("States.Runtime");
    expect(() => judge({ Variable: "$.two", NumericEqualsPath: "$.absent" }, values)).toThrow(
      "Invalid path '$.absent'",
    );
  });
});

describe("And, Or, Not", () => {
  const flag = (name: string): Json => ({ Variable: `$.${name}`, BooleanEquals: true });

  it("combine as logic does", () => {
    fc.assert(
      fc.property(fc.boolean(), fc.boolean(), (a, b) => {
        expect(judge({ And: [flag("a"), flag("b")] }, { a, b })).toBe(a && b);
        expect(judge({ Or: [flag("a"), flag("b")] }, { a, b })).toBe(a || b);
        expect(judge({ Not: flag("a") }, { a })).toBe(!a);
        expect(judge({ Not: { And: [flag("a"), { Not: flag("b") }] } }, { a, b })).toBe(!(a && !b));
      }),
    );
  });

  it("stop at the first rule that decides, so that a guard protects what follows", () => {
    const guarded = { And: [{ Variable: "$.a", IsPresent: true }, flag("a")] };
    expect(judge(guarded, {})).toBe(false);
  });
});

describe("order", () => {
  it.each(["Numeric", "Timestamp"])("%s comparisons agree with each other", (kind) => {
    const at = (value: number): Json =>
      kind === "Numeric" ? value : new Date(value).toISOString();
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 0, max: 4e12 }), (x, y) => {
        const is = (order: string): boolean =>
          judge({ Variable: "$.x", [`${kind}${order}Path`]: "$.y" }, { x: at(x), y: at(y) });
        expect(is("LessThan")).toBe(x < y);
        expect(is("GreaterThanEquals")).toBe(x >= y);
        expect(is("Equals")).toBe(x === y);
      }),
    );
  });
});

describe("operators", () => {
  it("are known by their names only", () => {
    expect(isComparisonOperator("StringMatches")).toBe(true);
    expect(isComparisonOperator("StringMatchesPath")).toBe(false);
    expect(isComparisonOperator("NumericAbout")).toBe(false);
    expect(isComparisonOperator("Variable")).toBe(false);
  });

  it.each([
    ["NumericEquals", "2"],
    ["StringEquals", 2],
    ["TimestampLessThan", "yesterday"],
    ["BooleanEqualsPath", "no path"],
    ["IsPresent", "yes"],
  ] as const)("%s refuses the operand %j", (operator, operand) => {
    expect(judgeOperand(operator, operand)).toMatch(/^must be/u);
  });
});
