import { describe, expect, it } from "@jest/globals";
import { isAbsorbed, whyAbsorbed } from "../../../../core/decide/kubernetes/surplus.ts";

const size = (desiredCapacity: number, minSize = 1) => ({
  asgName: "nodes",
  desiredCapacity,
  minSize,
});

const before = { asked: 3, isOwed: false };

describe("the place that we have added to a group of three", () => {
  it.each([
    ["is ours while four are asked for", size(4), false],
    ["is taken by who sets the old size again", size(3), true],
    ["is taken by who sets less", size(2), true],
    ["is taken by who sets more", size(6), true],
    ["is taken by a minimum that needs it", size(4, 4), true],
    ["is ours above a lower minimum", size(4, 3), false],
  ])("%s", (_what, group, expected) => {
    expect(isAbsorbed(group, before)).toBe(expected);
    expect(whyAbsorbed(group, before) !== undefined).toBe(expected);
  });

  it("is named with what is asked for now and was before", () => {
    const why = whyAbsorbed(size(6), before);
    expect(why).toContain("asked for 6 nodes (minimum 1) by somebody else");
    expect(why).toContain("not for the 3 of before and our one");
  });

  it.each([2, 3, 4])(
    "never was ours where our call before has taken one of what was asked for: %i",
    (desired) => {
      const owed = { asked: 3, isOwed: true };
      expect(isAbsorbed(size(desired), owed)).toBe(true);
      expect(whyAbsorbed(size(desired), owed)).toContain("nodes was set to 3 nodes in the instant");
    },
  );
});
