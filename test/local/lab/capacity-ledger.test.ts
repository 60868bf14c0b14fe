/** The capacity ledger, and what of the capacity invariant it finds broken: each test is an act that is right, or that is not. */
import { describe, expect, it } from "@jest/globals";
import { VirtualClock } from "../../../local/cloud/clock.ts";
import { judgeCapacity, minHealthyMinusDesired } from "../../../local/lab/capacity-judge.ts";
import { watchCapacity, type CapacityLedger } from "../../../local/lab/capacity-ledger.ts";
import { playOwner, type OwnerEvent } from "../../../local/lab/group-owner.ts";
import { smallMarket } from "../../../local/lab/small-market.ts";
import { createPlatform, type Platform } from "../../../local/platform/platform.ts";

const place = { accountId: "444455556666", region: "us-east-1" };
const name = { ...place, name: "web" };

interface Run {
  readonly platform: Platform;
  readonly ledger: CapacityLedger;
  readonly targetGroupArn: string;
  pass(seconds: number): Promise<void>;
  /** As the session of our role. */
  call(operation: string, input: object): Promise<unknown>;
  /** What reads right before a removal reads. */
  look(): Promise<void>;
  callTargets(operation: string, input: object): Promise<unknown>;
  /** A Spot Instance that runs, of the group's first zone unless told. */
  spot(zone?: number): string;
  first(index: number): string;
}

const createRun = (
  events: readonly OwnerEvent[] = [],
  { isBehindLoadBalancer = true }: { readonly isBehindLoadBalancer?: boolean } = {},
): Run => {
  const clock = new VirtualClock(Date.parse("2026-03-02T09:00:00Z"));
  const platform = createPlatform({
    clock,
    seed: 3,
    market: smallMarket,
    version: "0.0.0",
    throttle: false,
    settings: { jitter: 0, bootMs: 8_000, visibilityMs: [0, 0] },
  });
  const { ec2, elb, autoScaling, cloud } = platform;
  ec2.control.addAccount(place.accountId, [place.region]);
  const subnets = ec2.control.fleet.subnets(place).slice(0, 2);
  const add = (index: number, lifecycle?: "spot"): string =>
    ec2.control.addInstance({
      ...place,
      instanceType: "m5.large",
      subnetId: subnets[index % 2]?.id ?? "",
      ...(lifecycle !== undefined && { lifecycle }),
    });
  const members = [0, 1, 2, 3].map((index) => add(index));
  const imageId = ec2.control.find(members[0] ?? "")?.imageId ?? "";
  const template = ec2.control.fleet.addTemplate(place, {
    name: "web",
    data: { ImageId: imageId, InstanceType: "m5.large" },
  });
  const vpcId = subnets[0]?.vpcId ?? "";
  const loadBalancerArn = elb.addLoadBalancer({ ...name, vpcId });
  const targetGroupArn = elb.addTargetGroup({
    ...name,
    vpcId,
    port: 80,
    healthyAfterSeconds: 10,
    deregistrationDelaySeconds: 30,
    loadBalancerArn,
  });
  autoScaling.control.addGroup({
    ...name,
    min: 1,
    max: 10,
    members,
    definition: {
      LaunchTemplate: { LaunchTemplateId: template.id, Version: "1" },
      VPCZoneIdentifier: subnets.map(({ id }) => id).join(","),
      ...(isBehindLoadBalancer && { TargetGroupARNs: [targetGroupArn] }),
    },
  });
  autoScaling.control.find(name);
  const ledger = watchCapacity(platform, { group: name });
  playOwner(platform, name, events);
  const role = cloud.identities.addRole({
    accountId: place.accountId,
    name: "ours",
    allow: ["*"],
    trustedPrincipals: [],
  });
  const { accessKeyId } = cloud.identities.openSession({
    roleArn: role.arn,
    sessionName: "evaluation",
  });
  const calls =
    (service: "autoscaling" | "elasticloadbalancing" | "ec2") =>
    (operation: string, input: object) =>
      cloud.call({ service, operation, region: place.region, accessKeyId, input });
  return {
    platform,
    ledger,
    targetGroupArn,
    pass: (seconds) => clock.run({ atMostMs: clock.now() + seconds * 1000 }),
    call: (operation, input) =>
      calls("autoscaling")(operation, { AutoScalingGroupName: "web", ...input }),
    look: async () => {
      await calls("autoscaling")("DescribeAutoScalingGroups", { AutoScalingGroupNames: ["web"] });
      await calls("elasticloadbalancing")("DescribeTargetHealth", {
        TargetGroupArn: targetGroupArn,
      });
      await calls("ec2")("DescribeInstances", {});
      await calls("ec2")("DescribeSpotInstanceRequests", {});
    },
    callTargets: calls("elasticloadbalancing"),
    spot: (zone = 0) => add(zone, "spot"),
    first: (index) => members[index] ?? "",
  };
};

const twin = async (seconds: number, events: readonly OwnerEvent[]) => {
  const run = createRun(events);
  await run.pass(seconds);
  return run.ledger.samples;
};

const removal = (id: string) => ({ InstanceId: id, ShouldDecrementDesiredCapacity: true });

describe("the capacity ledger", () => {
  it("of a swap that waits for its replacement finds nothing broken", async () => {
    const run = createRun();
    const id = run.spot();
    await run.call("AttachInstances", { InstanceIds: [id] });
    // Pending: 4 of 5 are in service, and 4 are asked for.
    expect(run.ledger.samples.at(-1)).toMatchObject({ desired: 5, asked: 4, serving: 4 });
    await run.pass(3);
    expect(run.ledger.samples.at(-1)).toMatchObject({ inService: 5, serving: 4 });
    await run.pass(10);
    expect(run.ledger.samples.at(-1)).toMatchObject({ desired: 5, asked: 4, serving: 5 });
    await run.call("TerminateInstanceInAutoScalingGroup", removal(run.first(0)));
    expect(run.ledger.samples.at(-1)).toMatchObject({ desired: 4, asked: 4, serving: 4 });
    await run.pass(120);
    const alone = await twin(140, []);
    expect(run.ledger.broken).toEqual([]);
    expect(judgeCapacity(run.ledger.samples, alone)).toEqual([]);
    expect(minHealthyMinusDesired(run.ledger.samples, alone)).toBe(0);
  });

  it("of a removal before the replacement serves finds both promises broken", async () => {
    const run = createRun();
    await run.call("AttachInstances", { InstanceIds: [run.spot()] });
    await run.pass(3);
    await run.call("TerminateInstanceInAutoScalingGroup", removal(run.first(0)));
    await run.pass(120);
    const alone = await twin(140, []);
    expect(run.ledger.broken).toHaveLength(1);
    expect(run.ledger.broken[0]).toContain("3 members of web serve after it, 4 are asked for");
    expect(judgeCapacity(run.ledger.samples, alone)).not.toEqual([]);
    expect(minHealthyMinusDesired(run.ledger.samples, alone)).toBe(-1);
  });

  // Bad day 2: what others set absorbs our surplus; removing a victim then takes what the customer asked for.
  it("of a removal after a policy has absorbed the surplus finds it broken", async () => {
    const events: readonly OwnerEvent[] = [{ afterSeconds: 20, kind: "POLICY", desired: 6 }];
    const run = createRun(events);
    await run.call("AttachInstances", { InstanceIds: [run.spot()] });
    await run.pass(120);
    expect(run.ledger.samples.at(-1)).toMatchObject({ desired: 6, asked: 6, serving: 6 });
    await run.call("TerminateInstanceInAutoScalingGroup", removal(run.first(0)));
    expect(run.ledger.broken).toHaveLength(1);
    const alone = await twin(140, events);
    expect(judgeCapacity(run.ledger.samples, alone)).not.toEqual([]);
  });

  it("of a deficit that began with the customer's scale-out finds nothing broken", async () => {
    const events: readonly OwnerEvent[] = [{ afterSeconds: 20, kind: "DESIRED", desired: 8 }];
    const run = createRun(events);
    await run.call("AttachInstances", { InstanceIds: [run.spot()] });
    await run.pass(60);
    const alone = await twin(140, events);
    expect(alone.some(({ serving, asked }) => serving < asked)).toBe(true);
    expect(judgeCapacity(run.ledger.samples, alone)).toEqual([]);
    expect(run.ledger.broken).toEqual([]);
  });

  it("of a member that the customer loses in both runs finds nothing broken", async () => {
    const events: readonly OwnerEvent[] = [{ afterSeconds: 4, kind: "LOSE", member: 1 }];
    const run = createRun(events);
    await run.call("AttachInstances", { InstanceIds: [run.spot()] });
    await run.pass(120);
    const alone = await twin(140, events);
    expect(Math.min(...run.ledger.samples.map(({ serving }) => serving))).toBe(3);
    expect(judgeCapacity(run.ledger.samples, alone)).toEqual([]);
  });

  it("does not count one under an interruption notice, and lets it be deregistered", async () => {
    const run = createRun();
    const id = run.spot();
    await run.call("AttachInstances", { InstanceIds: [id] });
    await run.pass(20);
    run.platform.ec2.control.interrupt(id);
    expect(run.ledger.samples.at(-1)).toMatchObject({ inService: 5, healthy: 5, serving: 4 });
    await run.callTargets("DeregisterTargets", {
      TargetGroupArn: run.targetGroupArn,
      Targets: [{ Id: id }],
    });
    expect(run.ledger.broken).toEqual([]);
  });

  it("of the last healthy target that leaves before the 100th second finds it broken", async () => {
    const run = createRun();
    const id = run.spot();
    await run.call("AttachInstances", { InstanceIds: [id] });
    await run.pass(20);
    for (const index of [0, 1, 2, 3]) {
      run.platform.elb.setApplicationHealthy(run.first(index), false);
    }
    run.platform.ec2.control.interrupt(id);
    const targets = { TargetGroupArn: run.targetGroupArn, Targets: [{ Id: id }] };
    await run.callTargets("DeregisterTargets", targets);
    expect(run.ledger.broken[0]).toContain("the last healthy target");
  });

  it.each([
    ["of a group that its owner has deleted finds nothing broken", true],
    ["of a group that stands finds it broken, though it is of no member", false],
  ])("of the last healthy target %s", async (_, isDeleted) => {
    const run = createRun([
      isDeleted
        ? { afterSeconds: 30, kind: "DELETE" }
        : { afterSeconds: 30, kind: "SIZES", min: 0, desired: 0 },
    ]);
    const id = run.spot();
    const targets = { TargetGroupArn: run.targetGroupArn, Targets: [{ Id: id }] };
    await run.callTargets("RegisterTargets", targets);
    await run.pass(45);
    expect(run.platform.elb.healthyIn(run.targetGroupArn)).toEqual([id]);
    run.platform.ec2.control.interrupt(id);
    await run.callTargets("DeregisterTargets", targets);
    expect(run.ledger.broken).toEqual(
      isDeleted ? [] : [expect.stringContaining("the last healthy target")],
    );
  });

  it("of a maximum lowered by us under the size finds it broken before anything is terminated", async () => {
    const run = createRun();
    await run.call("UpdateAutoScalingGroup", { MaxSize: 3 });
    expect(run.ledger.broken[0]).toContain("3 members of web serve after it, 4 are asked for");
  });

  describe("of what others do between our look at the group and our removal", () => {
    /** With one that is attached and serves beside the four that are asked for. */
    const attached = async () => {
      const run = createRun();
      const id = run.spot();
      await run.call("AttachInstances", { InstanceIds: [id] });
      await run.pass(20);
      return { run, id };
    };

    const acts = {
      "a member that ends": ({ run }) => {
        run.platform.ec2.control.terminateByOwner(run.first(1));
      },
      "an application that answers no longer": ({ run }) => {
        run.platform.elb.setApplicationHealthy(run.first(1), false);
      },
      "an interruption that is announced": ({ run, id }) => {
        run.platform.ec2.control.interrupt(id);
      },
      "a policy that asks for more": ({ run }) => {
        run.platform.autoScaling.control.applyPolicy(name, { desired: 6 });
      },
    } satisfies Readonly<Record<string, (made: Awaited<ReturnType<typeof attached>>) => void>>;

    const found = async (
      act: (typeof acts)[keyof typeof acts],
      steps: (run: Run, act: () => void) => Promise<void>,
    ) => {
      const made = await attached();
      await steps(made.run, () => {
        act(made);
      });
      await made.run.call("TerminateInstanceInAutoScalingGroup", removal(made.run.first(0)));
      return made.run.ledger.broken;
    };

    it.each(Object.entries(acts))("%s is not held against us", async (_, act) => {
      const broken = await found(act, async (run, does) => {
        await run.look();
        does();
      });
      expect(broken).toEqual([]);
    });

    it.each(Object.entries(acts))("%s is, where a look would have shown it", async (_, act) => {
      const broken = await found(act, async (run, does) => {
        does();
        await run.look();
      });
      expect(broken).toHaveLength(1);
    });

    it.each(Object.entries(acts))("%s is, where we looked earlier only", async (_, act) => {
      const broken = await found(act, async (run, does) => {
        await run.look();
        await run.pass(2);
        does();
      });
      expect(broken).toHaveLength(1);
    });

    it("of what somebody asks for meanwhile our call takes one off: that is held against us only where a look would have shown it", async () => {
      const askedAfter = async (isSeen: boolean) => {
        const { run, id } = await attached();
        if (!isSeen) await run.look();
        acts["a policy that asks for more"]({ run, id });
        if (isSeen) await run.look();
        await run.call("TerminateInstanceInAutoScalingGroup", removal(run.first(0)));
        return run.ledger.samples.at(-1);
      };
      expect(await askedAfter(false)).toMatchObject({ asked: 5, desired: 5 });
      expect(await askedAfter(true)).toMatchObject({ asked: 6, desired: 5 });
    });

    it.each([
      ["up", 8],
      ["down", 3],
      ["back to what was asked for before our place came", 4],
    ])(
      "what somebody sets %s meanwhile stays asked for: what joins gives back the one that our call took, and no further one may leave",
      async (_, desired) => {
        const { run } = await attached();
        const { control } = run.platform.autoScaling;
        await run.look();
        control.applyPolicy(name, { desired });
        await run.call("TerminateInstanceInAutoScalingGroup", removal(run.first(0)));
        await run.pass(240);
        expect(run.ledger.samples.at(-1)).toMatchObject({
          desired: desired - 1,
          asked: desired - 1,
        });
        await run.call("AttachInstances", { InstanceIds: [run.spot(), run.spot(1)] });
        await run.pass(60);
        expect(run.ledger.samples.at(-1)).toMatchObject({ desired: desired + 1, asked: desired });
        const members = control.serving(name);
        for (const id of members.slice(0, 2)) {
          await run.look();
          await run.call("TerminateInstanceInAutoScalingGroup", removal(id));
        }
        expect(run.ledger.broken).toHaveLength(1);
        expect(run.ledger.broken[0]).toContain(`${String(desired)} are asked for`);
      },
    );

    it("and one more than they took is held against us", async () => {
      const { run } = await attached();
      await run.look();
      run.platform.ec2.control.terminateByOwner(run.first(1));
      await run.call("TerminateInstanceInAutoScalingGroup", removal(run.first(0)));
      await run.look();
      await run.call("TerminateInstanceInAutoScalingGroup", removal(run.first(2)));
      expect(run.ledger.broken).toHaveLength(1);
    });
  });

  describe("while a refresh takes members out, the group looking at itself in the instant in which a detached one is gone", () => {
    const refreshing = async (surplus: number) => {
      const run = createRun([], { isBehindLoadBalancer: false });
      const ids = Array.from({ length: surplus }, (_, index) => run.spot(index));
      await run.call("AttachInstances", { InstanceIds: ids });
      await run.pass(20);
      run.platform.autoScaling.control.startRefresh(name);
      for (const id of ids) {
        await run.call("DetachInstances", {
          InstanceIds: [id],
          ShouldDecrementDesiredCapacity: true,
        });
      }
      expect(run.ledger.samples.at(-1)).toMatchObject({ asked: 4, serving: 3 });
      return run.ledger.broken;
    };

    it("does not blame our call for whom the refresh takes", async () => {
      expect(await refreshing(1)).toEqual([]);
    });

    it("blames a call that takes one more", async () => {
      expect(await refreshing(2)).toEqual([
        expect.stringContaining("(DetachInstances): 3 members of web serve after it, 4 are asked"),
      ]);
    });
  });

  it("tells the customer what AWS refuses him", async () => {
    const run = createRun();
    const { refused } = playOwner(run.platform, name, [
      { afterSeconds: 1, kind: "DESIRED", desired: 50 },
    ]);
    await run.pass(2);
    expect(refused).toEqual([
      "DESIRED: New SetDesiredCapacity value 50 is above max value 10 for the AutoScalingGroup.",
    ]);
  });
});
