import { describe, expect, it } from "@jest/globals";
import { evaluationIdSchema } from "../../../core/model/ids.ts";
import { isOurTag } from "../../../core/model/tags.ts";
import type { Ending, Lab } from "../../../local/lab/contract.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { createLabLost, createLabOnSpot, type LabOptions } from "../../../local/lab/lab.ts";
import { rootOf } from "../../../local/lab/promises/promise.ts";
import {
  asOwner,
  atFirst,
  eachTimeItBegins,
  richOnSpot,
  throwKillSwitch,
} from "../../../local/lab/scenarios.ts";
import { evaluationsOf, minuteMs, pass, sweep, targetOf } from "./recovery-lab.ts";

const options: LabOptions = richOnSpot["stop-and-image"];
const two = { ...options, maxReplacements: 2 };

const expectRecovered = async (lab: Lab, story: Ending): Promise<void> => {
  expect(await complaintsAbout(lab, story)).toEqual([]);
  expect(story.status).toBe("SWITCHED");
};

/** Each write that a volume had acknowledged is there. */
const expectWrites = (lab: Lab, volumeIds: readonly string[]): void => {
  for (const id of volumeIds) {
    expect(lab.control.writesOn(id)).toBeGreaterThanOrEqual(lab.watch.acknowledged.get(id) ?? 0);
  }
};

const volumesOf = ({ watch }: Lab) => [watch.rootVolumeId, ...watch.dataVolumeIds];

/** Each time the host begins to be looked at by that step, until it is lost once. */
const loseHostWhen = (lab: Lab, isTime: () => boolean): { readonly isDone: () => boolean } => {
  let isDone = false;
  eachTimeItBegins(lab, "linear-move-root", () => {
    const host = lab.replacement();
    if (isDone || host === undefined || !isTime()) return;
    isDone = true;
    lab.watch.excuse("replacement");
    lab.control.interrupt(host.instanceId, { noticeSeconds: 0 });
  });
  return { isDone: () => isDone };
};

/** Something by which clients come is at the host. */
const holdsPart = (lab: Lab): boolean =>
  lab.watch.secondaryInterfaceIds.some(
    (id) => lab.replacement()?.networkInterfaceIds.includes(id) === true,
  );

describe("the host of a recovery with data", () => {
  it("that EC2 takes a moment after it was given the root leaves that, and the next host gets it", async () => {
    const lab = await createLabLost({ ...two, undisturbedUntil: { begins: "linear-move-root" } });
    const lost = loseHostWhen(lab, () => rootOf(lab.replacement()) === lab.watch.rootVolumeId);
    const story = await lab.run();
    expect(lost.isDone()).toBe(true);
    await expectRecovered(lab, story);
    expect(story.evaluation.progress.leftVolumes).toContain(lab.watch.rootVolumeId);
  });

  it("that EC2 takes before it was given anything has a successor", async () => {
    const lab = await createLabLost({ ...two, undisturbedUntil: { begins: "linear-move-root" } });
    const lost = loseHostWhen(lab, () => true);
    const story = await lab.run();
    expect(lost.isDone()).toBe(true);
    await expectRecovered(lab, story);
  });

  it("that EC2 takes while the lost one lives on has a successor when that has ended", async () => {
    const lab = await createLabLost(two, { noticeSeconds: 120 });
    atFirst(lab, "RunInstances", {
      when: "after",
      what: async () => {
        lab.watch.excuse("replacement");
        const host = lab.replacement();
        if (host !== undefined) lab.control.interrupt(host.instanceId, { noticeSeconds: 0 });
        await Promise.resolve();
      },
    });
    await expectRecovered(lab, await lab.run());
  });

  it("that ends right after EC2 had shown it well to a roll-back is given up, and not held", async () => {
    const lab = await createLabLost({
      ...options,
      undisturbedUntil: { begins: "linear-move-identity" },
    });
    let isDone = false;
    eachTimeItBegins(lab, "linear-move-identity", async () => {
      const host = lab.replacement();
      if (isDone || host === undefined) return;
      isDone = true;
      lab.watch.excuse("replacement");
      await throwKillSwitch(lab);
      lab.clock.schedule(lab.clock.now() + 10_000, () => {
        lab.control.interrupt(host.instanceId, { noticeSeconds: 0 });
      });
    });
    const story = await lab.run();
    expect(isDone).toBe(true);
    expect(story.evaluation.outcome).toMatchObject({ status: "ROLLED_BACK" });
    await lab.send("PUT", "/kill-switch", { engaged: false, reason: "The drill is over." });
    await pass(lab, 15 * minuteMs);
    await sweep(lab, 40 * minuteMs);
    expect((await evaluationsOf(lab))[0]).toMatchObject({ kind: "RECOVER", status: "SWITCHED" });
  });

  it.each([
    ["linear-move-identity", 0],
    ["linear-verify", 0],
    ["linear-verify", 120],
    ["linear-retire-original", 0],
  ] as const)(
    "that EC2 takes when %s begins, %i s before its end, is given up: the next recovery takes root and data over from it",
    async (step, noticeSeconds) => {
      const lab = await createLabLost({ ...options, undisturbedUntil: { begins: step } });
      let isDone = false;
      eachTimeItBegins(lab, step, () => {
        const host = lab.replacement();
        if (isDone || host === undefined || (step === "linear-move-identity" && !holdsPart(lab)))
          return;
        isDone = true;
        lab.watch.excuse("replacement");
        lab.control.interrupt(host.instanceId, { noticeSeconds });
      });
      const story = await lab.run();
      expect(isDone).toBe(true);
      expect(story.evaluation.outcome).toMatchObject({
        status: "ROLLED_BACK",
        sentence: expect.stringContaining("is still to be recovered"),
      });
      expect(lab.watch.broken).toEqual([]);
      await pass(lab, 15 * minuteMs);
      await sweep(lab, 40 * minuteMs);
      expect((await evaluationsOf(lab))[0]).toMatchObject({ kind: "RECOVER", status: "SWITCHED" });
      const { instanceId = "" } = (await targetOf(lab)) ?? {};
      expect(rootOf(lab.control.find(instanceId))).toBe(lab.watch.rootVolumeId);
      expect(lab.control.find(instanceId)?.allocationIds).toEqual([...lab.watch.allocationIds]);
      expectWrites(lab, volumesOf(lab));
      expect(lab.watch.broken).toEqual([]);
    },
  );

  it.each(["failed", "failed-detached"] as const)(
    "whose task is %s is given up for another, that starts from an image made since",
    async (how) => {
      const lab = await createLabLost({
        ...two,
        undisturbedUntil: { calls: "CreateReplaceRootVolumeTask" },
      });
      lab.control.failRootTasks(() => true, how);
      const story = await lab.run();
      await expectRecovered(lab, story);
      expect(story.evaluation.progress.rootTransfer).toBe("relaunch");
    },
  );

  it("starts from its owner's image where none of the switch is left", async () => {
    const lab = await createLabLost(options);
    const owner = asOwner(lab);
    const { Images = [] } = (await owner("DescribeImages", { Owners: ["self"] })) as {
      readonly Images?: readonly { readonly ImageId: string; readonly Name: string }[];
    };
    const made = Images.filter(({ Name }) => Name.startsWith("spot-optimizer-"));
    expect(made.length).toBeGreaterThan(0);
    for (const { ImageId } of made) await owner("DeregisterImage", { ImageId });
    await expectRecovered(lab, await lab.run());
  });
});

describe("a Spot Instance with data whose end takes long", () => {
  const slow = { ...options, settings: { terminateMs: 40 * minuteMs } };

  it("shuts down for 40 minutes: its host waits, and no volume is taken by force", async () => {
    const lab = await createLabLost(slow, { noticeSeconds: 120 });
    const story = await lab.run();
    await expectRecovered(lab, story);
    expect(story.answer["downtime_seconds"]).toBeGreaterThan(30 * 60);
    const detached = lab.watch.mutations().filter(({ operation }) => operation === "DetachVolume");
    expect(detached).toEqual([]);
  });

  it("is not waited for longer than recover_deadline_minutes: the host is released, and another recovery tried", async () => {
    const lab = await createLabLost(
      { ...slow, policy: { recover_deadline_minutes: 20 } },
      { noticeSeconds: 120 },
    );
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.evaluation.outcome).toMatchObject({
      status: "ROLLED_BACK",
      reason: "BrokenDeadline",
      sentence: expect.stringContaining("is still to be recovered"),
    });
    const { progress, outcome } = story.evaluation;
    expect(outcome?.sentence).toContain(
      `start it from image ${progress.warmImageId ?? "?"} without`,
    );
    expect(story.replacements.every(({ state }) => state !== "running")).toBe(true);
    await pass(lab, 60 * minuteMs);
    await sweep(lab, 60 * minuteMs);
    expect((await evaluationsOf(lab))[0]).toMatchObject({ kind: "RECOVER", status: "SWITCHED" });
    expectWrites(lab, volumesOf(lab));
  });

  it("is announced and never brought about by EC2: it serves on, and nothing is taken from it", async () => {
    const lab = await createLabLost(options, { noticeSeconds: 120, fails: true });
    const story = await lab.run();
    expect(story.evaluation.outcome).toMatchObject({ status: "ROLLED_BACK" });
    expect(lab.watch.broken).toEqual([]);
    const { allocationIds } = lab.watch;
    expect(lab.control.find(lab.originalId)).toMatchObject({ state: "running", allocationIds });
  });

  it("has volumes that come free minutes after: they are waited for", async () => {
    const lab = await createLabLost({
      ...options,
      settings: { volumesFreeAfterMs: 25 * minuteMs },
    });
    await expectRecovered(lab, await lab.run());
  });
});

/** As his own state has them. */
const ownersTags = (lab: Lab) => {
  const { tags = {} } = lab.control.find(lab.originalId) ?? {};
  return Object.entries(tags)
    .filter(([key, value]) => !isOurTag(key, value))
    .map(([Key, Value]) => ({ Key, Value }));
};

describe("the pool of a load with data", () => {
  it.each(["price", "experiment"] as const)(
    "is not blamed for an end by %s, and the verdict names it",
    async (why) => {
      const lab = await createLabLost(options, { noticeSeconds: 0, why });
      const story = await lab.run();
      await expectRecovered(lab, story);
      expect(story.evaluation.verdict?.sentence).toContain(`instance-terminated-by-${why}`);
    },
  );
});

describe("others who see that a Spot Instance with data is gone", () => {
  it("make it anew by Terraform in minute 3: nothing is given to the host, and the record says whose machine runs", async () => {
    const lab = await createLabLost(options, { noticeSeconds: 120 });
    const owner = asOwner(lab);
    let theirs = "";
    atFirst(lab, "RunInstances", {
      when: "after",
      what: async () => {
        const { Instances: [made] = [] } = (await owner("RunInstances", {
          ImageId: lab.control.find(lab.originalId)?.imageId,
          InstanceType: "m5.large",
          MinCount: 1,
          MaxCount: 1,
          TagSpecifications: [{ ResourceType: "instance", Tags: ownersTags(lab) }],
        })) as { readonly Instances?: readonly { readonly InstanceId: string }[] };
        theirs = made?.InstanceId ?? "";
      },
    });
    const story = await lab.run();
    expect(theirs).not.toBe("");
    expect(story.evaluation.outcome).toMatchObject({
      status: "ROLLED_BACK",
      reason: "StaleOriginal",
      sentence: expect.stringContaining(theirs),
    });
    expect(lab.control.find(theirs)?.state).toBe("running");
    expect(lab.watch.broken).toEqual([]);
    expectWrites(lab, volumesOf(lab));
    // The next one launches nothing.
    await pass(lab, 15 * minuteMs);
    await sweep(lab, 10 * minuteMs);
    expect((await evaluationsOf(lab))[0]).toMatchObject({ kind: "RECOVER", status: "DEGRADED" });
  });

  it("ask for it twice at once: one recovery, one host", async () => {
    const lab = await createLabLost(options);
    const { functions } = lab.platform;
    await Promise.all([
      functions.invoke("schedule-sweep", {}),
      functions.invoke("schedule-sweep", {}),
      lab.evaluate(),
    ]);
    await pass(lab, 40 * minuteMs);
    const recoveries = (await evaluationsOf(lab)).filter(({ kind }) => kind === "RECOVER");
    expect(recoveries).toMatchObject([{ status: "SWITCHED" }]);
    expect(lab.watch.broken).toEqual([]);
  });

  it("cancel its request, and leave it running: there is nothing to recover", async () => {
    const lab = await createLabOnSpot(options);
    const owner = asOwner(lab);
    const { SpotInstanceRequests: [request] = [] } = (await owner("DescribeSpotInstanceRequests", {
      Filters: [{ Name: "instance-id", Values: [lab.originalId] }],
    })) as {
      readonly SpotInstanceRequests?: readonly { readonly SpotInstanceRequestId: string }[];
    };
    const SpotInstanceRequestIds = [request?.SpotInstanceRequestId];
    await owner("CancelSpotInstanceRequests", { SpotInstanceRequestIds });
    await sweep(lab, 5 * minuteMs);
    expect((await evaluationsOf(lab)).map(({ kind }) => kind)).not.toContain("RECOVER");
    const path = `/lab/instances/${lab.targetId}/evaluate`;
    const { body } = await lab.send("POST", path, { recover: true });
    const story = await lab.finish(evaluationIdSchema.parse(body["evaluation_id"]));
    expect(story.evaluation.outcome).toMatchObject({ reason: "NOT_INTERRUPTED" });
    expect(story.effects).toEqual([]);
  });

  it("hold the lease for a way back that waits for its image: it gives way at its next look", async () => {
    const lab = await createLabOnSpot({
      ...options,
      policy: { max_downtime_minutes_per_30_days: 1440 },
      settings: { imageBaseMs: 60 * minuteMs },
    });
    const { body } = await lab.evaluate();
    await pass(lab, 10 * minuteMs);
    lab.watch.excuse("original");
    lab.control.interrupt(lab.originalId, { noticeSeconds: 120 });
    await pass(lab, 4 * minuteMs);
    expect((await evaluationsOf(lab))[0]).toMatchObject({
      evaluationId: body["evaluation_id"],
      status: "ROLLED_BACK",
      outcome: { reason: "StaleOriginal" },
    });
    await sweep(lab, 60 * minuteMs);
    expect((await evaluationsOf(lab))[0]).toMatchObject({ kind: "RECOVER", status: "SWITCHED" });
    const { instanceId = "" } = (await targetOf(lab)) ?? {};
    expect(rootOf(lab.control.find(instanceId))).toBe(lab.watch.rootVolumeId);
    expectWrites(lab, volumesOf(lab));
  });
});
