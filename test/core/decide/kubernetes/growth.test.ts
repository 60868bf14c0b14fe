import { describe, expect, it } from "@jest/globals";
import { judgeGrowth } from "../../../../core/decide/kubernetes/growth.ts";

describe("a Spot node group that is to grow by one", () => {
  it.each([
    [2, 2, "GROW"],
    [2, 3, "GROWN"],
    [2, 6, "GROWN"],
    [2, 1, "SMALLER"],
  ] as const)(
    "asked for %i nodes before, and for %i now: %s",
    (desiredBefore, desiredNow, kind) => {
      expect(judgeGrowth({ desiredBefore, desiredNow })).toMatchObject({ kind });
    },
  );

  it("is never told a size below what it is asked for", () => {
    expect(judgeGrowth({ desiredBefore: 2, desiredNow: 2 })).toEqual({
      kind: "GROW",
      desiredSize: 3,
    });
    expect(judgeGrowth({ desiredBefore: 2, desiredNow: 6 })).not.toHaveProperty("desiredSize");
  });
});
