import { describe, expect, it } from "@jest/globals";
import { changesOf } from "../../../core/model/intent.ts";
import type { GroupSummary } from "../../../local/cloud/autoscaling/control.ts";
import type { FaultCall } from "../../../local/cloud/faults.ts";
import { harmCall, isMutation, refusals } from "../../../local/lab/harm.ts";
import { complaintsAboutGroup } from "../../../local/lab/group-judge.ts";
import {
  createGroupLab,
  type GroupLab,
  type GroupLabOptions,
} from "../../../local/lab/group-lab.ts";
import { createGroupOwner } from "../../../local/lab/group-owner.ts";

type Lab = GroupLab & { readonly before: GroupSummary };

const labOf = async (options: GroupLabOptions): Promise<Lab> => {
  const lab = await createGroupLab(options);
  const before = lab.group();
  if (before === undefined) throw new Error("The laboratory has no group.");
  return { ...lab, before };
};

const isOurs = ({ caller }: FaultCall): boolean => caller.sessionName !== undefined;

/** Right after our nth call of the operation. */
const after = (
  { platform }: GroupLab,
  call: { readonly operation: string; readonly nth: number },
  happens: () => unknown,
): void => {
  let seen = 0;
  platform.cloud.faults.after(async (made) => {
    if (made.operation !== call.operation || !isOurs(made)) return;
    seen += 1;
    if (seen === call.nth) await happens();
  });
};

const onSpot = (group: GroupSummary | undefined): readonly string[] =>
  (group?.members ?? [])
    .filter(({ lifecycle }) => lifecycle === "spot")
    .map(({ instanceId }) => instanceId);

describe("a replacement that EC2 takes back after it has joined", () => {
  it("leaves no place behind: the group ends as large as its owner asks for", async () => {
    const lab = await labOf({ size: 4, max: 6, zones: 1, policy: { batch_size: 4 } });
    after(lab, { operation: "SetInstanceProtection", nth: 3 }, () => {
      const [taken = ""] = onSpot(lab.group());
      lab.platform.ec2.control.interrupt(taken, { noticeSeconds: 0 });
    });
    const ending = await lab.run();
    expect(ending.status).toBe("PARTLY_SWITCHED");
    expect(ending.swaps.filter(({ stage }) => stage === "DONE")).toHaveLength(3);
    expect(ending.group?.desired).toBe(4);
    expect(complaintsAboutGroup(lab, ending, { ...lab, asked: 3 })).toEqual([]);
  });

  it("leaves none behind where a scale-in of the owner's takes it at once", async () => {
    const lab = await labOf({ size: 1, min: 0, max: 1, policy: { batch_size: 1 } });
    const { control } = lab.platform.autoScaling;
    after(lab, { operation: "UpdateAutoScalingGroup", nth: 1 }, () => {
      control.applyPolicy(lab.name, { desired: 0 });
    });
    const ending = await lab.run();
    expect(ending.group?.desired).toBe(0);
    expect(ending.group?.max).toBe(1);
  });
});

describe("a maximum", () => {
  it("that its owner sets between two raises is what is put back", async () => {
    const lab = await labOf({ size: 4, max: 4, policy: { batch_size: 3 } });
    const { control } = lab.platform.autoScaling;
    after(lab, { operation: "AttachInstances", nth: 1 }, () => {
      control.raiseMaximum(lab.name, 5);
    });
    const ending = await lab.run();
    expect(changesOf(ending.intents, "RAISE_MAX").map(({ maxOriginal }) => maxOriginal)).toEqual(
      expect.arrayContaining([4, 5]),
    );
    expect(ending.group?.max).toBe(5);
  });
});

describe("a maximum that its owner lowers", () => {
  it("right before it is raised is what is put back", async () => {
    const lab = await labOf({ size: 4, max: 5, zones: 2, policy: { batch_size: 2 } });
    const owner = createGroupOwner(lab.platform, lab.name);
    after(lab, { operation: "SuspendProcesses", nth: 1 }, () =>
      owner.act({ kind: "SIZES", max: 4 }),
    );
    const ending = await lab.run();
    expect(owner.refused).toEqual([]);
    expect(ending.status).toBe("SWITCHED");
    expect(ending.group?.max).toBe(4);
  });
});

describe("AZRebalance that its owner suspends", () => {
  it("right before we resume it stays suspended", async () => {
    const lab = await labOf({ size: 2, zones: 2, isBehindLoadBalancer: false });
    const owner = createGroupOwner(lab.platform, lab.name);
    harmCall(lab.platform, {
      harm: "unauthorized",
      nth: 1,
      matches: (call) => isOurs(call) && call.operation === "AttachInstances",
    });
    // A second after our own: by the reason that AWS shows, with its second, two of one second can't be told apart.
    after(lab, { operation: "TerminateInstances", nth: 1 }, async () => {
      await lab.platform.clock.wait(1_000);
      await owner.act({ kind: "SUSPEND", processes: ["AZRebalance"] });
    });
    const ending = await lab.run();
    expect(ending.status).toBe("ROLLED_BACK");
    expect(ending.group?.suspended).toEqual(["AZRebalance"]);
  });
});

describe("AZRebalance that its owner suspends after the step that had suspended it has died", () => {
  it("stays suspended: it is known by the reason that the group showed right after that", async () => {
    const lab = await labOf({ size: 2, zones: 2, isBehindLoadBalancer: false });
    const owner = createGroupOwner(lab.platform, lab.name);
    harmCall(lab.platform, {
      harm: "function killed after acting",
      nth: 1,
      matches: (call) => isOurs(call) && call.operation === "SuspendProcesses",
    });
    after(lab, { operation: "TerminateInstanceInAutoScalingGroup", nth: 1 }, () =>
      owner.act({ kind: "SUSPEND", processes: ["AZRebalance"] }),
    );
    const ending = await lab.run();
    expect(ending.status).toBe("SWITCHED");
    expect(ending.group?.suspended).toEqual(["AZRebalance"]);
  });
});

describe("a scale-out before the attach", () => {
  it("is not taken for one of now by a step that dies after its next call", async () => {
    const lab = await labOf({ size: 4, max: 12, policy: { batch_size: 2 } });
    const { control } = lab.platform.autoScaling;
    after(lab, { operation: "RunInstances", nth: 2 }, () => {
      control.applyPolicy(lab.name, { desired: 5 });
    });
    after(lab, { operation: "AttachInstances", nth: 1 }, () => {
      throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
    });
    const ending = await lab.run();
    expect(ending.status).toBe("SWITCHED");
    expect(ending.group?.desired).toBe(5);
  });
});

describe("a scale-out between our last look and the attach", () => {
  it("is what is asked for, and our surplus is ours: the originals leave, and the group ends as large as its owner wants it", async () => {
    const lab = await labOf({ size: 4, max: 12, policy: { batch_size: 2 } });
    const { cloud, autoScaling } = lab.platform;
    let isDone = false;
    cloud.faults.before((call) => {
      if (isDone || call.operation !== "AttachInstances") return;
      isDone = true;
      autoScaling.control.applyPolicy(lab.name, { desired: 6 });
    });
    const ending = await lab.run();
    expect(isDone).toBe(true);
    expect(ending.swaps.filter(({ stage }) => stage === "ABSORBED")).toEqual([]);
    expect(ending.group?.desired).toBe(6);
  });
});

describe("a roll-back that dies right after one of its detaches", () => {
  it("takes the other replacements back too, and does not take the smaller group for its owner's wish", async () => {
    const lab = await labOf({ size: 4, policy: { batch_size: 3 } });
    const isOurs = isMutation(lab.account.accountId);
    lab.platform.cloud.faults.before((call) => {
      if (call.operation === "TerminateInstanceInAutoScalingGroup") throw refusals.unauthorized();
    });
    const harmed = harmCall(lab.platform, {
      harm: "function killed after acting",
      nth: 1,
      matches: (call) => call.operation === "DetachInstances" && isOurs(call),
    });
    const ending = await lab.run();
    expect(harmed.isDone()).toBe(true);
    expect(ending.status).toBe("ROLLED_BACK");
    expect(ending.swaps.map(({ stage }) => stage)).toEqual(["UNDONE", "UNDONE", "UNDONE"]);
    expect(complaintsAboutGroup(lab, ending, lab)).toEqual([]);
  });
});

describe("an attach whose answer is lost, at the group's maximum", () => {
  it("is known by its members: its room is not taken for the owner's, and no place is left of one that EC2 takes back", async () => {
    const lab = await labOf({ size: 4, max: 4, policy: { batch_size: 3 } });
    const { clock, cloud, ec2 } = lab.platform;
    let taken = "";
    cloud.faults.before((call) => {
      if (call.operation !== "AttachInstances" || taken !== "") return;
      const { InstanceIds: [, second = ""] = [] } = call.input as {
        readonly InstanceIds?: readonly string[];
      };
      taken = second;
    });
    after(lab, { operation: "AttachInstances", nth: 1 }, () => {
      clock.schedule(clock.now() + 500, () => {
        ec2.control.interrupt(taken, { noticeSeconds: 0 });
      });
      throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
    });
    const ending = await lab.run();
    expect(ending.swaps.filter(({ stage }) => stage === "ABSORBED")).toEqual([]);
    expect(ending.group).toMatchObject({ desired: 4, max: 4 });
    expect(complaintsAboutGroup(lab, ending, lab)).toEqual([]);
  });
});

describe("AZRebalance that can't be suspended", () => {
  it("AZRebalance that we could not suspend: nothing is attached, and what was launched is ended", async () => {
    const lab = await labOf({ size: 4, zones: 2, policy: { batch_size: 2 } });
    lab.platform.cloud.faults.before((call) => {
      if (call.operation === "SuspendProcesses" && isOurs(call)) throw refusals.unauthorized();
    });
    const ending = await lab.run();
    expect(ending.status).toBe("ROLLED_BACK");
    expect(ending.effects.map(({ action }) => action)).not.toContain("AttachInstances");
    expect(onSpot(ending.group)).toEqual([]);
    expect(complaintsAboutGroup(lab, ending, lab)).toEqual([]);
  });
});
