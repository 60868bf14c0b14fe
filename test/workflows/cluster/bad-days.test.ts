import { describe, expect, it } from "@jest/globals";
import { complaintsAboutGroup } from "../../../local/lab/group-judge.ts";
import { createKiller, isMutation } from "../../../local/lab/harm.ts";
import { after, asOwner, labOf, onSpot, stagesOf } from "./group-days.ts";

describe("somebody changes the desired capacity while our surplus stands", () => {
  it("Target tracking sets desired 10 while N=6, k=2 stand: no victim removed, end ABSORBED, desired 10 stays", async () => {
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
    after(lab, "SetInstanceProtection", 3, () => {
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

  it("Predictive scaling raises max above ours: theirs stays, recorded as theirs", async () => {
    const lab = await labOf({ size: 3, max: 3, policy: { batch_size: 3 } });
    after(lab, "AttachInstances", 1, () => {
      lab.platform.autoScaling.control.raiseMaximum(lab.name, 20);
    });
    const ending = await lab.run();
    expect(ending.status).toBe("SWITCHED");
    const before = { ...lab.before, max: 20 };
    expect(complaintsAboutGroup(lab, ending, { before })).toEqual([]);
    expect(ending.evaluation.settlements).toMatchObject([
      {
        of: "RAISE_MAX",
        kind: "KEPT",
        reason: "CHANGED_SINCE",
        sentence: "Somebody set the maximum of group web to 20 meanwhile: it stays.",
      },
    ]);
  });
});

describe("an original", () => {
  it("Victim protects itself between gate and removal: not removed; another unprotected one of the zone, else undo", async () => {
    const lab = await labOf({ size: 3, zones: 1, policy: { batch_size: 2 } });
    const owner = asOwner(lab);
    const [worker] = lab.before.members;
    // By the third those who were held for it are released.
    after(lab, "SetInstanceProtection", 3, () =>
      owner("SetInstanceProtection", {
        InstanceIds: [worker?.instanceId],
        ProtectedFromScaleIn: true,
      }),
    );
    const ending = await lab.run();
    expect(ending.status).toBe("PARTLY_SWITCHED");
    expect(stagesOf(ending.swaps).toSorted()).toEqual(["DONE", "DONE", "UNDONE"]);
    expect(onSpot(ending.group)).toBe(2);
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
  it("Customer suspends AZRebalance while our suspension stands: stays suspended", async () => {
    const lab = await labOf({ size: 2, policy: { batch_size: 2 } });
    const owner = asOwner(lab);
    after(lab, "TerminateInstanceInAutoScalingGroup", 1, async () => {
      await owner("ResumeProcesses", { ScalingProcesses: ["AZRebalance"] });
      await owner("SuspendProcesses", { ScalingProcesses: ["AZRebalance"] });
    });
    const ending = await lab.run();
    expect(ending.status).toBe("SWITCHED");
    expect(ending.group?.suspended).toEqual(["AZRebalance"]);
    expect(ending.evaluation.settlements).toMatchObject([
      { of: "SUSPEND_AZ_REBALANCE", kind: "KEPT", reason: "CHANGED_SINCE" },
    ]);
  });
});

describe("a refresh that starts half-way", () => {
  it("instance refresh started half-way", async () => {
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
  it("the group deleted half-way", async () => {
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
  it("hook never completed", async () => {
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
