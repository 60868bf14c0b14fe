/** The owner of a group gives it another target group, or takes one from it, while it is converted: what gets traffic is told by those that it names then. */
import { describe, expect, it } from "@jest/globals";
import {
  after,
  asOwner,
  callsOf,
  labOf,
  membersOf,
  replacementsOf,
  stagesOf,
  type DayLab,
} from "./group-days.ts";

const firstRemoval = "TerminateInstanceInAutoScalingGroup";
const three = { size: 3, max: 6, zones: 1, policy: { batch_size: 1 } } as const;

const addTargetGroup = ({ platform, name, before }: DayLab): string => {
  const { accountId, region } = name;
  const instanceId = before.members[0]?.instanceId ?? "";
  const vpcId = platform.ec2.control.directory.find({ accountId, region, instanceId })?.vpcId ?? "";
  return platform.elb.addTargetGroup({ accountId, region, name: "api", vpcId, port: 9000 });
};

describe("a target group that a group gets while its surplus stands", () => {
  it("is not one in which a replacement was proved: no original leaves for it, and the pair is undone", async () => {
    const lab = await labOf(three);
    const arn = addTargetGroup(lab);
    after(lab, "SetInstanceProtection", 2, () =>
      asOwner(lab)("AttachLoadBalancerTargetGroups", { TargetGroupARNs: [arn] }),
    );
    const ending = await lab.run();
    expect([stagesOf(ending.swaps), callsOf(ending, firstRemoval)]).toEqual([["UNDONE"], 0]);
    expect(ending.swaps[0]?.sentence).toContain(arn);
    expect(membersOf(ending.group).toSorted()).toEqual(membersOf(lab.before).toSorted());
    expect([ending.group?.desired, lab.capacity.broken]).toEqual([3, []]);
  });
});

describe("a target group that is taken from a group", () => {
  it("while its surplus stands is not waited for any longer: the pair is made", async () => {
    const lab = await labOf(three);
    after(lab, "AttachInstances", 1, () =>
      asOwner(lab)("DetachLoadBalancerTargetGroups", { TargetGroupARNs: [lab.targetGroupArn] }),
    );
    const ending = await lab.run();
    expect([ending.status, stagesOf(ending.swaps)]).toEqual(["PARTLY_SWITCHED", ["DONE"]]);
    expect([callsOf(ending, firstRemoval), ending.group?.desired]).toEqual([1, 3]);
  });

  it("before the attach keeps none of our replacements", async () => {
    const lab = await labOf(three);
    after(lab, "RegisterTargets", 1, () =>
      asOwner(lab)("DetachLoadBalancerTargetGroups", { TargetGroupARNs: [lab.targetGroupArn] }),
    );
    const ending = await lab.run();
    const [launched = ""] = replacementsOf(ending);
    expect(stagesOf(ending.swaps)).toEqual(["UNDONE"]);
    expect([callsOf(ending, "AttachInstances"), callsOf(ending, "DeregisterTargets")]).toEqual([
      0, 1,
    ]);
    expect(lab.platform.elb.membership.isIn(lab.targetGroupArn, launched)).toBe(false);
  });
});
