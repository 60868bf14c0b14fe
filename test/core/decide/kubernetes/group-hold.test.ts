import { expect, it } from "@jest/globals";
import { whyAtMinimum, whyGroupHolds } from "../../../../core/decide/kubernetes/group-hold.ts";

it.each([
  ["ACTIVE", undefined],
  // Its health issues are told of beforehand; nobody works on it.
  ["DEGRADED", undefined],
  ["UPDATING", "Node group workers is UPDATING"],
  ["DELETING", "Node group workers is DELETING"],
])("a node group that is %s holds: %s", (status, sentence) => {
  const why = whyGroupHolds("workers", { status });
  if (sentence === undefined) expect(why).toBeUndefined();
  else expect(why).toContain(sentence);
});

it("a node group that EKS does not show any longer holds", () => {
  expect(whyGroupHolds("workers", undefined)).toContain("does not show");
});

it("a node leaves a group that is above its minimum alone", () => {
  const sizes = { asgName: "eks-workers-1", minSize: 2 };
  expect(whyAtMinimum({ ...sizes, desiredCapacity: 3 })).toBeUndefined();
  expect(whyAtMinimum({ ...sizes, desiredCapacity: 2 })).toContain("minimum of 2");
});
