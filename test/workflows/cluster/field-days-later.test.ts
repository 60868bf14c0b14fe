/** Bad days 14 to 25 that were found in the field: each is named as docs/workflows/cluster-days.md tells it. */
import { describe, expect, it } from "@jest/globals";
import * as z from "zod";
import { complaintsAboutGroup, orphansOf, strangersOf } from "../../../local/lab/group-judge.ts";
import type { GroupEnding } from "../../../local/lab/group-lab.ts";
import { startEvaluation } from "../../../local/lab/subject.ts";
import {
  after,
  asOwner,
  callsOf,
  labOf,
  launchesOf,
  membersOf,
  onSpot,
  stagesOf,
  type DayLab,
} from "./group-days.ts";

const userData = (text: string): string => Buffer.from(text).toString("base64");
const hourMs = 3_600_000;

/** A refresh begins right after the second of our calls that protect: that one protects what was attached. Seconds until no member is protected any longer. */
const refreshedOnceProtected = async (
  lab: DayLab,
): Promise<{ readonly ending: GroupEnding; readonly seconds: number }> => {
  const { clock } = lab.account;
  let startedMs = Infinity;
  let releasedMs = Infinity;
  after(lab, "SetInstanceProtection", 2, () => {
    startedMs = clock.now();
    lab.platform.autoScaling.control.startRefresh(lab.name);
  });
  lab.platform.cloud.faults.after(() => {
    const isProtected = lab.group()?.members.some((member) => member.isProtected) ?? false;
    if (clock.now() >= startedMs && !isProtected) releasedMs = Math.min(releasedMs, clock.now());
  });
  const ending = await lab.run();
  return { ending, seconds: (releasedMs - startedMs) / 1000 };
};

describe("a refresh", () => {
  it("Refresh started while ours is protected: protection gone within one step; refresh doesn't wait", async () => {
    const lab = await labOf({ size: 2, policy: { batch_size: 2 } });
    const { clock } = lab.account;
    const { ending, seconds } = await refreshedOnceProtected(lab);
    expect(seconds).toBeLessThan(60);
    expect(ending.group?.members.filter(({ isProtected }) => isProtected)).toEqual([]);
    await clock.run({ atMostMs: clock.now() + 3 * hourMs });
    const answer = (await asOwner(lab)("DescribeInstanceRefreshes", {})) as {
      readonly InstanceRefreshes: readonly { readonly Status: string }[];
    };
    expect(answer.InstanceRefreshes[0]?.Status).toBe("Successful");
    expect(orphansOf(lab)).toEqual([]);
  });

  it("does not wait for replacements that warm up", async () => {
    const lab = await labOf({
      size: 2,
      policy: { batch_size: 2 },
      definition: { DefaultInstanceWarmup: 300 },
    });
    const { ending, seconds } = await refreshedOnceProtected(lab);
    expect(seconds).toBeLessThan(60);
    expect(ending.group).toMatchObject({ desired: 2, suspended: [] });
    expect([...orphansOf(lab), ...strangersOf(lab, ending.group)]).toEqual([]);
  });
});

describe("an execution that dies", () => {
  it("Killed between RegisterTargets and attach: deregistered, drained, ended; no foreign target left", async () => {
    const lab = await labOf({ size: 2, policy: { batch_size: 2 } });
    const { clock, platform } = lab.account;
    const { execution_arn: executionArn, evaluation_id: id } = await startEvaluation(
      lab.account,
      lab.targetId,
    );
    after(lab, "RegisterTargets", 1, async () => {
      await platform.interpreter.stop({ executionArn, error: undefined, cause: undefined });
    });
    await clock.run({ atMostMs: clock.now() + hourMs });
    expect(strangersOf(lab, lab.group())).toHaveLength(2);
    const { status } = await lab.account.api.send({
      method: "POST",
      path: `/evaluations/${id}/roll-back`,
      body: { reason: "Its execution was stopped by hand." },
    });
    expect(status).toBe(202);
    await clock.run({ atMostMs: clock.now() + hourMs });
    expect([...orphansOf(lab), ...strangersOf(lab, lab.group())]).toEqual([]);
    const called = platform.cloud.journal.map(({ operation }) => operation);
    expect(called.indexOf("DeregisterTargets")).toBeGreaterThan(0);
    expect(called.lastIndexOf("TerminateInstances")).toBeGreaterThan(
      called.indexOf("DeregisterTargets"),
    );
  });
});

describe("Spot that is taken back", () => {
  it("CapacityRebalance on, recommendation for ours: the group's replacement is seen, we launch none", async () => {
    const lab = await labOf({ size: 2, policy: { batch_size: 2 } });
    const first = await lab.run();
    expect(onSpot(first.group)).toBe(2);
    const launched = launchesOf(lab);
    await asOwner(lab)("UpdateAutoScalingGroup", { CapacityRebalance: true });
    const { clock, platform } = lab.account;
    const taken = first.group?.members[0]?.instanceId ?? "";
    platform.ec2.control.interrupt(taken, { rebalanceSeconds: 3_600 });
    await clock.run({ atMostMs: clock.now() + hourMs / 2 });
    expect(lab.group()?.members).toHaveLength(2);
    expect(membersOf(lab.group())).not.toContain(taken);
    expect(onSpot(lab.group())).toBe(1);
    const ending = await lab.run();
    expect(ending.evaluation.verdict?.reason).toBe("CAPACITY_REBALANCE");
    expect(launchesOf(lab)).toBe(launched);
  });

  it("Spot lost; group's On-Demand and our Spot both arrive: back to desired, On-Demand one removed", async () => {
    const lab = await labOf({ size: 2, policy: { batch_size: 1 } });
    await lab.run();
    const [member] = lab.group()?.members ?? [];
    lab.platform.ec2.control.interrupt(member?.instanceId ?? "");
    const { clock } = lab.account;
    await clock.run({ atMostMs: clock.now() + hourMs });
    expect(lab.group()?.members).toHaveLength(2);
    expect(onSpot(lab.group())).toBe(1);
    // The next evaluation removes what the group has launched On-Demand meanwhile.
    await clock.run({ atMostMs: clock.now() + 24 * hourMs });
    const ending = await lab.run();
    expect(ending.group).toMatchObject({ desired: 2 });
    expect(onSpot(ending.group)).toBe(2);
    expect(orphansOf(lab)).toEqual([]);
  });
});

describe("what a group launches", () => {
  it("Launch-configuration group: refused by name, no template created", async () => {
    const lab = await labOf({ size: 2 });
    const { accountId, region } = lab.name;
    const [template] = lab.platform.cloud.journal.filter(
      ({ operation }) => operation === "CreateLaunchTemplate",
    );
    expect(template).toBeUndefined();
    lab.platform.autoScaling.control.addConfiguration(
      { accountId, region },
      {
        LaunchConfigurationName: "old",
        ImageId: lab.platform.ec2.control.find(lab.before.members[0]?.instanceId ?? "")?.imageId,
        InstanceType: "m5.large",
        CreatedTime: new Date(0),
      },
    );
    await asOwner(lab)("UpdateAutoScalingGroup", { LaunchConfigurationName: "old" });
    const ending = await lab.run();
    expect(ending.evaluation.verdict?.reason).toBe("LAUNCH_CONFIGURATION");
    const called = lab.platform.cloud.journal.map(({ operation }) => operation);
    expect(called).not.toContain("CreateLaunchTemplate");
    expect(launchesOf(lab)).toBe(0);
  });

  it("Rack-spread group with 7 in the zone: refused, 0 launches", async () => {
    const lab = await labOf({
      size: 7,
      zones: 1,
      member: { placementGroup: "apart", placementStrategy: "spread" },
      definition: { PlacementGroup: "apart" },
    });
    const ending = await lab.run();
    expect(ending.evaluation.verdict?.reason).toBe("PLACEMENT_GROUP_FULL");
    expect(launchesOf(lab)).toBe(0);
  });

  it("Host runs ECS tasks, no hook: refused", async () => {
    const lab = await labOf({
      size: 2,
      template: { UserData: userData("#!/bin/sh\necho ECS_CLUSTER=shop >> /etc/ecs/ecs.config") },
    });
    const ending = await lab.run();
    expect(ending.evaluation.verdict?.reason).toBe("CONTAINER_HOST");
    expect(launchesOf(lab)).toBe(0);
  });
});

describe("a notification", () => {
  it('"Attaching an existing EC2 instance" (ours) reaches our own rules: no evaluation, no second swap', async () => {
    const lab = await labOf({ size: 2, policy: { batch_size: 2 } });
    const told: string[] = [];
    lab.platform.autoScaling.control.onEvent((event) => {
      told.push(JSON.stringify(event));
    });
    const ending = await lab.run();
    expect(told.join("\n")).toContain("Attaching an existing EC2 instance");
    const { clock } = lab.account;
    await clock.run({ atMostMs: clock.now() + hourMs });
    const { text } = await lab.account.api.send({
      method: "GET",
      path: `/evaluations?target_id=${lab.targetId}`,
    });
    const { items } = z
      .object({ items: z.array(z.object({ evaluation_id: z.string() })) })
      .parse(JSON.parse(text));
    expect(items.map(({ evaluation_id: id }) => id)).toEqual([ending.evaluationId]);
    expect(stagesOf(ending.swaps)).toEqual(["DONE", "DONE"]);
    expect(callsOf(ending, "AttachInstances")).toBe(2);
    expect(complaintsAboutGroup(lab, ending, lab)).toEqual([]);
  });
});
