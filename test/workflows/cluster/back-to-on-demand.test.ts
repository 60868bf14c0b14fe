/** The way back of a group to On-Demand, whichever of its calls a function dies at. */
import { describe, expect, it } from "@jest/globals";
import { complaintsAboutGroup } from "../../../local/lab/group-judge.ts";
import { createGroupOnSpot, type GroupLab } from "../../../local/lab/group-lab.ts";
import { createKiller, harmCall, isMutation } from "../../../local/lab/harm.ts";

/** Its one member stands on Spot. */
const onSpot = async (): Promise<{
  readonly lab: GroupLab;
  readonly before: NonNullable<ReturnType<GroupLab["group"]>>;
}> => {
  const lab = await createGroupOnSpot({ size: 1, zones: 1 });
  const before = lab.group();
  if (before?.members[0]?.lifecycle !== "spot") throw new Error("It does not stand on Spot.");
  return { lab, before };
};

const callsOf = async (): Promise<readonly string[]> => {
  const { lab } = await onSpot();
  const calls: string[] = [];
  const matches = isMutation(lab.name.accountId);
  lab.platform.cloud.faults.before((call) => {
    if (matches(call)) calls.push(call.operation);
  });
  await lab.run("ON_DEMAND");
  return calls;
};

const calls = await callsOf();
const all = calls.map((operation, index) => ({ operation, nth: index + 1 }));
const removal = calls.indexOf("TerminateInstanceInAutoScalingGroup") + 1;

describe("a way back of one member", () => {
  it("makes the calls of a conversion", () => {
    expect(calls).toEqual([
      "CreateOrUpdateTags",
      "RunInstances",
      "RegisterTargets",
      // It is held, its replacement is protected, and it is released.
      "SetInstanceProtection",
      "AttachInstances",
      "SetInstanceProtection",
      "SetInstanceProtection",
      "TerminateInstanceInAutoScalingGroup",
      "SetInstanceProtection",
      "DeleteTags",
    ]);
  });

  it.each(all)("survives a function that dies before call $nth ($operation)", async ({ nth }) => {
    const { lab, before } = await onSpot();
    const matches = isMutation(lab.name.accountId);
    const killer = createKiller();
    let seen = 0;
    lab.platform.cloud.faults.before((call) => {
      if (!matches(call)) return undefined;
      seen += 1;
      return seen === nth && killer.deaths === 0 ? killer.die() : undefined;
    });
    const ending = await lab.run("ON_DEMAND");
    expect(killer.deaths).toBe(1);
    expect(complaintsAboutGroup(lab, ending, { before })).toEqual([]);
    expect(ending.status).toBe("FELL_BACK");
  });

  it.each(all.filter(({ nth }) => nth < removal))(
    "is undone, and the Spot member serves on, when call $nth ($operation) is not authorized",
    async ({ nth }) => {
      const { lab, before } = await onSpot();
      const matches = isMutation(lab.name.accountId);
      harmCall(lab.platform, { harm: "unauthorized", nth, matches });
      const ending = await lab.run("ON_DEMAND");
      expect(complaintsAboutGroup(lab, ending, { before })).toEqual([]);
      expect(ending.status).toBe("ROLLED_BACK");
      expect(lab.group()?.members.map(({ instanceId }) => instanceId)).toEqual(
        before.members.map(({ instanceId }) => instanceId),
      );
    },
  );
});
