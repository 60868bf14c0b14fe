import { describe, expect, it } from "@jest/globals";
import { compileRule } from "../../../local/interpreter/choice.ts";
import type { Json } from "../../../local/interpreter/json.ts";

const rule = compileRule({ Variable: "$.last.kind", StringEquals: "READY", Next: "Done" });
const matches = (kind: Json): boolean => rule.matches({ last: { kind } });

describe("a rule of a Choice", () => {
  it.each<[Json, boolean]>([
    ["READY", true],
    ["WAITING", false],
    ["ready", false],
    ["READY ", false],
    [["READY"], false],
    [null, false],
    [1, false],
  ])("given %j, matches: %s", (kind, expected) => {
    expect(matches(kind)).toBe(expected);
  });

  it("ends the execution if its variable is not there", () => {
    expect(() => rule.matches({ last: {} })).toThrow("Invalid path '$.last.kind'");
  });
});
