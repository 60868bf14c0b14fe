import { describe, expect, it } from "@jest/globals";
import { CloudError } from "../../../../local/cloud/contract.ts";
import { addGroupTarget, addNodesTarget } from "./members.ts";
import { openSweepLab, passMinutes, type SweepLab } from "./place-lab.ts";

const dayMinutes = 24 * 60;

const callsOf = ({ account: { platform }, place }: SweepLab) =>
  platform.cloud.journal.filter(({ accountId }) => accountId === place.accountId);

const countOf = (lab: SweepLab, operation: string): number =>
  callsOf(lab).filter((call) => call.operation === operation).length;

const launchHook = {
  LifecycleHookName: "warm",
  LifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
  HeartbeatTimeout: 60,
};

const setHealthy = ({ account: { platform }, place }: SweepLab, is: boolean): void => {
  const group = platform.autoScaling.control.find({ ...place, name: "web" });
  platform.elb.setApplicationHealthy(group?.members[0]?.instanceId ?? "", is);
};

/** Of group web. */
const asOwner = ({ account: { platform }, place }: SweepLab, operation: string, input: object) => {
  const { accountId, region } = place;
  const { accessKeyId } = platform.cloud.identities.addUser({ accountId, name: operation });
  return platform.cloud.call({
    service: "autoscaling",
    operation,
    region,
    accessKeyId,
    input: { AutoScalingGroupName: "web", ...input },
  });
};

/** Calls of a sweep that change something, or would. */
const changesOf = async (lab: SweepLab, sweep: () => Promise<unknown>) => {
  const before = callsOf(lab).length;
  await sweep();
  return callsOf(lab)
    .slice(before)
    .filter(({ mutating, dryRun }) => mutating && !dryRun);
};

const inEarnest = { isShadowMode: false };

describe("a sweep that finds a group worth a switch", () => {
  it("looks at it, changes nothing, and its verdict is SWITCH without an evaluation", async () => {
    const lab = await openSweepLab();
    await addGroupTarget(lab, { name: "web" });
    const changes = await changesOf(lab, async () => {
      expect(await lab.sweep()).toMatchObject({ judged: 1, looked: 1, started: 0 });
    });
    expect(changes).toEqual([]);
    const [run] = await lab.runs();
    expect(run).toMatchObject({ kind: "SWITCH", count: 1 });
    expect(run?.isWouldSwitch).toBeUndefined();
    expect(countOf(lab, "DescribeLifecycleHooks")).toBe(1);
  });

  it("looks once a day: between, all is open again that passes by itself, and no evaluation is begun for days", async () => {
    const lab = await openSweepLab();
    await addGroupTarget(lab, { name: "web" });
    await lab.sweep();
    await passMinutes(lab, 15);
    expect(await lab.sweep()).toMatchObject({ judged: 1, looked: 0, started: 0 });
    expect(await lab.runs()).toMatchObject([{ kind: "SWITCH", isWouldSwitch: true }]);
    await passMinutes(lab, dayMinutes);
    expect(await lab.sweep()).toMatchObject({ looked: 1, started: 0 });
    await passMinutes(lab, dayMinutes);
    expect(await lab.sweep()).toMatchObject({ looked: 1, started: 0 });
    expect(await lab.started()).toEqual([]);
  });

  it("says the refusal that only a look can find, for as long as it is set up so", async () => {
    const lab = await openSweepLab();
    await addGroupTarget(lab, { name: "web", hooks: [launchHook] }, inEarnest);
    expect(await lab.sweep()).toMatchObject({ looked: 1, started: 0 });
    expect(countOf(lab, "RunInstances")).toBe(0);
    await passMinutes(lab, 15);
    expect(await lab.sweep()).toMatchObject({ looked: 0, started: 0 });
    expect(await lab.runs()).toMatchObject([{ kind: "REFUSE", reason: "LAUNCH_HOOK" }]);
    await asOwner(lab, "DeleteLifecycleHook", { LifecycleHookName: "warm" });
    await passMinutes(lab, dayMinutes);
    expect(await lab.sweep()).toMatchObject({ looked: 1, started: 1 });
  });

  it("begins nothing in earnest while a target is not healthy, and looks again at each sweep", async () => {
    const lab = await openSweepLab();
    await addGroupTarget(lab, { name: "web" }, inEarnest);
    setHealthy(lab, false);
    await passMinutes(lab, 5);
    expect(await lab.sweep()).toMatchObject({ looked: 1, started: 0 });
    expect(await lab.runs()).toMatchObject([{ kind: "STAY", reason: "TARGETS_NOT_HEALTHY" }]);
    await passMinutes(lab, 15);
    expect(await lab.sweep()).toMatchObject({ looked: 1, started: 0 });
    setHealthy(lab, true);
    await passMinutes(lab, 15);
    expect(await lab.sweep()).toMatchObject({ looked: 1, started: 1 });
  });

  it("does not look again in shadow mode because a target was not healthy, and leaves that open", async () => {
    const lab = await openSweepLab();
    await addGroupTarget(lab, { name: "web" });
    setHealthy(lab, false);
    await passMinutes(lab, 5);
    await lab.sweep();
    await passMinutes(lab, 15);
    expect(await lab.sweep()).toMatchObject({ looked: 0, started: 0 });
    expect(await lab.runs()).toMatchObject([{ kind: "SWITCH", isWouldSwitch: true }]);
  });

  it("stays by the lists of now, whatever a look of the day has found", async () => {
    const lab = await openSweepLab();
    await addGroupTarget(lab, { name: "web" });
    await lab.sweep();
    await asOwner(lab, "UpdateAutoScalingGroup", { MinSize: 0, DesiredCapacity: 0 });
    await passMinutes(lab, 15);
    expect(await lab.sweep()).toMatchObject({ judged: 1, looked: 0, started: 0 });
    expect(await lab.runs()).toMatchObject([{ kind: "STAY" }]);
  });

  it("begins nothing in earnest before it could look", async () => {
    const lab = await openSweepLab();
    const targetId = await addGroupTarget(lab, { name: "web" }, inEarnest);
    const release = lab.account.platform.cloud.faults.before((call) => {
      if (call.operation !== "RunInstances") return;
      throw new CloudError("RequestLimitExceeded", "Request limit exceeded.", 503);
    });
    expect(await lab.sweep()).toMatchObject({ looked: 0, started: 0 });
    expect(await lab.runs()).toMatchObject([{ kind: "SWITCH", isWouldSwitch: true }]);
    release();
    await passMinutes(lab, 15);
    expect(await lab.sweep()).toMatchObject({ looked: 1, started: 1 });
    expect(await lab.started()).toEqual([targetId]);
  });

  it("begins by a look of the day what there was no room for when it was made", async () => {
    const lab = await openSweepLab();
    await addGroupTarget(lab, { name: "web" }, inEarnest);
    await addGroupTarget(lab, { name: "api" }, inEarnest);
    // An account's first day: one at a time.
    expect(await lab.sweep()).toMatchObject({ looked: 2, started: 1 });
    await passMinutes(lab, 6 * 60);
    expect(await lab.sweep()).toMatchObject({ looked: 0, started: 1 });
    expect(new Set(await lab.started()).size).toBe(2);
  });

  it("looks anew once it is set up otherwise, and not because members have come and gone", async () => {
    const lab = await openSweepLab();
    await addGroupTarget(lab, { name: "web", size: 3, min: 1, max: 6 });
    await lab.sweep();
    const update = (input: object) => asOwner(lab, "UpdateAutoScalingGroup", input);
    await update({ DesiredCapacity: 4 });
    await passMinutes(lab, 15);
    expect(await lab.sweep()).toMatchObject({ judged: 1, looked: 0 });
    await update({ DefaultCooldown: 77, HealthCheckGracePeriod: 77 });
    await passMinutes(lab, 15);
    expect(await lab.sweep()).toMatchObject({ judged: 1, looked: 1 });
  });
});

describe("a sweep that finds nodes worth a switch", () => {
  it.each([true, false])(
    "looks at them, changes nothing, and their verdict is SWITCH without an evaluation: managed %s",
    async (isManaged) => {
      const lab = await openSweepLab();
      await addNodesTarget(lab, { isManaged });
      const changes = await changesOf(lab, async () => {
        expect(await lab.sweep()).toMatchObject({ judged: 1, looked: 1, started: 0 });
      });
      expect(changes).toEqual([]);
      const [run] = await lab.runs();
      expect(run).toMatchObject({ kind: "SWITCH", count: 1 });
      expect(run?.isWouldSwitch).toBeUndefined();
      expect(countOf(lab, "DescribeCluster")).toBe(1);
      await passMinutes(lab, 15);
      expect(await lab.sweep()).toMatchObject({ judged: 1, looked: 0, started: 0 });
      await passMinutes(lab, 2 * dayMinutes);
      expect(await lab.sweep()).toMatchObject({ looked: 1, started: 0 });
      expect(await lab.started()).toEqual([]);
    },
  );

  it("says what stands against their pods, at the sweeps of the day as well", async () => {
    const lab = await openSweepLab();
    await addNodesTarget(lab, {
      workloads: [{ kind: "Deployment", name: "one", replicas: 4, budget: { maxUnavailable: 0 } }],
    });
    expect(await lab.sweep()).toMatchObject({ looked: 1 });
    await passMinutes(lab, 15);
    expect(await lab.sweep()).toMatchObject({ looked: 0 });
    expect(await lab.runs()).toMatchObject([
      { kind: "REFUSE", reason: "BUDGET_NEVER_ALLOWS", count: 2 },
    ]);
  });

  it("begins in earnest once it has looked", async () => {
    const lab = await openSweepLab();
    const { targetId } = await addNodesTarget(lab, {}, inEarnest);
    expect(await lab.sweep()).toMatchObject({ looked: 1, started: 1 });
    expect(await lab.started()).toEqual([targetId]);
  });
});
