/** The judge of random conversions: what it excuses by the facts of a case, and that a wrong of that kind is seen all the same. */
import { describe, expect, it } from "@jest/globals";
import type { GroupLab, GroupLabOptions } from "../../../local/lab/group-lab.ts";
import { runGroupCase } from "../../../local/property/cluster/case.ts";
import type { Interference } from "../../../local/property/cluster/interference.ts";
import { desiredFound, judgeCase } from "../../../local/property/cluster/judge.ts";
import { runTwin, runWithUs } from "../../../local/property/cluster/runs.ts";
import { doing, type Wrong } from "./wrong.ts";

/** Our calls: the claim, two launches, the hold, the attach, the protection of what was attached, the release, two removals. */
const options: GroupLabOptions = {
  size: 2,
  max: 5,
  zones: 1,
  isBehindLoadBalancer: false,
  policy: { batch_size: 2 },
  settings: { jitter: 0 },
};

const judged = async (
  interferences: readonly Interference[],
  wrong?: Wrong,
): Promise<readonly string[]> => {
  const drawn = { interferences, faults: wrong === undefined ? [] : [doing(wrong)] };
  const own = await runWithUs(options, drawn);
  return judgeCase(own, await runTwin(options, own));
};

const firstOf = (lab: GroupLab): string => lab.group()?.members[0]?.instanceId ?? "";

describe("a protection by hand", () => {
  const protect = { kind: "PROTECT", member: 0, isProtected: true } as const;

  it("while we hold the member could not be seen: it is released with our hold", async () => {
    const act = { trigger: { kind: "AFTER_CALL", nth: 5 }, act: protect } as const;
    expect(await judged([act])).toEqual([]);
  });

  it("before that stands, and whoever takes it off is found", async () => {
    const act = { trigger: { kind: "AT", afterSeconds: 100 }, act: protect } as const;
    expect(await judged([act])).toEqual([]);
    const found = await judged([act], {
      after: "AttachInstances",
      operation: "SetInstanceProtection",
      input: (lab) => ({ InstanceIds: [firstOf(lab)], ProtectedFromScaleIn: false }),
    });
    expect(found).toContainEqual(expect.stringContaining("protected are , without us i-"));
  });

  it("that we leave is found", async () => {
    const found = await judged([], {
      after: "DeleteTags",
      operation: "SetInstanceProtection",
      input: (lab) => ({ InstanceIds: [firstOf(lab)], ProtectedFromScaleIn: true }),
    });
    expect(found).toContainEqual(expect.stringContaining("is still protected from scale-in"));
  });
});

describe("a member that EC2 takes back", () => {
  it("is missing in both runs, and one that we take beside it is found", async () => {
    const act = {
      trigger: { kind: "AT", afterSeconds: 600 },
      act: { kind: "INTERRUPT", replacement: 0, noticeSeconds: 0 },
    } as const;
    expect(await judged([act])).toEqual([]);
    const found = await judged([act], {
      after: "DeleteTags",
      operation: "TerminateInstanceInAutoScalingGroup",
      input: (lab) => ({ InstanceId: firstOf(lab), ShouldDecrementDesiredCapacity: false }),
    });
    expect(found).toContainEqual(expect.stringContaining("1 members serve, 2 are asked for"));
  });
});

describe("AZRebalance that its owner has suspended", () => {
  it("stays so, and whoever resumes it is found", async () => {
    const suspend = { kind: "SUSPEND", processes: ["AZRebalance"] } as const;
    const act = { trigger: { kind: "AT", afterSeconds: 100 }, act: suspend } as const;
    expect(await judged([act])).toEqual([]);
    const found = await judged([act], {
      after: "DeleteTags",
      operation: "ResumeProcesses",
      input: () => ({ ScalingProcesses: ["AZRebalance"] }),
    });
    expect(found).toContainEqual('suspended is [], without us ["AZRebalance"]');
  });
});

describe("a maximum", () => {
  it("that we change and nobody puts back is found, though the janitor has come", async () => {
    const found = await judged([], {
      after: "DeleteTags",
      operation: "UpdateAutoScalingGroup",
      input: () => ({ MaxSize: 9 }),
    });
    expect(found).toContainEqual("max is 9, without us 5");
  });
});

describe("a desired capacity that is set to what stands already, with our surplus in it", () => {
  const sizes = { kind: "SIZES", min: 3, max: 5, desired: 4 } as const;
  const act = { trigger: { kind: "AFTER_CALL", nth: 6 }, act: sizes } as const;

  it("can't be seen, and the minimum that is set with it is kept", async () => {
    expect(await judged([act])).toEqual([]);
  });

  it("is found where more or less is left than is asked for, or the minimum", () => {
    const found = (asked: number, desired: number) =>
      desiredFound({ asked, desired }, [{ min: 3 }, { desired: 6 }]);
    expect([found(2, 3), found(4, 4), found(2, 6)]).toEqual([[], [], []]);
    expect(found(2, 4)).toEqual(["desired is 4, asked for are 3"]);
    expect(found(5, 4)).toEqual(["desired is 4, asked for are 5"]);
  });
});

describe("cases that were broken once", () => {
  it.each([
    ["the group balances its zones while the second original is to leave", 1, 1040],
    ["a refresh takes a member in the instant of our detach", 6, 1537],
    ["the owner lowers the maximum right before it is raised", 6, 93],
    ["a maximum is left to the janitor", 6, 2007],
    ["AZRebalance is left to the janitor", 1, 2151],
    ["EC2 takes a replacement, and our surplus lets the owner end its original", 1, 911],
    ["a member that has ended is ended by name", 1, 1899],
    ["one is lost while a refresh goes on", 1, 1595],
    ["one is silent while a refresh goes on", 5, 124],
    ["the place of a member that has left is of another zone", 5, 1487],
    ["a policy lowers the group while it launches for another one", 5, 2007],
    ["a policy sets what stands with our surplus, and a schedule more", 5, 2291],
    ["a schedule lowers the group while it replaces what EC2 has taken", 6, 415],
    ["a member that is held is protected by hand, and refreshed", 6, 812],
    ["a member is protected by hand between our look and our hold", 6, 1506],
    ["the owner takes a member, and the group balances its zones with us alone", 9, 711],
    ["whom others replaced meanwhile is taken, and the zones balanced with us alone", 9, 1352],
    ["EC2 takes a replacement, and its owner deletes the group", 9, 2056],
    ["a member is protected by hand right after AZRebalance was suspended", 9, 4222],
    ["EC2 takes a replacement, and its owner's scale-in takes an original", 9, 4822],
    ["the owner scales out between our last look and the attach", 11, 3942],
    ["a refresh takes a replacement in the instant in which it is detached", 11, 4655],
    ["AZRebalance is suspended between our look and our call that resumes it", 12, 245],
    ["the group has room for a scale-out with us alone, and is lowered again", 12, 320],
    ["the owner lowers the maximum while another is launched for what EC2 has taken", 12, 1247],
    ["a refresh replaces what we had attached, too", 12, 1672],
    ["the group balances its zones once those have drained whom we detached", 12, 4199],
    ["a member is lost between our look and the removal of an original", 14, 2344],
    [
      "a function dies once the first of two places is taken off that replacements have left",
      19,
      765,
    ],
    ["the owner scales out in the instant in which the group looks", 23, 4724],
    ["a policy lowers the group in the instant in which an original is asked to leave", 41, 310],
  ])("hold where %s (seed %i, case %i)", async (_, seed, number) => {
    const { violations } = await runGroupCase({ seed, number });
    expect(violations).toEqual([]);
  });

  it.each([
    ["our suspension is resumed before we can look at it, and its owner's comes later", 15, 540],
    ["EC2 takes a member while no application answers", 21, 2128],
    ["a refresh takes an original in the instant in which we ask it to leave", 22, 638],
  ])("hold on the way back where %s (seed %i, case %i)", async (_, seed, number) => {
    const { violations } = await runGroupCase({ seed, number, isWayBack: true });
    expect(violations).toEqual([]);
  });
});
