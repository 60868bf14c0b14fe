import { describe, expect, it } from "@jest/globals";
import { errorNames, familyOf, SpotOptimizerError } from "../../core/errors.ts";

describe("the family of an error", () => {
  it.each(errorNames)("of %s is told by the error and by its name", (name) => {
    const [family] = /^(Retryable|Stale|Broken)/.exec(name) ?? [];
    expect(family).toBeDefined();
    expect(familyOf(name)).toBe(family);
    expect(familyOf(new SpotOptimizerError(name, "A sentence."))).toBe(family);
  });

  it.each([
    ["an unknown name", "BrokenPromise"],
    ["a part of a name", "Broken"],
    ["the platform's own", "States.Timeout"],
    ["an error that only bears the name", Object.assign(new Error("x"), { name: "BrokenInput" })],
    ["nothing", undefined],
  ])("of %s is none", (_what, thrown) => {
    expect(familyOf(thrown)).toBeUndefined();
  });
});
