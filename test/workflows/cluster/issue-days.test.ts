/** Bad days that anybody who converts groups must expect: each is named as docs/workflows/cluster-days.md tells it. */
import { describe, expect, it } from "@jest/globals";
import { complaintsAboutGroup, orphansOf, strangersOf } from "../../../local/lab/group-judge.ts";
import { createKiller, harmCall, isMutation } from "../../../local/lab/harm.ts";
import { CloudError } from "../../../local/cloud/contract.ts";
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

describe("an attach", () => {
  it('the Lambda dies between "max raised" and "attach"', async () => {
    const lab = await labOf({ size: 3, max: 3, policy: { batch_size: 3 } });
    const killer = createKiller();
    const matches = isMutation(lab.name.accountId);
    lab.platform.cloud.faults.before((call) =>
      call.operation === "AttachInstances" && matches(call) && killer.deaths === 0
        ? killer.die()
        : undefined,
    );
    const ending = await lab.run();
    expect(killer.deaths).toBe(1);
    expect(ending.status).toBe("SWITCHED");
    expect(complaintsAboutGroup(lab, ending, lab)).toEqual([]);
  });

  it("attach times out and did act", async () => {
    const lab = await labOf({ size: 2, policy: { batch_size: 2 } });
    const isOurs = isMutation(lab.name.accountId);
    const harmed = harmCall(lab.platform, {
      harm: "connection broken after acting",
      nth: 1,
      matches: (call) => call.operation === "AttachInstances" && isOurs(call),
    });
    const ending = await lab.run();
    expect(harmed.isDone()).toBe(true);
    expect(ending.status).toBe("SWITCHED");
    expect(complaintsAboutGroup(lab, ending, lab)).toEqual([]);
  });

  it("ResourceContention and ScalingActivityInProgress for minutes", async () => {
    const contendedFor = async (minutes: number) => {
      const lab = await labOf({ size: 2, policy: { batch_size: 2 } });
      const { clock, platform } = lab.account;
      const { control } = platform.autoScaling;
      after(lab, "RegisterTargets", 1, () => {
        const releases = [control.contend(lab.name), control.block(lab.name)];
        clock.schedule(clock.now() + minutes * 60_000, () => {
          for (const release of releases) release();
        });
      });
      const ending = await lab.run();
      expect(complaintsAboutGroup(lab, ending, lab)).toEqual([]);
      return ending;
    };
    expect((await contendedFor(1)).status).toBe("SWITCHED");
    expect((await contendedFor(6)).status).toBe("SWITCHED");
    const given = await contendedFor(90);
    expect(given.status).toBe("ROLLED_BACK");
    expect(given.swaps[0]?.sentence).toContain("ResourceContention");
    expect(callsOf(given, "AttachInstances")).toBe(0);
  });
});

describe("sizes", () => {
  it("desired set to N by a policy while surplus stands", async () => {
    const lab = await labOf({ size: 4, policy: { batch_size: 2 } });
    after(lab, "SetInstanceProtection", 3, () => {
      lab.platform.autoScaling.control.applyPolicy(lab.name, { desired: 4 });
    });
    const ending = await lab.run();
    const first = ending.swaps.filter(({ batch }) => batch === 1);
    const removed = ending.effects
      .filter(({ action }) => action === "TerminateInstanceInAutoScalingGroup")
      .map(({ resource }) => resource)
      .join(" ");
    for (const { originalId } of first) expect(removed).not.toContain(originalId);
    expect(complaintsAboutGroup(lab, ending, lab)).toEqual([]);
  });

  it("max lowered by Terraform below N+1", async () => {
    const lab = await labOf({ size: 4, max: 10, policy: { batch_size: 2 } });
    const owner = asOwner(lab);
    after(lab, "SetInstanceProtection", 3, () => owner("UpdateAutoScalingGroup", { MaxSize: 4 }));
    const ending = await lab.run();
    expect(ending.group).toMatchObject({ desired: 4, max: 4 });
    const before = { ...lab.before, max: 4 };
    expect(complaintsAboutGroup(lab, ending, { before })).toEqual([]);
  });

  it("min raised to N+1 by the customer during surplus", async () => {
    const lab = await labOf({ size: 2, policy: { batch_size: 1 } });
    const owner = asOwner(lab);
    after(lab, "SetInstanceProtection", 3, () => owner("UpdateAutoScalingGroup", { MinSize: 3 }));
    const ending = await lab.run();
    expect(ending.swaps[0]?.stage).toBe("ABSORBED");
    expect(ending.group).toMatchObject({ desired: 3, min: 3 });
    const before = { ...lab.before, min: 3, desired: 3 };
    expect(complaintsAboutGroup(lab, ending, { before, asked: 2 })).toEqual([]);
  });
});

describe("what can't be had", () => {
  it("target group never healthy", async () => {
    const lab = await labOf({ size: 2, policy: { batch_size: 2 } });
    lab.platform.ec2.control.onEvent(() => {
      for (const { instanceId, tags } of lab.platform.ec2.control.instances(lab.name.accountId)) {
        if ("spot-optimizer:evaluation" in tags) {
          lab.platform.elb.setApplicationHealthy(instanceId, false);
        }
      }
    });
    const ending = await lab.run();
    expect(stagesOf(ending.swaps)).toEqual(["UNDONE", "UNDONE"]);
    expect(callsOf(ending, "AttachInstances")).toBe(0);
    expect(complaintsAboutGroup(lab, ending, lab)).toEqual([]);
  });

  it("launch template version deleted", async () => {
    const lab = await labOf({ size: 2, policy: { batch_size: 2 } });
    await asOwner(lab)("UpdateAutoScalingGroup", {
      LaunchTemplate: { LaunchTemplateName: "web", Version: "1" },
    });
    const { accountId, region } = lab.name;
    const { accessKeyId } = lab.platform.cloud.identities.addUser({ accountId, name: "deployer" });
    const ec2 = (operation: string, input: object) =>
      lab.platform.cloud.call({ service: "ec2", operation, region, accessKeyId, input });
    await ec2("CreateLaunchTemplateVersion", {
      LaunchTemplateName: "web",
      SourceVersion: "1",
      LaunchTemplateData: {},
    });
    await ec2("ModifyLaunchTemplate", { LaunchTemplateName: "web", DefaultVersion: "2" });
    await ec2("DeleteLaunchTemplateVersions", { LaunchTemplateName: "web", Versions: ["1"] });
    const ending = await lab.run();
    expect(ending.evaluation.verdict?.reason).toBe("LAUNCH_TEMPLATE_MISSING");
    expect(launchesOf(lab)).toBe(0);
  });

  it("all pools empty (STAY, group untouched)", async () => {
    const lab = await labOf({ size: 2, policy: { batch_size: 2 } });
    lab.platform.cloud.faults.before(({ operation, input }) => {
      if (operation !== "RunInstances") return;
      if ((input as { readonly DryRun?: boolean }).DryRun === true) return;
      throw new CloudError("InsufficientInstanceCapacity", "There is no Spot capacity.", 500);
    });
    const ending = await lab.run();
    expect(ending.status).toBe("STAYED");
    expect(ending.evaluation.outcome?.reason).toBe("NO_CAPACITY_IN_ANY_OFFER");
    expect(membersOf(ending.group)).toEqual(membersOf(lab.before));
    expect(complaintsAboutGroup(lab, ending, lab)).toEqual([]);
  });

  it("the account's Spot quota met at the third of five", async () => {
    const lab = await labOf({ size: 5, policy: { batch_size: 5 } });
    const { accountId } = lab.name;
    let launched = 0;
    lab.platform.cloud.faults.before((call) => {
      const isDryRun = (call.input as { readonly DryRun?: boolean }).DryRun === true;
      if (call.operation !== "RunInstances" || isDryRun) return;
      launched += 1;
      if (launched === 3) {
        lab.platform.ec2.control.setQuota({
          accountId,
          purchase: "spot",
          quotaClass: "Standard",
          vcpus: 4,
        });
      }
    });
    const ending = await lab.run();
    expect(ending.status).toBe("PARTLY_SWITCHED");
    expect(stagesOf(ending.swaps).filter((stage) => stage === "DONE")).toHaveLength(2);
    expect(ending.swaps.map(({ sentence }) => sentence).join(" ")).toContain(
      "MaxSpotInstanceCountExceeded",
    );
    expect(onSpot(ending.group)).toBe(2);
    expect(complaintsAboutGroup(lab, ending, lab)).toEqual([]);
  });
});

describe("an interruption", () => {
  it.each(["before", "after"])("interruption of a replacement %s attach", async (when) => {
    const lab = await labOf({ size: 2, policy: { batch_size: 1 } });
    const { control } = lab.platform.ec2;
    after(lab, when === "before" ? "RegisterTargets" : "AttachInstances", 1, () => {
      const [ours] = control
        .running(lab.name.accountId)
        .filter(({ tags }) => "spot-optimizer:evaluation" in tags);
      control.interrupt(ours?.instanceId ?? "");
    });
    const ending = await lab.run();
    expect(ending.swaps[0]?.stage).toBe("UNDONE");
    const [first = "?"] = replacementsOf(ending);
    expect(membersOf(ending.group)).not.toContain(first);
    expect(ending.group).toMatchObject({ desired: 2 });
    expect([...orphansOf(lab), ...strangersOf(lab, ending.group)]).toEqual([]);
  });
});

describe("two that work on the same", () => {
  it("two sweeps at once", async () => {
    const lab = await labOf({ size: 2, policy: { batch_size: 2 } });
    const { clock, api, platform } = lab.account;
    await Promise.all([1, 2].map(() => platform.functions.invoke("schedule-sweep", {})));
    await clock.run({ atMostMs: clock.now() + 3_600_000 });
    const { text } = await api.send({
      method: "GET",
      path: `/evaluations?target_id=${lab.targetId}`,
    });
    expect(JSON.parse(text)).toMatchObject({ items: [{ status: "SWITCHED" }] });
    expect(launchesOf(lab)).toBe(2);
    expect(onSpot(lab.group())).toBe(2);
    const path = `/lab/instances/${lab.targetId}/evaluate`;
    const answers = await Promise.all([1, 2].map(() => api.send({ method: "POST", path })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([202, 409]);
  });

  it("a member that is a LINEAR target", async () => {
    const lab = await labOf({ size: 2, policy: { batch_size: 2 } });
    const second = lab.before.members[1];
    const { status } = await lab.account.api.send({
      method: "POST",
      path: "/lab/instances",
      body: {
        account_id: lab.name.accountId,
        instance_id: second?.instanceId,
        instance_type: second?.instanceType,
        availability_zone: second?.zoneName,
        pipeline_mode: "LINEAR",
      },
    });
    expect(status).toBe(201);
    const ending = await lab.run();
    expect(membersOf(ending.group)).toContain(second?.instanceId);
    expect(onSpot(ending.group)).toBe(1);
    expect(complaintsAboutGroup(lab, ending, lab)).toEqual([]);
  });
});
