import { beforeEach, describe, expect, it } from "@jest/globals";
import { addLaunchTurn } from "../../../adapters/store/launch-turns.ts";
import { accountIdSchema, evaluationIdSchema } from "../../../core/model/ids.ts";
import type { Lab } from "../../../local/lab/contract.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { createLabLost, createLabOnSpot } from "../../../local/lab/lab.ts";
import { lossy, rich, throwKillSwitch } from "../../../local/lab/scenarios.ts";
import { evaluationsOf, isSpot, minuteMs, sweep, targetOf, withoutRoom } from "./recovery-lab.ts";

const recover = async (lab: Lab) => {
  const path = `/lab/instances/${lab.targetId}/evaluate`;
  const { body } = await lab.send("POST", path, { recover: true });
  return lab.finish(evaluationIdSchema.parse(body["evaluation_id"]));
};

describe("a stateless load whose Spot Instance EC2 took", () => {
  it("is launched anew in another pool, with its whole identity", async () => {
    const lab = await createLabLost(lossy);
    const lost = lab.control.find(lab.originalId);
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
    const [server] = story.replacements;
    expect(server?.lifecycle).toBe("spot");
    expect([server?.instanceType, server?.zoneId]).not.toEqual([lost?.instanceType, lost?.zoneId]);
    expect(await targetOf(lab)).toMatchObject({ instanceId: server?.instanceId });
    expect(story.answer["downtime_seconds"]).toBeGreaterThan(150);
    expect((await targetOf(lab))?.downtimes ?? []).toEqual([]);
    const replayed = await lab.send("POST", `/evaluations/${story.evaluationId}/replay`);
    expect(replayed.body).toMatchObject({ identical: true });
  });

  it("launches when it is its turn among those that EC2 takes there, at the latest when the notice is over", async () => {
    const lab = await createLabLost(lossy);
    const { accountId, region } = lab.account;
    const place = { accountId: accountIdSchema.parse(accountId), region };
    const at = new Date(lab.clock.now()).toISOString();
    for (let index = 0; index < 20; index += 1) {
      const evaluationId = evaluationIdSchema.parse(`evl-${String(index).padStart(20, "0")}`);
      const waiter = { standsAlone: true, bootSeconds: 999 };
      await addLaunchTurn(lab.table, place, { kind: "WAITER", evaluationId, at, ...waiter });
    }
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
    const [launch] = story.effects.filter(({ action }) => action === "RunInstances");
    const waitedMs = Date.parse(launch?.at ?? "") - Date.parse(story.evaluation.startedAt);
    expect(waitedMs).toBeGreaterThanOrEqual(115_000);
    expect(waitedMs).toBeLessThan(140_000);
  });

  it("goes to On-Demand where no Spot pool has room, and the sweep may switch it again", async () => {
    const lab = await createLabLost(lossy);
    withoutRoom(lab, isSpot);
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("FELL_BACK");
    const [server] = story.replacements;
    expect(server?.lifecycle).toBeUndefined();
    expect(server?.tags["spot-optimizer:purpose"]).toBe("fallback");
    const target = await targetOf(lab);
    expect(target).toMatchObject({ instanceId: server?.instanceId });
    expect(target).not.toHaveProperty("staysOnDemand");
    expect(target).not.toHaveProperty("ownersDeletionFlags");
  });

  it("is tried again by the sweep, ever more rarely, where EC2 has no room at all", async () => {
    const lab = await createLabLost(lossy);
    const end = withoutRoom(lab, () => true);
    const story = await lab.run();
    expect(story.evaluation.outcome).toMatchObject({
      status: "STAYED",
      reason: "NO_CAPACITY_IN_ANY_OFFER",
      sentence: expect.stringContaining("On-Demand: No offer gave capacity"),
    });
    const first = (await targetOf(lab))?.failedAttempt;
    expect(first).toMatchObject({ evaluationId: story.evaluationId });
    await sweep(lab, minuteMs);
    expect(await evaluationsOf(lab)).toHaveLength(2);
    // An alarm counts such lines.
    const told = lab.logged.filter((line) => line.includes('"unrecovered":1'));
    expect(told).toEqual([expect.stringContaining(story.evaluationId)]);
    await lab.clock.run({ atMostMs: lab.clock.now() + 15 * minuteMs });
    await sweep(lab, 5 * minuteMs);
    const second = (await targetOf(lab))?.failedAttempt;
    const waits = [first, second].map(
      (attempt) => Date.parse(attempt?.retryAt ?? "") - Date.parse(attempt?.at ?? ""),
    );
    expect(waits).toEqual([10 * minuteMs, 20 * minuteMs]);
    end();
    await lab.clock.run({ atMostMs: lab.clock.now() + 25 * minuteMs });
    await sweep(lab, 30 * minuteMs);
    // The Spot pools that refused are remembered.
    expect((await evaluationsOf(lab))[0]).toMatchObject({ kind: "RECOVER", status: "FELL_BACK" });
    expect(await targetOf(lab)).not.toHaveProperty("failedAttempt");
    const { length } = lab.logged;
    await sweep(lab, minuteMs);
    expect(lab.logged.slice(length).join()).not.toContain("unrecovered");
  });

  it("is recovered by the sweep that finds it, once, and not paused", async () => {
    const lab = await createLabLost(lossy);
    const { functions } = lab.platform;
    await Promise.all([
      functions.invoke("schedule-sweep", {}),
      functions.invoke("schedule-sweep", {}),
    ]);
    await lab.clock.run({ atMostMs: lab.clock.now() + minuteMs });
    await sweep(lab, 40 * minuteMs);
    const [recovery, ...others] = await evaluationsOf(lab);
    expect(recovery).toMatchObject({ kind: "RECOVER", startedBy: "sweep", status: "SWITCHED" });
    expect(others).toHaveLength(1);
    expect((await targetOf(lab))?.instanceId).not.toBe(lab.originalId);
    expect(lab.logged.join("\n")).not.toContain("is paused");
    expect(lab.watch.broken).toEqual([]);
  });

  it("is recovered again when its successor is taken too", async () => {
    const lab = await createLabLost(lossy);
    const { replacements } = await lab.run();
    lab.control.interrupt(replacements[0]?.instanceId ?? "", { noticeSeconds: 0 });
    await lab.clock.run({ atMostMs: lab.clock.now() + 5 * minuteMs });
    const again = await recover(lab);
    expect(again.status).toBe("SWITCHED");
    const { allocationIds } = lab.watch;
    expect(again.replacements[0]?.allocationIds).toEqual([...allocationIds]);
  });

  it("is recovered where both are doomed: what is launched is announced to end while the first still runs", async () => {
    const lab = await createLabLost(lossy, { noticeSeconds: 120 });
    let doomed = "";
    lab.platform.cloud.faults.after(({ operation, input }, output) => {
      const isTry = (input as { readonly DryRun?: boolean }).DryRun === true;
      if (operation !== "RunInstances" || isTry || doomed !== "") return;
      const { Instances } = output as { readonly Instances: readonly { InstanceId: string }[] };
      doomed = Instances[0]?.InstanceId ?? "";
      lab.control.interrupt(doomed);
    });
    await sweep(lab, 20 * minuteMs);
    await sweep(lab, 40 * minuteMs);
    const [last, first] = await evaluationsOf(lab);
    expect(first).toMatchObject({ kind: "RECOVER", status: "ROLLED_BACK" });
    expect(last).toMatchObject({ kind: "RECOVER", status: "SWITCHED" });
    const { instanceId = "" } = (await targetOf(lab)) ?? {};
    expect([lab.originalId, doomed]).not.toContain(instanceId);
    expect(lab.control.find(instanceId)?.allocationIds).toEqual([...lab.watch.allocationIds]);
    expect(lab.watch.broken).toEqual([]);
  });

  it("is launched anew two minutes before its end where that is announced", async () => {
    const lab = await createLabLost(lossy, { noticeSeconds: 120 });
    await sweep(lab, 40 * minuteMs);
    const [recovery] = await evaluationsOf(lab);
    expect(recovery).toMatchObject({ kind: "RECOVER", status: "SWITCHED" });
    const seconds = recovery?.downtimeSeconds ?? 0;
    expect(seconds).toBeLessThan(120);
    expect(lab.watch.broken).toEqual([]);
  });

  it("is ended by us ten minutes after its announced end, where EC2 does not and all has moved", async () => {
    const instance = { ...lossy.instance, secondaryInterfaces: 0, elasticIpOnSecondary: false };
    const lab = await createLabLost({ ...lossy, instance }, { noticeSeconds: 120, fails: true });
    await sweep(lab, 40 * minuteMs);
    const [recovery] = await evaluationsOf(lab);
    expect(recovery).toMatchObject({ kind: "RECOVER", status: "SWITCHED" });
    expect(recovery?.downtimeSeconds ?? 0).toBeLessThan(120);
    expect(lab.control.find(lab.originalId)?.state).toBe("terminated");
    const ended = lab.watch
      .mutations()
      .filter(({ operation }) => operation === "TerminateInstances");
    expect(ended).toHaveLength(1);
    expect(lab.watch.broken).toEqual([]);
  });

  it("goes on serving where EC2 does not end it and does not let go of its interface", async () => {
    const lab = await createLabLost(lossy, { noticeSeconds: 120, fails: true });
    await sweep(lab, 60 * minuteMs);
    const [recovery] = await evaluationsOf(lab);
    expect(recovery).toMatchObject({ kind: "RECOVER", status: "ROLLED_BACK" });
    expect(lab.control.find(lab.originalId)?.allocationIds).toEqual([...lab.watch.allocationIds]);
    expect(lab.watch.broken).toEqual([]);
  });

  it("keeps its volumes and interfaces when the recovery is given up, and is still to be recovered", async () => {
    const lab = await createLabLost(rich.stateless);
    const story = await lab.run();
    // EC2 gives the only free address, which the load had beside its first, to the very launch.
    expect(story.evaluation.outcome).toMatchObject({
      status: "ROLLED_BACK",
      reason: "StaleReplacement",
      sentence: expect.stringContaining("is still to be recovered"),
    });
    expect(story.replacements.every(({ state }) => state === "terminated")).toBe(true);
    expect((await targetOf(lab))?.instanceId).toBe(lab.originalId);
    expect(await targetOf(lab)).toHaveProperty("failedAttempt.retryAt");
    expect(await complaintsAbout(lab, story)).toEqual([]);
  });
});

describe("a recovery that is not carried out", () => {
  let lab: Lab;
  const nothing = async () => {
    const story = await recover(lab);
    expect(story.mutations).toEqual([]);
    return story.evaluation.outcome;
  };

  describe("of what lives", () => {
    beforeEach(async () => {
      lab = await createLabOnSpot(lossy);
    });

    it("leaves it as it is", async () => {
      expect(await nothing()).toMatchObject({ status: "STAYED", reason: "NOT_INTERRUPTED" });
      expect(await targetOf(lab)).not.toHaveProperty("failedAttempt");
    });

    it("is not begun by the sweep for what its owner has ended, and is when somebody asks", async () => {
      lab.watch.excuse("original");
      lab.control.terminateByOwner(lab.originalId);
      await lab.clock.run({ atMostMs: lab.clock.now() + 5 * minuteMs });
      await sweep(lab, minuteMs);
      expect(await evaluationsOf(lab)).toHaveLength(1);
      expect(lab.logged.join("\n")).toContain("is paused");
      expect((await recover(lab)).status).toBe("SWITCHED");
    });
  });

  describe("of what was taken", () => {
    beforeEach(async () => {
      lab = await createLabLost(lossy);
    });

    it("is recorded in shadow mode", async () => {
      await lab.send("PATCH", `/lab/instances/${lab.targetId}`, { is_shadow_mode: true });
      expect(await nothing()).toMatchObject({ status: "SHADOWED" });
    });

    it("is recorded while the kill switch is on, and tried again once it is off", async () => {
      await throwKillSwitch(lab);
      expect(await nothing()).toMatchObject({ status: "DEGRADED", reason: "StaleKillSwitch" });
      expect(await targetOf(lab)).toHaveProperty("failedAttempt.retryAt");
      await lab.send("PUT", "/kill-switch", { engaged: false, reason: "The drill is over." });
      await lab.clock.run({ atMostMs: lab.clock.now() + 15 * minuteMs });
      await sweep(lab, 30 * minuteMs);
      expect((await evaluationsOf(lab))[0]).toMatchObject({ status: "SWITCHED" });
    });
  });
});
