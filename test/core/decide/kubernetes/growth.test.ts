import { describe, expect, it } from "@jest/globals";
import { judgeGrowth, whyNoGrowth } from "../../../../core/decide/kubernetes/growth.ts";

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

describe("a Spot node group that is to grow", () => {
  const nodeGroup = { name: "spot", status: "ACTIVE", desiredSize: 2, maxSize: 3 } as const;
  const group = { asgName: "eks-spot", desiredCapacity: 2 };

  it("may, where EKS and its group say the same", () => {
    expect(whyNoGrowth(nodeGroup, group)).toBeUndefined();
  });

  it.each([
    ["is being updated", { ...nodeGroup, status: "UPDATING" }, group, "UPDATING"],
    ["is at its maximum", { ...nodeGroup, maxSize: 2 }, group, "maximum of 2"],
    [
      "has another size by its group, which an autoscaler has set, than by EKS",
      nodeGroup,
      { ...group, desiredCapacity: 4 },
      "2 nodes by EKS, and 4 by its group eks-spot",
    ],
  ] as const)("waits while it %s", (_what, shown, behind, sentence) => {
    expect(whyNoGrowth(shown, behind)).toContain(sentence);
  });
});
