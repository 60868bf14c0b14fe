import { describe, expect, it } from "@jest/globals";
import { keepSpotEvent } from "../../../adapters/store/spot-events.ts";
import { accountIdSchema, instanceIdSchema } from "../../../core/model/ids.ts";
import { CloudError } from "../../../local/cloud/contract.ts";
import type { Lab } from "../../../local/lab/contract.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { accountId, createLabLost, region } from "../../../local/lab/lab.ts";
import { asOwner, atFirst, rich } from "../../../local/lab/scenarios.ts";
import { enrolled } from "../../../local/platform/customer-group.ts";
import { evaluationsOf, minuteMs, pass, sweep, targetOf, withoutRoom } from "./recovery-lab.ts";
import { kept, originalOf, retirementOf, settlementsOf } from "./recovery-kept.ts";

const callsOf = ({ effects }: { effects: readonly { action: string }[] }) =>
  effects.map(({ action }) => action);

const recovered = { consistency: "stateless", accept_change_of: ["primary-private-ip"] };

const refuseStart = (lab: Lab, code: string, status: number): void => {
  lab.platform.cloud.faults.before(({ operation }) => {
    if (operation === "StartInstances") throw new CloudError(code, "There is no room.", status);
  });
};

/** It is stopped, marked as before, and the janitor ends it when its cool-off is over. */
const isLeftAsFound = async (
  lab: Lab,
  before: { readonly tags: Readonly<Record<string, string>> } | undefined,
): Promise<void> => {
  expect(await originalOf(lab)).toMatchObject({ state: "stopped", tags: before?.tags });
  expect(await retirementOf(lab)).toMatchObject({ status: "COMMITTED" });
  expect(await settlementsOf(lab)).toEqual([]);
  await lab.clock.run({ atMostMs: lab.clock.now() + 24 * 60 * minuteMs });
  lab.watch.end();
  await lab.platform.functions.invoke("schedule-janitor", {});
  expect((await originalOf(lab))?.state).toBe("shutting-down");
};

describe("a stopped original still in its cool-off", () => {
  it("is the first candidate for a stateless load: it is started, and nothing is launched", async () => {
    const lab = await createLabLost(kept);
    expect((await originalOf(lab))?.state).toBe("stopped");
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(callsOf(story)).not.toContain("RunInstances");
    expect(callsOf(story)).toContain("StartInstances");
    const original = await originalOf(lab);
    expect(original).toMatchObject({
      state: "running",
      allocationIds: [...lab.watch.allocationIds],
    });
    // Its owner's alone: the marks of its retirement are gone.
    expect(original?.tags).toEqual({ ...kept.instance.tags, "spot-optimizer:enrolled": "true" });
    expect(await retirementOf(lab)).toMatchObject({
      status: "SETTLED",
      change: { takenBy: story.evaluationId },
    });
    expect(await settlementsOf(lab)).toEqual([
      expect.objectContaining({ kind: "KEPT", reason: "SERVES" }),
    ]);
  });

  it("is left as it is by one of many recoveries of a place: what is launched is sooner there", async () => {
    const lab = await createLabLost(kept);
    const before = await originalOf(lab);
    const place = { accountId: accountIdSchema.parse(accountId), region };
    const at = new Date(lab.clock.now()).toISOString();
    for (let count = 0; count < 10; count += 1) {
      await keepSpotEvent(lab.table, {
        kind: "INTERRUPTION_WARNING",
        ...place,
        instanceId: instanceIdSchema.parse(`i-${String(count).padStart(17, "0")}`),
        ...{ at, receivedAt: at },
        action: "terminate",
      });
    }
    const story = await lab.run();
    expect(story.status).toBe("SWITCHED");
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(callsOf(story)).not.toContain("StartInstances");
    await isLeftAsFound(lab, before);
  });

  it("stands On-Demand then, and is brought back to Spot as after each fallback", async () => {
    const lab = await createLabLost(kept);
    const story = await lab.run();
    expect(story.status).toBe("FELL_BACK");
    const original = await originalOf(lab);
    expect(original?.lifecycle).toBeUndefined();
    const target = await targetOf(lab);
    expect(target).toMatchObject({ instanceId: original?.instanceId });
    expect(target).not.toHaveProperty("staysOnDemand");
    expect(target).not.toHaveProperty("ownersDeletionFlags");
    await pass(lab, 7 * 24 * 60 * minuteMs);
    lab.watch.end();
    await sweep(lab, 60 * minuteMs);
    expect((await evaluationsOf(lab))[0]).toMatchObject({ status: "SWITCHED" });
    expect(await originalOf(lab)).toMatchObject({ state: "stopped" });
    expect((await targetOf(lab))?.instanceId).not.toBe(original?.instanceId);
  });

  it("serves before the end of what EC2 takes, where that is announced", async () => {
    const lab = await createLabLost(kept, { noticeSeconds: 120 });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("FELL_BACK");
    expect(story.answer["downtime_seconds"]).toBe(0);
  });

  it.each([
    ["EC2 has no room for it", "InsufficientInstanceCapacity", 500],
    ["the account's quota is used up", "VcpuLimitExceeded", 400],
    ["the role may not start it", "UnauthorizedOperation", 403],
  ])("is left as it was found, and another is launched, where %s", async (_what, code, status) => {
    const lab = await createLabLost(kept);
    const before = await originalOf(lab);
    const { launchedAt } = (await retirementOf(lab)).change;
    refuseStart(lab, code, status);
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
    expect(story.evaluation.progress.keptOriginal).toHaveProperty("refusal");
    expect((await retirementOf(lab)).change.launchedAt).toBe(launchedAt);
    await isLeftAsFound(lab, before);
  });

  it.each([
    ["before its end", 120],
    ["after its end", 0],
  ])(
    "is stopped again, and another is launched, where its checks fail %s",
    async (_what, seconds) => {
      const lab = await createLabLost(kept, { noticeSeconds: seconds });
      const before = await originalOf(lab);
      lab.control.failChecks(({ id }) => id === before?.instanceId, "system");
      const story = await lab.run();
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("SWITCHED");
      expect(story.replacements[0]).toMatchObject({
        lifecycle: "spot",
        allocationIds: [...lab.watch.allocationIds],
      });
      await isLeftAsFound(lab, before);
    },
  );

  it("is waited for again where nothing else can be launched, though it comes up at minute eight", async () => {
    const lab = await createLabLost(kept);
    const upMs = lab.clock.now() + 8 * minuteMs;
    lab.platform.ssm.installAgents(accountId);
    lab.platform.ssm.addDocument({
      accountId,
      region,
      name: "prove-application",
      tags: enrolled,
      run: () => ({ exitCode: lab.clock.now() < upMs ? 1 : 0 }),
    });
    const proof = [{ kind: "ssm-document", document: "prove-application", seconds: 60 }];
    const policy_overrides = { ...recovered, proof };
    const path = `/lab/instances/${lab.targetId}`;
    expect((await lab.send("PATCH", path, { policy_overrides })).status).toBe(200);
    withoutRoom(lab, () => true);
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("FELL_BACK");
    expect(story.evaluation.progress.keptOriginal).toMatchObject({ isLast: true });
    expect(callsOf(story)).not.toContain("StopInstances");
    expect((await targetOf(lab))?.instanceId).toBe((await originalOf(lab))?.instanceId);
  });

  it("is not started by a recovery that comes after one that has tried it", async () => {
    const lab = await createLabLost(kept);
    refuseStart(lab, "InsufficientInstanceCapacity", 500);
    await lab.run();
    const { instanceId } = (await targetOf(lab)) ?? {};
    lab.control.interrupt(instanceId ?? "", { noticeSeconds: 0 });
    await pass(lab, 5 * minuteMs);
    lab.watch.end();
    await sweep(lab, 40 * minuteMs);
    const [second] = await evaluationsOf(lab);
    expect(second).toMatchObject({ kind: "RECOVER", status: "SWITCHED" });
    expect(second).not.toHaveProperty("progress.keptOriginal");
  });

  it("is not touched where its owner uses it, or has started it since", async () => {
    const lab = await createLabLost(kept);
    const { instanceId } = (await originalOf(lab)) ?? {};
    const owner = asOwner(lab);
    await owner("StartInstances", { InstanceIds: [instanceId] });
    await pass(lab, 2 * minuteMs);
    await owner("StopInstances", { InstanceIds: [instanceId] });
    await pass(lab, 2 * minuteMs);
    const story = await lab.run();
    expect(story.status).toBe("SWITCHED");
    expect(callsOf(story)).not.toContain("StartInstances");
    expect(await retirementOf(lab)).toMatchObject({ status: "COMMITTED" });
  });

  it("is not ended by the janitor while a recovery works with it, whenever its time comes", async () => {
    const lab = await createLabLost({ ...kept, policy: { cooloff_hours: 0.2 } });
    atFirst(lab, "StartInstances", {
      when: "before",
      what: async () => {
        await pass(lab, 10 * minuteMs);
        await lab.platform.functions.invoke("schedule-janitor", {});
      },
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("FELL_BACK");
    expect(await originalOf(lab)).toMatchObject({ state: "running" });
  });

  it("is never started for a load with data: its root is older", async () => {
    const { "stop-and-image": data } = rich;
    const { dataVolumes } = data.instance;
    const instance = { ...kept.instance, dataVolumes };
    const lab = await createLabLost({ ...data, instance, keepsOriginal: true });
    expect((await originalOf(lab))?.state).toBe("stopped");
    const story = await lab.run();
    expect(story.status).toBe("SWITCHED");
    expect(callsOf(story)).not.toContain("StartInstances");
  });

  it("is not started where an interface would hang on it", async () => {
    const lab = await createLabLost({
      ...kept,
      instance: { ...kept.instance, secondaryInterfaces: 1 },
    });
    const story = await lab.run();
    expect(story.status).toBe("SWITCHED");
    expect(callsOf(story)).not.toContain("StartInstances");
  });
});
