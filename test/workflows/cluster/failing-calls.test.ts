import { describe, expect, it } from "@jest/globals";
import { complaintsAboutGroup } from "../../../local/lab/group-judge.ts";
import { allHarms, harmDay, recordDay } from "./call-matrix.ts";

/** At the group's maximum, which is raised for it. */
const plain = await recordDay({
  name: "a conversion of two members",
  options: { size: 2, max: 2, policy: { batch_size: 2 } },
});

const all = plain.cells.map(({ action, nth }) => ({ operation: action.split(":")[1] ?? "", nth }));
const calls = all.map(({ operation }) => operation);

/** Once the first original has been asked to leave, a conversion stands in part at least. */
const removal = "TerminateInstanceInAutoScalingGroup";
const firstRemoval = calls.indexOf(removal) + 1;
const lastRemoval = calls.lastIndexOf(removal) + 1;

describe("a conversion of two members", () => {
  it("makes these calls", () => {
    expect(calls).toEqual([
      "CreateOrUpdateTags",
      "RunInstances",
      "RunInstances",
      "RegisterTargets",
      "SuspendProcesses",
      "UpdateAutoScalingGroup",
      // All are held, the replacements are protected, the others are released.
      "SetInstanceProtection",
      "AttachInstances",
      "SetInstanceProtection",
      "SetInstanceProtection",
      "TerminateInstanceInAutoScalingGroup",
      "TerminateInstanceInAutoScalingGroup",
      "SetInstanceProtection",
      "ResumeProcesses",
      "UpdateAutoScalingGroup",
      "DeleteTags",
    ]);
  });

  const harmed = all.flatMap((step) =>
    allHarms.filter((harm) => harm !== "kill switch").map((harm) => ({ ...step, harm })),
  );

  it.each(harmed)(
    "leaves the group as it was, on Spot or not, when call $nth ($operation) meets: $harm",
    async ({ nth, harm }) => {
      const { lab, ending, isDone } = await harmDay(plain, { nth, harm });
      expect(isDone).toBe(true);
      expect(complaintsAboutGroup(lab, ending, lab)).toEqual([]);
      const { sentence } = ending.evaluation.outcome ?? {};
      if (harm !== "unauthorized") expect(ending.status).toBe("SWITCHED");
      else if (nth < firstRemoval) expect(ending.status).toBe("ROLLED_BACK");
      else if (nth > lastRemoval) {
        expect(ending.status).toBe("NEEDS_OPERATOR");
        expect(sentence).toContain("You are not authorized");
        expect(sentence).toContain("roll the evaluation back again");
      }
    },
  );

  it.each(all)("honours the kill switch before call $nth ($operation)", async ({ nth }) => {
    const { lab, ending } = await harmDay(plain, { nth, harm: "kill switch" });
    expect(complaintsAboutGroup(lab, ending, lab)).toEqual([]);
    const isBefore = nth > 1 && nth < firstRemoval;
    if (isBefore) expect(ending.status).toBe("ROLLED_BACK");
  });
});
