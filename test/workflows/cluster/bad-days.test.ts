import { describe, expect, it } from "@jest/globals";
import type { Swap } from "../../../core/model/swap.ts";
import { complaintsAboutGroup } from "../../../local/lab/group-judge.ts";
import {
  createGroupLab,
  type GroupLab,
  type GroupLabOptions,
} from "../../../local/lab/group-lab.ts";
import { createKiller, isMutation } from "../../../local/lab/harm.ts";
import type { GroupSummary } from "../../../local/cloud/autoscaling/control.ts";

type Lab = GroupLab & { readonly before: GroupSummary };

const labOf = async (options: GroupLabOptions): Promise<Lab> => {
  const lab = await createGroupLab(options);
  const before = lab.group();
  if (before === undefined) throw new Error("The laboratory has no group.");
  return { ...lab, before };
};

/** Right after our nth call of the operation. */
const after = (
  { platform, name }: GroupLab,
  operation: string,
  nth: number,
  happens: () => unknown,
): void => {
  let seen = 0;
  platform.cloud.faults.after(async (call) => {
    const isOurs = call.caller.accountId === name.accountId && call.caller.sessionName;
    if (call.operation !== operation || isOurs === undefined) return;
    seen += 1;
    if (seen === nth) await happens();
  });
};

/** The owner of the account calls Auto Scaling. */
const asOwner = ({ platform, name }: GroupLab) => {
  const { accountId, region } = name;
  const { accessKeyId } = platform.cloud.identities.addUser({ accountId, name: "owner" });
  return (operation: string, input: object): Promise<unknown> =>
    platform.cloud.call({
      service: "autoscaling",
      operation,
      region,
      accessKeyId,
      input: { AutoScalingGroupName: name.name, ...input },
    });
};

const stagesOf = (swaps: readonly Swap[]): readonly string[] => swaps.map(({ stage }) => stage);

const onSpot = (group: GroupSummary | undefined): number =>
  group?.members.filter(({ lifecycle }) => lifecycle === "spot").length ?? 0;

describe("somebody changes the desired capacity while our surplus stands", () => {
  it("a policy that asks for more takes it: no original is removed, and what it set stays", async () => {
    const lab = await labOf({ size: 6, max: 12, policy: { batch_size: 2 } });
    const { control } = lab.platform.autoScaling;
    after(lab, "AttachInstances", 1, () => {
      control.applyPolicy(lab.name, { desired: 10 });
    });
    const ending = await lab.run();
    expect(ending.group?.desired).toBe(10);
    expect(stagesOf(ending.swaps.filter(({ batch }) => batch === 1))).toEqual([
      "ABSORBED",
      "ABSORBED",
    ]);
    const before = { ...lab.before, desired: 10 };
    expect(complaintsAboutGroup(lab, ending, { before, asked: 6 })).toEqual([]);
  });

  it("a scale-in takes part of it: only what is left of the surplus leaves, and nobody falls below what is asked for", async () => {
    const lab = await labOf({ size: 6, max: 12, policy: { batch_size: 4 } });
    const { control } = lab.platform.autoScaling;
    after(lab, "SetInstanceProtection", 1, () => {
      control.applyPolicy(lab.name, { desired: 7 });
    });
    const ending = await lab.run();
    expect(ending.group?.desired).toBe(7);
    const before = { ...lab.before, desired: 7 };
    expect(complaintsAboutGroup(lab, ending, { before, asked: 6 })).toEqual([]);
  });
});

describe("a group at its maximum", () => {
  it("is given room for the batch, and its maximum back", async () => {
    const lab = await labOf({ size: 3, max: 3, policy: { batch_size: 2 } });
    const ending = await lab.run();
    expect(ending.status).toBe("SWITCHED");
    expect(complaintsAboutGroup(lab, ending, { before: lab.before })).toEqual([]);
    const raised = ending.effects.filter(({ action }) => action === "UpdateAutoScalingGroup");
    expect(raised.length).toBeGreaterThanOrEqual(2);
  });

  it("keeps a maximum that somebody else has set meanwhile", async () => {
    const lab = await labOf({ size: 3, max: 3, policy: { batch_size: 3 } });
    after(lab, "AttachInstances", 1, () => {
      lab.platform.autoScaling.control.raiseMaximum(lab.name, 20);
    });
    const ending = await lab.run();
    expect(ending.status).toBe("SWITCHED");
    const before = { ...lab.before, max: 20 };
    expect(complaintsAboutGroup(lab, ending, { before })).toEqual([]);
  });
});

describe("an original", () => {
  it("that protects itself before it is removed stays, and its replacement is taken back", async () => {
    const lab = await labOf({ size: 2, policy: { batch_size: 2 } });
    const owner = asOwner(lab);
    const [worker] = lab.before.members;
    after(lab, "SetInstanceProtection", 1, () =>
      owner("SetInstanceProtection", {
        InstanceIds: [worker?.instanceId],
        ProtectedFromScaleIn: true,
      }),
    );
    const ending = await lab.run();
    expect(ending.status).toBe("PARTLY_SWITCHED");
    expect(stagesOf(ending.swaps).toSorted()).toEqual(["DONE", "UNDONE"]);
    expect(ending.group?.members.map(({ instanceId }) => instanceId)).toContain(worker?.instanceId);
    const protectedNow = ending.group?.members.filter(({ isProtected }) => isProtected) ?? [];
    expect(protectedNow.map(({ instanceId }) => instanceId)).toEqual([worker?.instanceId]);
  });
});

describe("an original whose removal was written down by a step that died before the call", () => {
  it("and that somebody else has ended meanwhile is not taken for removed: the group does not stay larger", async () => {
    const lab = await labOf({ size: 4, max: 12, policy: { batch_size: 2 } });
    const owner = asOwner(lab);
    const killer = createKiller();
    const matches = isMutation(lab.name.accountId);
    lab.platform.cloud.faults.before((call) => {
      const isFirst = call.operation === "TerminateInstanceInAutoScalingGroup" && matches(call);
      if (!isFirst || killer.deaths > 0) return undefined;
      const dead = killer.die();
      const { InstanceId } = call.input as { readonly InstanceId: string };
      const input = { InstanceId, ShouldDecrementDesiredCapacity: false };
      return owner("TerminateInstanceInAutoScalingGroup", input).then(() => dead);
    });
    const ending = await lab.run();
    expect(killer.deaths).toBe(1);
    expect(stagesOf(ending.swaps)).toContain("UNDONE");
    expect(ending.group?.desired).toBe(4);
    expect(complaintsAboutGroup(lab, ending, lab)).toEqual([]);
  });
});

describe("AZRebalance", () => {
  it("that its owner suspends while ours is suspended stays suspended", async () => {
    const lab = await labOf({ size: 2, policy: { batch_size: 2 } });
    const owner = asOwner(lab);
    after(lab, "TerminateInstanceInAutoScalingGroup", 1, async () => {
      await owner("ResumeProcesses", { ScalingProcesses: ["AZRebalance"] });
      await owner("SuspendProcesses", { ScalingProcesses: ["AZRebalance"] });
    });
    const ending = await lab.run();
    expect(ending.status).toBe("SWITCHED");
    expect(ending.group?.suspended).toEqual(["AZRebalance"]);
  });
});

describe("a refresh that starts half-way", () => {
  it("before the attach: what was launched is ended, and never joins", async () => {
    const lab = await labOf({ size: 2, policy: { batch_size: 2 } });
    after(lab, "RegisterTargets", 1, () => {
      lab.platform.autoScaling.control.startRefresh(lab.name);
    });
    const ending = await lab.run();
    const first = ending.swaps.filter(({ batch }) => batch === 1);
    expect(stagesOf(first)).toEqual(["UNDONE", "UNDONE"]);
    const launched = first.map(({ replacement }) => replacement?.instanceId);
    const attached = ending.effects.filter(({ action }) => action === "AttachInstances");
    expect(
      attached.filter(({ resource }) => launched.some((id) => resource.includes(id ?? "?"))),
    ).toEqual([]);
    expect(onSpot(ending.group)).toBe(ending.swaps.filter(({ stage }) => stage === "DONE").length);
    expect(ending.intents.filter(({ status }) => status === "ACTED")).toEqual([]);
  });
});

describe("a group that is deleted half-way", () => {
  it("leaves nothing that we made behind", async () => {
    const lab = await labOf({ size: 2, policy: { batch_size: 2 } });
    const owner = asOwner(lab);
    after(lab, "RegisterTargets", 1, () => owner("DeleteAutoScalingGroup", { ForceDelete: true }));
    const ending = await lab.run();
    expect(ending.status).toBe("ROLLED_BACK");
    const alive = lab.platform.ec2.control
      .instances(lab.name.accountId)
      .filter(({ state, tags }) => state === "running" && "spot-optimizer:evaluation" in tags);
    expect(alive).toEqual([]);
  });
});

describe("a hook that is never completed", () => {
  it("keeps the original until its time is over, and the swap is done then", async () => {
    const lab = await labOf({
      size: 2,
      policy: { batch_size: 2 },
      hooks: [
        {
          LifecycleHookName: "drain",
          LifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
          HeartbeatTimeout: 600,
          DefaultResult: "CONTINUE",
        },
      ],
    });
    const ending = await lab.run();
    expect(ending.status).toBe("SWITCHED");
    expect(complaintsAboutGroup(lab, ending, { before: lab.before })).toEqual([]);
  });
});

describe("in shadow mode", () => {
  it("a group is judged, and nothing of it is changed", async () => {
    const lab = await labOf({ size: 2, isShadowMode: true });
    const ending = await lab.run();
    expect(ending.status).toBe("SHADOWED");
    expect(ending.effects).toEqual([]);
    expect(complaintsAboutGroup(lab, ending, { before: lab.before })).toEqual([]);
  });
});
