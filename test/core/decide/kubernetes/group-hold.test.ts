import { expect, it } from "@jest/globals";
import { whyGroupHolds } from "../../../../core/decide/kubernetes/group-hold.ts";

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
