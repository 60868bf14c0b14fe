/** Bad days 1 to 13 that were found in the field: each is named as docs/workflows/cluster-days.md tells it. */
import { describe, expect, it } from "@jest/globals";
import { complaintsAboutGroup, orphansOf, strangersOf } from "../../../local/lab/group-judge.ts";
import {
  after,
  asOwner,
  callsOf,
  labOf,
  launchesOf,
  membersOf,
  onSpot,
  replacementsOf,
  stagesOf,
} from "./group-days.ts";

const userData = (text: string): string => Buffer.from(text).toString("base64");

const terminating = (DefaultResult: "ABANDON" | "CONTINUE") => [
  {
    LifecycleHookName: "drain",
    LifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
    HeartbeatTimeout: 120,
    DefaultResult,
  },
];

describe("capacity", () => {
  it("Attach accepted, member still Pending: ledger shows no violation because our surplus isn't counted; a real loss in that second is counted", async () => {
    const lab = await labOf({ size: 2, policy: { batch_size: 1 } });
    const ending = await lab.run();
    const pending = lab.capacity.samples.filter(
      ({ desired, inService }) => desired === 3 && inService === 2,
    );
    expect(pending.length).toBeGreaterThan(0);
    expect(complaintsAboutGroup(lab, ending, lab)).toEqual([]);

    const losing = await labOf({ size: 2, policy: { batch_size: 1 } });
    after(losing, "AttachInstances", 1, () => {
      losing.platform.ec2.control.terminateByOwner(losing.before.members[1]?.instanceId ?? "");
    });
    await losing.run();
    const least = Math.min(...losing.capacity.samples.map(({ serving, asked }) => serving - asked));
    expect(least).toBeLessThan(0);
  });

  it("k=4, policy lowers N+4 to N+1: no victim removed, all four pairs absorbed, survivors found by describe", async () => {
    const lab = await labOf({ size: 6, max: 12, policy: { batch_size: 4 } });
    after(lab, "SetInstanceProtection", 3, () => {
      lab.platform.autoScaling.control.applyPolicy(lab.name, { desired: 7 });
    });
    const ending = await lab.run();
    const first = ending.swaps.filter(({ batch }) => batch === 1);
    const removed = ending.effects
      .filter(({ action }) => action === "TerminateInstanceInAutoScalingGroup")
      .map(({ resource }) => resource);
    for (const { originalId } of first) {
      expect(removed.join(" ")).not.toContain(originalId);
    }
    expect(stagesOf(first)).toEqual(["ABSORBED", "ABSORBED", "ABSORBED", "ABSORBED"]);
    expect(ending.group?.desired).toBe(7);
    expect(ending.group?.members).toHaveLength(7);
    const before = { ...lab.before, desired: 7 };
    expect(complaintsAboutGroup(lab, ending, { before, asked: 6 })).toEqual([]);
  });

  it("At max, alarm in breach takes the head-room that we raised: attach refused, replacements ended, max lowered only when desired allows, raised once", async () => {
    const lab = await labOf({ size: 3, max: 3, policy: { batch_size: 2 } });
    const owner = asOwner(lab);
    await owner("PutScalingPolicy", {
      PolicyName: "scale",
      AdjustmentType: "ChangeInCapacity",
      ScalingAdjustment: 2,
    });
    const { accountId, region } = lab.name;
    const { monitoring, autoScaling } = lab.platform;
    monitoring.addAlarm({ accountId, region, name: "busy" });
    autoScaling.control.setPolicyAlarms(lab.name, { policy: "scale", alarms: ["busy"] });
    after(lab, "UpdateAutoScalingGroup", 1, () => {
      monitoring.setState("busy", "ALARM");
      lab.platform.autoScaling.control.applyPolicy(lab.name, { desired: 5 });
    });
    const ending = await lab.run();
    expect(ending.swaps[0]?.sentence).toContain("at its maximum of 5 while busy is in ALARM");
    // Lowered to 3 it would end members: a person is told.
    expect(ending.group).toMatchObject({ desired: 5, max: 5, suspended: [] });
    expect(ending.evaluation.outcome?.sentence).toContain("stays 5 instead of 3");
    expect(callsOf(ending, "UpdateAutoScalingGroup")).toBe(1);
    expect(onSpot(ending.group)).toBe(0);
    expect([...orphansOf(lab), ...strangersOf(lab, ending.group)]).toEqual([]);
  });
});

describe("an original", () => {
  it("Victim with DisableApiTermination: removed through the group; no TerminateInstances call for it", async () => {
    const lab = await labOf({
      size: 2,
      member: { disableApiTermination: true },
      policy: { batch_size: 2 },
    });
    const ending = await lab.run();
    expect(ending.status).toBe("SWITCHED");
    expect(callsOf(ending, "TerminateInstances")).toBe(0);
    expect(complaintsAboutGroup(lab, ending, lab)).toEqual([]);
  });

  it("Terminating hook abandoned under retain: `Terminating:Retained` reported with price, no retry with decrement, run ends", async () => {
    const lab = await labOf({
      size: 2,
      policy: { batch_size: 1, accept_retained_instances: true },
      hooks: terminating("ABANDON"),
      definition: {
        InstanceLifecyclePolicy: { RetentionTriggers: { TerminateHookAbandon: "retain" } },
      },
    });
    const ending = await lab.run();
    const told = ending.swaps.map(({ sentence }) => sentence).join(" ");
    expect(told).toContain("Terminating:Retained");
    expect(told).toMatch(/\$\d/);
    const [first] = lab.before.members;
    const removals = lab.platform.cloud.journal.filter(
      ({ operation, input }) =>
        operation === "TerminateInstanceInAutoScalingGroup" &&
        JSON.stringify(input).includes(first?.instanceId ?? "?"),
    );
    expect(removals).toHaveLength(1);
  });

  it("Slow start 300 s, warm-up 120 s: victim not touched before 300 s", async () => {
    const lab = await labOf({
      size: 1,
      policy: { batch_size: 1 },
      slowStartSeconds: 300,
      definition: { DefaultInstanceWarmup: 120 },
    });
    let attachedAt = 0;
    let removedAt = 0;
    const { clock } = lab.account;
    after(lab, "AttachInstances", 1, () => (attachedAt = clock.now()));
    after(lab, "TerminateInstanceInAutoScalingGroup", 1, () => (removedAt = clock.now()));
    expect((await lab.run()).status).toBe("SWITCHED");
    expect(removedAt - attachedAt).toBeGreaterThanOrEqual(300_000);
  });
});

describe("a boot or a resource that a clone can't have", () => {
  it("User data waits for `target-lifecycle-state`: refused at the gate by name, 0 launches", async () => {
    const lab = await labOf({
      size: 2,
      template: {
        UserData: userData(
          "#!/bin/sh\nuntil curl -s http://169.254.169.254/latest/meta-data/autoscaling/target-lifecycle-state | grep InService; do sleep 1; done",
        ),
      },
    });
    const ending = await lab.run();
    expect(ending.evaluation.verdict).toMatchObject({
      kind: "REFUSE",
      reason: "GROUP_DEPENDENT_BOOT",
    });
    expect(launchesOf(lab)).toBe(0);
  });

  it("Pool of N addresses, N members: refused; where the replacement stole one, the loser is seen unhealthy and the swap undone", async () => {
    const held = await labOf({ size: 2, member: { elasticIp: true } });
    const refused = await held.run();
    expect(refused.evaluation.verdict?.reason).toBe("MEMBER_HOLDS_RESOURCE");
    expect(launchesOf(held)).toBe(0);

    const lab = await labOf({ size: 2, policy: { batch_size: 1 } });
    const loser = lab.before.members[1]?.instanceId ?? "";
    after(lab, "RegisterTargets", 1, () => {
      lab.platform.elb.setApplicationHealthy(loser, false);
    });
    const ending = await lab.run();
    expect(stagesOf(ending.swaps)).toEqual(["UNDONE"]);
    expect(membersOf(ending.group)).toEqual(membersOf(lab.before));
    expect(orphansOf(lab)).toEqual([]);
    expect(callsOf(ending, "TerminateInstanceInAutoScalingGroup")).toBe(0);
  });
});

describe("traffic", () => {
  it("One other member unhealthy in one target group, `Healthy` for the group: defer", async () => {
    const lab = await labOf({ size: 2 });
    lab.platform.elb.setApplicationHealthy(lab.before.members[1]?.instanceId ?? "", false);
    const { clock } = lab.account;
    await clock.run({ atMostMs: clock.now() + 300_000 });
    const ending = await lab.run();
    expect(ending.evaluation.verdict).toMatchObject({
      kind: "STAY",
      reason: "TARGETS_NOT_HEALTHY",
    });
    expect(launchesOf(lab)).toBe(0);
  });

  it("Zonal shift starts after launch, before attach, in the victim's zone: undo; `zonal_shift_active` isn't serving", async () => {
    const lab = await labOf({ size: 2, policy: { batch_size: 2 } });
    const { elb } = lab.platform;
    const balancer = elb.loadBalancerOf(lab.targetGroupArn) ?? "";
    after(lab, "RegisterTargets", 1, () => {
      elb.shiftZone(balancer, lab.before.members[0]?.zoneName);
    });
    const ending = await lab.run();
    expect(stagesOf(ending.swaps)).toEqual(["UNDONE", "UNDONE"]);
    expect(replacementsOf(ending)).toHaveLength(2);
    expect(callsOf(ending, "AttachInstances")).toBe(0);
    expect(onSpot(ending.group)).toBe(0);
    expect(ending.swaps[0]?.sentence).toContain("zonal_shift_active");
    expect(lab.platform.autoScaling.control.serving(lab.name)).toHaveLength(1);
  });
});
