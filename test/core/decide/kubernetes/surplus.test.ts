import { describe, expect, it } from "@jest/globals";
import { isAbsorbed, whyAbsorbed } from "../../../../core/decide/kubernetes/surplus.ts";

const size = (desiredCapacity: number, minSize = 1) => ({
  asgName: "nodes",
  desiredCapacity,
  minSize,
});

describe("the place that we have added to a group of three", () => {
  it.each([
    ["is ours while four are asked for", size(4), false],
    ["is taken by who sets the old size again", size(3), true],
    ["is taken by who sets less", size(2), true],
    ["is taken by who sets more", size(6), true],
    ["is taken by a minimum that needs it", size(4, 4), true],
    ["is ours above a lower minimum", size(4, 3), false],
  ])("%s", (_what, group, expected) => {
    expect(isAbsorbed(group, 3)).toBe(expected);
    expect(whyAbsorbed(group, 3) !== undefined).toBe(expected);
  });

  it("is named with what is asked for now and was before", () => {
    expect(whyAbsorbed(size(6), 3)).toContain("asked for 6 nodes (minimum 1) by somebody else");
    expect(whyAbsorbed(size(6), 3)).toContain("not for the 3 of before and our one");
  });
});
