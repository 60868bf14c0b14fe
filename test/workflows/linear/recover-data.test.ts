import { describe, expect, it } from "@jest/globals";
import type { FaultCall } from "../../../local/cloud/faults.ts";
import type { Ending, Lab } from "../../../local/lab/contract.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { accountId, createLabLost } from "../../../local/lab/lab.ts";
import { rootOf } from "../../../local/lab/promises/promise.ts";
import { actionsOf, lossy, richOnSpot, throwKillSwitch } from "../../../local/lab/scenarios.ts";
import {
  evaluationsOf,
  isSpot,
  minuteMs,
  pass,
  sweep,
  targetOf,
  withoutRoom,
  zonesOfLaunches,
} from "./recovery-lab.ts";

const options = richOnSpot["stop-and-image"];

const expectRecovered = async (lab: Lab, story: Ending, status = "SWITCHED"): Promise<void> => {
  expect(await complaintsAbout(lab, story)).toEqual([]);
  expect(story.status).toBe(status);
};

/** The root volume of the lost instance, and each data volume of it. */
const takings: ReadonlySet<string> = new Set(["AttachVolume", "CreateReplaceRootVolumeTask"]);

const isCallOf =
  (operation: string) =>
  (call: Pick<FaultCall, "operation">): boolean =>
    call.operation === operation;

describe("a load with data whose Spot Instance EC2 took", () => {
  it.each(Object.entries(richOnSpot))(
    "runs in another pool on its own root, with every write and its identity: %s",
    async (_name, each) => {
      const lab = await createLabLost(each);
      const lost = lab.control.find(lab.originalId);
      const story = await lab.run();
      await expectRecovered(lab, story);
      const [server] = story.replacements;
      expect(server?.lifecycle).toBe("spot");
      expect([server?.instanceType, server?.zoneId]).not.toEqual([
        lost?.instanceType,
        lost?.zoneId,
      ]);
      expect(rootOf(server)).toBe(lab.watch.rootVolumeId);
      expect(story.evaluation.progress).toMatchObject({
        rootTransfer: "move-root-volume",
        movedRootVolumeId: lab.watch.rootVolumeId,
      });
      expect(await targetOf(lab)).toMatchObject({
        instanceId: server?.instanceId,
        ownersDeletionFlags: expect.anything(),
      });
      expect((await targetOf(lab))?.downtimes ?? []).toHaveLength(1);
      const replayed = await lab.send("POST", `/evaluations/${story.evaluationId}/replay`);
      expect(replayed.body).toMatchObject({ identical: true });
    },
  );

  it("is given its data volumes first, its own root then, and its identity last", async () => {
    const lab = await createLabLost(options);
    const story = await lab.run();
    expect(actionsOf(story)).toEqual([
      "CreateSecurityGroup",
      "RevokeSecurityGroupEgress",
      "RunInstances",
      "AttachVolume",
      "ModifyInstanceAttribute",
      "CreateReplaceRootVolumeTask",
      "ModifyNetworkInterfaceAttribute",
      "AttachNetworkInterface",
      "RegisterTargets",
      "AssociateAddress",
    ]);
  });

  it("starts on a host that nobody can reach before it has the load's root, and without user data", async () => {
    const lab = await createLabLost(options, { noticeSeconds: 120 });
    const story = await lab.run();
    await expectRecovered(lab, story);
    const roots = lab.watch.moments.flatMap(({ reaching, replacements }) =>
      replacements
        .filter(({ instanceId }) => reaching.includes(instanceId))
        .map((replacement) => rootOf(replacement)),
    );
    expect([...new Set(roots)]).toEqual([lab.watch.rootVolumeId]);
    const [launch] = lab.watch.mutations().filter(isCallOf("RunInstances"));
    expect(launch?.input).not.toHaveProperty("UserData");
  });

  it("is recovered from a notice: a host at once, and no volume is touched before the end", async () => {
    const lab = await createLabLost(options, { noticeSeconds: 120 });
    const states: string[] = [];
    lab.platform.cloud.faults.before(({ operation }) => {
      if (takings.has(operation)) states.push(lab.control.find(lab.originalId)?.state ?? "gone");
    });
    const launchedMs: number[] = [];
    const noticedMs = lab.clock.now();
    lab.platform.cloud.faults.after(({ operation }) => {
      if (operation === "RunInstances") launchedMs.push(lab.clock.now() - noticedMs);
    });
    await sweep(lab, 40 * minuteMs);
    const [recovery] = await evaluationsOf(lab);
    expect(recovery).toMatchObject({ kind: "RECOVER", startedBy: "sweep", status: "SWITCHED" });
    expect(launchedMs[0]).toBeLessThan(minuteMs);
    expect(new Set(states)).toEqual(new Set(["terminated"]));
    expect(lab.watch.broken).toEqual([]);
  });

  it("goes to On-Demand where no Spot pool has room, and its owner's flags return", async () => {
    const lab = await createLabLost(options);
    withoutRoom(lab, isSpot);
    const story = await lab.run();
    await expectRecovered(lab, story, "FELL_BACK");
    const [server] = story.replacements;
    expect(server?.lifecycle).toBeUndefined();
    expect(server?.tags["spot-optimizer:purpose"]).toBe("fallback");
    expect(await targetOf(lab)).not.toHaveProperty("ownersDeletionFlags");
  });

  it("goes to On-Demand where the account's Spot quota is used up, which is not the pools' fault", async () => {
    const lab = await createLabLost(options);
    withoutRoom(lab, isSpot, "MaxSpotInstanceCountExceeded");
    const story = await lab.run();
    await expectRecovered(lab, story, "FELL_BACK");
    const asked = lab.watch.mutations().filter(isCallOf("RunInstances"));
    expect(asked).toHaveLength(2);
  });

  it("stays in the zone of its root, which goes over itself, where that has room", async () => {
    const lab = await createLabLost({ consistency: "stop-and-image" });
    const story = await lab.run();
    await expectRecovered(lab, story);
    const pools = story.evaluation.verdict?.offers ?? [];
    const zones = [...new Set(pools.map(({ zoneId }) => zoneId))];
    expect(zones.length).toBeGreaterThan(1);
    expect(zones[0]).toBe(lab.control.find(lab.originalId)?.zoneId);
    expect(story.evaluation.progress.rootTransfer).toBe("move-root-volume");
  });

  it("goes to another zone by an image of its root, where its own has no room and nothing else is bound to it", async () => {
    const lab = await createLabLost({ consistency: "stop-and-image" });
    const zoneId = lab.control.find(lab.originalId)?.zoneId;
    const zoneOf = await zonesOfLaunches(lab);
    withoutRoom(lab, (launch) => zoneOf(launch) === zoneId);
    const story = await lab.run();
    await expectRecovered(lab, story);
    expect(story.replacements[0]?.zoneId).not.toBe(zoneId);
    expect(story.evaluation.progress).toMatchObject({
      rootTransfer: "replace-root-volume",
      leftVolumes: [lab.watch.rootVolumeId],
    });
  });

  it("asks neither for a window, nor money, nor an approval", async () => {
    const lab = await createLabLost(options);
    const answers = [
      await lab.send("PATCH", `/lab/instances/${lab.targetId}`, {
        policy_overrides: {
          consistency: "stop-and-image",
          accept_change_of: ["primary-private-ip"],
          require_approval: true,
          max_downtime_minutes_per_30_days: 0,
          maintenance_windows: [{ cron: "0 3 1 1 *", duration: "1h", timezone: "UTC" }],
        },
      }),
      await lab.send("PATCH", `/accounts/${accountId}`, { max_extra_hourly_usd: 0.0001 }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    await expectRecovered(lab, await lab.run());
  });

  it("is recovered again when its successor is taken too", async () => {
    const lab = await createLabLost(options);
    const { replacements } = await lab.run();
    const [first] = replacements;
    lab.control.interrupt(first?.instanceId ?? "", { noticeSeconds: 0 });
    await pass(lab, 5 * minuteMs);
    await sweep(lab, 40 * minuteMs);
    const [again] = await evaluationsOf(lab);
    expect(again).toMatchObject({ kind: "RECOVER", status: "SWITCHED" });
    const { instanceId = "" } = (await targetOf(lab)) ?? {};
    expect(instanceId).not.toBe(first?.instanceId);
    expect(rootOf(lab.control.find(instanceId))).toBe(lab.watch.rootVolumeId);
    for (const id of [lab.watch.rootVolumeId, ...lab.watch.dataVolumeIds]) {
      expect(lab.control.writesOn(id)).toBeGreaterThanOrEqual(lab.watch.acknowledged.get(id) ?? 0);
    }
  });
});

describe("a recovery with data for which nothing can be launched", () => {
  it("is refused where nobody knows which root volume it had: it had no data when it was launched", async () => {
    const lab = await createLabLost(lossy);
    const policy_overrides = {
      consistency: "stop-and-image",
      accept_change_of: ["primary-private-ip"],
    };
    const path = `/lab/instances/${lab.targetId}`;
    expect((await lab.send("PATCH", path, { policy_overrides })).status).toBe(200);
    const story = await lab.run();
    expect(story.mutations).toEqual([]);
    expect(story.evaluation.outcome).toMatchObject({
      status: "REFUSED",
      reason: "LAST_LAUNCH_UNKNOWN",
    });
  });

  it("is told with the target and tried ever more rarely, and its volumes are kept", async () => {
    const lab = await createLabLost(options);
    const end = withoutRoom(lab, () => true);
    const story = await lab.run();
    expect(story.evaluation.outcome).toMatchObject({
      status: "STAYED",
      reason: "NO_CAPACITY_IN_ANY_OFFER",
    });
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(await targetOf(lab)).toMatchObject({
      instanceId: lab.originalId,
      failedAttempt: { evaluationId: story.evaluationId, retryAt: expect.any(String) },
    });
    end();
    await pass(lab, 15 * minuteMs);
    await sweep(lab, 40 * minuteMs);
    expect((await evaluationsOf(lab))[0]).toMatchObject({ kind: "RECOVER", status: "FELL_BACK" });
    expect(lab.watch.broken).toEqual([]);
  });

  it("launches nothing while the kill switch is on, and is tried again once it is off", async () => {
    const lab = await createLabLost(options);
    await throwKillSwitch(lab);
    const story = await lab.run();
    expect(story.mutations).toEqual([]);
    expect(story.evaluation.outcome).toMatchObject({ status: "DEGRADED" });
    await lab.send("PUT", "/kill-switch", { engaged: false, reason: "The drill is over." });
    await pass(lab, 15 * minuteMs);
    await sweep(lab, 40 * minuteMs);
    expect((await evaluationsOf(lab))[0]).toMatchObject({ kind: "RECOVER", status: "SWITCHED" });
    expect(lab.watch.broken).toEqual([]);
  });
});
