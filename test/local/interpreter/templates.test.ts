import { describe, expect, it } from "@jest/globals";
import { compileTemplate } from "../../../local/interpreter/templates.ts";

describe("templates", () => {
  it("evaluate keys that end in .$ at any depth, and leave the rest", () => {
    const template = compileTemplate({
      plain: "$.a",
      "a.$": "$.a",
      deep: [{ "b.$": "$.a" }, 1],
    });
    expect(template({ a: 7 })).toEqual({ plain: "$.a", a: 7, deep: [{ b: 7 }, 1] });
  });

  it("name path, field and input when a path leads nowhere", () => {
    expect(() => compileTemplate({ "x.$": "$.gone" })({ a: 1 })).toThrow(
      "The JSONPath '$.gone' specified for the field 'x.$' could not be found in the input '{\"a\":1}'",
    );
  });
});
