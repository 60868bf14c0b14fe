import { describe, expect, it } from "@jest/globals";
import { writeAbsence } from "../../../../adapters/store/absences.ts";
import { listAudit } from "../../../../adapters/store/audit.ts";
import { createEvaluation } from "../../../../adapters/store/evaluations.ts";
import { planIntent, updateIntent } from "../../../../adapters/store/intents.ts";
import { acquireLease, releaseLease } from "../../../../adapters/store/leases.ts";
import { createTarget, updateTarget } from "../../../../adapters/store/targets.ts";
import { evaluationIdSchema, targetIdSchema } from "../../../../core/model/ids.ts";
import { targetSchema as storedTargetSchema } from "../../../../core/model/target.ts";
import { targetSchema, type TargetJson } from "../../../../lambdas/api/schemas/targets.ts";
import { CloudError } from "../../../../local/cloud/contract.ts";
import { intent } from "../../../adapters/store/examples.ts";
import { dueIntent, linearEvaluation } from "../../../adapters/store/stored-items/samples.ts";
import { openSweepLab, passMinutes, type SweepLab } from "./place-lab.ts";

/** What EC2 shows as terminated for a moment alone, and then no longer knows. */
const forgetful = { settings: { terminatedVisibleMs: 1 } };

const find = async ({ account }: SweepLab, targetId: string): Promise<TargetJson | undefined> => {
  const path = `/lab/instances/${targetId}`;
  const { status, text } = await account.api.send({ method: "GET", path });
  return status === 404 ? undefined : targetSchema.parse(JSON.parse(text));
};

const sweepFor = async (lab: SweepLab, quarters: number): Promise<void> => {
  for (let quarter = 0; quarter < quarters; quarter += 1) {
    await lab.sweep();
    await passMinutes(lab, 15);
  }
};

/** One instance that is no longer there, and one that is. */
const openWithout = async (options?: Parameters<typeof openSweepLab>[0]) => {
  const lab = await openSweepLab(options);
  const [targetId = "", other = ""] = await lab.add(2);
  await lab.sweep();
  const { instance_id: instanceId = "" } = (await find(lab, targetId)) ?? {};
  lab.account.platform.ec2.control.terminateByOwner(instanceId);
  await passMinutes(lab, 15);
  return { lab, targetId: targetIdSchema.parse(targetId), other, instanceId };
};

const day = 24 * 4;

const actionsOf = async ({ account }: SweepLab, targetId: string): Promise<readonly string[]> => {
  const { items } = await listAudit(account.table, { limit: 100 });
  return items
    .filter(({ actor, resource }) => actor === "sweep" && resource === `target ${targetId}`)
    .map(({ action }) => action)
    .toReversed();
};

describe("a target of which nothing is left", () => {
  it("is paused as soon as EC2 shows its instance as terminated, and retired a day later", async () => {
    const { lab, targetId, other, instanceId } = await openWithout();
    expect(await lab.sweep()).toMatchObject({ kind: "SWEPT", judged: 1 });
    const shown = await find(lab, targetId);
    expect(shown?.absence).toMatchObject({ subject: instanceId, paused: { how: "TERMINATED" } });
    expect(await actionsOf(lab, targetId)).toEqual(["PAUSE_TARGET"]);
    await passMinutes(lab, 15);
    await sweepFor(lab, day - 1);
    expect(await find(lab, targetId)).toBeDefined();
    await sweepFor(lab, 1);
    expect(await find(lab, targetId)).toBeUndefined();
    expect(await actionsOf(lab, targetId)).toEqual(["PAUSE_TARGET", "RETIRE_TARGET"]);
    expect((await find(lab, other))?.absence).toBeUndefined();
  });

  it("is paused after an hour of readings that do not show it, once EC2 says by its id that it does not know it", async () => {
    const { lab, targetId } = await openWithout(forgetful);
    const asked = () =>
      lab.account.platform.cloud.journal.filter(
        ({ operation, input }) =>
          operation === "DescribeInstances" &&
          (input as { readonly InstanceIds?: readonly string[] }).InstanceIds !== undefined,
      ).length;
    await sweepFor(lab, 4);
    expect((await find(lab, targetId))?.absence).toMatchObject({ readings: 4 });
    expect((await find(lab, targetId))?.absence?.paused).toBeUndefined();
    expect(asked()).toBe(0);
    await sweepFor(lab, 1);
    expect((await find(lab, targetId))?.absence?.paused?.how).toBe("NOT_FOUND");
    expect(asked()).toBe(1);
  });

  it("counts no reading that fails, or is throttled, on its way", async () => {
    const { lab, targetId } = await openWithout(forgetful);
    await sweepFor(lab, 1);
    const throttled = new CloudError("RequestLimitExceeded", "Request limit exceeded.", 503);
    const release = lab.account.platform.cloud.faults.before(({ operation, region }) => {
      if (operation === "DescribeVolumes" && region === "us-east-1") throw throttled;
    });
    await sweepFor(lab, 8);
    expect((await find(lab, targetId))?.absence).toMatchObject({ readings: 1 });
    release();
    await sweepFor(lab, 1);
    expect((await find(lab, targetId))?.absence).toMatchObject({ readings: 2 });
  });

  it("stays as it is while an evaluation works on it", async () => {
    const { lab, targetId, instanceId } = await openWithout();
    const { clock, table } = lab.account;
    const resource = `instance#${lab.place.accountId}#${instanceId}`;
    const now = new Date(clock.now());
    await acquireLease(table, { resource, owner: "evl-0000000001", now, seconds: 900 });
    await sweepFor(lab, 1);
    expect((await find(lab, targetId))?.absence).toMatchObject({ readings: 1 });
    expect((await find(lab, targetId))?.absence?.paused).toBeUndefined();
    await sweepFor(lab, 1);
    expect((await find(lab, targetId))?.absence?.paused?.how).toBe("TERMINATED");
  });

  it("stays as it is while an evaluation that has ended has left something open", async () => {
    const { lab, targetId, instanceId } = await openWithout();
    const { clock, table } = lab.account;
    const resource = `instance#${lab.place.accountId}#${instanceId}`;
    const evaluationId = evaluationIdSchema.parse("evl-0000000001");
    const begun = { resource, owner: evaluationId, begins: true, seconds: 900 };
    await acquireLease(table, { ...begun, now: new Date(clock.now()) });
    await releaseLease(table, { resource, owner: evaluationId, fence: 1 });
    await planIntent(table, evaluationId, intent("image-warm"));
    await sweepFor(lab, 3);
    expect((await find(lab, targetId))?.absence).toMatchObject({ readings: 3 });
    expect(await actionsOf(lab, targetId)).toEqual([]);
  });

  it("is paused and not retired where its volumes may have outlived a Spot Instance", async () => {
    const { lab, targetId } = await openWithout();
    await updateTarget(lab.account.table, targetId, (target) => ({
      ...target,
      ownersDeletionFlags: { root: true, volumes: [], interfaces: [] },
    }));
    await sweepFor(lab, day + 2);
    expect((await find(lab, targetId))?.absence?.paused).toBeDefined();
    expect(await actionsOf(lab, targetId)).toEqual(["PAUSE_TARGET"]);
  });

  it("is paused and not retired while an original or an image of one of its switches is still to be ended", async () => {
    const { lab, targetId } = await openWithout();
    const { table } = lab.account;
    await createEvaluation(table, { ...linearEvaluation, targetId });
    await planIntent(table, linearEvaluation.evaluationId, dueIntent);
    await sweepFor(lab, day + 2);
    expect(await actionsOf(lab, targetId)).toEqual(["PAUSE_TARGET"]);
    await updateIntent(table, linearEvaluation.evaluationId, dueIntent.id, (planned) => ({
      ...planned,
      status: "SETTLED",
    }));
    await sweepFor(lab, 1);
    expect(await actionsOf(lab, targetId)).toEqual(["PAUSE_TARGET", "RETIRE_TARGET"]);
  });

  it("is not retired for what is still to be ended, however many verdicts came after it", async () => {
    const { lab, targetId } = await openWithout();
    const { table } = lab.account;
    await createEvaluation(table, { ...linearEvaluation, targetId });
    await planIntent(table, linearEvaluation.evaluationId, dueIntent);
    for (let number = 1; number <= 25; number += 1) {
      const evaluationId = evaluationIdSchema.parse(`evl-${String(9_000_000_000 + number)}`);
      const startedAt = new Date(
        Date.parse(linearEvaluation.startedAt) + number * 3_600_000,
      ).toISOString();
      await createEvaluation(table, { ...linearEvaluation, targetId, evaluationId, startedAt });
    }
    await sweepFor(lab, day + 2);
    expect(await actionsOf(lab, targetId)).toEqual(["PAUSE_TARGET"]);
  });

  it("is judged again where a reading shows it after all", async () => {
    const lab = await openSweepLab();
    const [added = ""] = await lab.add(1);
    const targetId = targetIdSchema.parse(added);
    const at = "2026-01-01T00:00:00.000Z";
    const { instance_id: subject = "" } = (await find(lab, targetId)) ?? {};
    const counted = { subject, since: at, lastAt: at, readings: 5, unseenSeconds: 3600 };
    const gone = { at, how: "NOT_FOUND" as const, afterSeconds: 3600 };
    await writeAbsence(lab.account.table, { ...lab.place, targetId, ...counted, gone }, undefined);
    expect(await lab.sweep()).toMatchObject({ judged: 1 });
    expect((await find(lab, targetId))?.absence).toBeUndefined();
    expect(await actionsOf(lab, targetId)).toEqual(["RESUME_TARGET"]);
  });

  it("is forgotten as absent once it is deleted", async () => {
    const { lab, targetId } = await openWithout();
    await sweepFor(lab, 1);
    const path = `/lab/instances/${targetId}`;
    expect((await lab.account.api.send({ method: "DELETE", path })).status).toBe(204);
    await sweepFor(lab, 1);
    expect(await actionsOf(lab, targetId)).toEqual(["PAUSE_TARGET"]);
  });
});

describe("a target whose group or node group no list shows", () => {
  const openWith = async (
    belonging: object,
    prepare: (lab: SweepLab) => void = () => undefined,
  ) => {
    const lab = await openSweepLab();
    prepare(lab);
    const [first = ""] = await lab.add(1);
    const member = await find(lab, first);
    const at = new Date(lab.account.clock.now()).toISOString();
    const target = storedTargetSchema().parse({
      ...lab.place,
      targetId: "tgt-group00001",
      instanceId: "i-0fedcba9876543210",
      instanceType: "m5.large",
      availabilityZone: member?.availability_zone,
      isShadowMode: true,
      policyOverrides: {},
      createdAt: at,
      updatedAt: at,
      ...belonging,
    });
    await createTarget(lab.account.table, target);
    await sweepFor(lab, 5);
    return { lab, shown: await find(lab, target.targetId) };
  };
  const callsOf = ({ account }: SweepLab, name: string): number =>
    account.platform.cloud.journal.filter(
      ({ operation, sessionName }) => operation === name && sessionName === "sweep",
    ).length;

  it("is paused once Auto Scaling says that it does not know the group", async () => {
    const { lab, shown } = await openWith({
      pipelineMode: "CLUSTER",
      group: { asgName: "web-blue" },
    });
    expect(shown?.absence).toMatchObject({
      subject: "group web-blue",
      readings: 5,
      paused: { how: "NOT_FOUND" },
    });
    // A list at each sweep, and the question by name.
    expect(callsOf(lab, "DescribeAutoScalingGroups")).toBe(6);
  });

  const workers = {
    pipelineMode: "KUBERNETES",
    node: { clusterName: "prod-eu", nodeGroup: "workers", scope: "ALL" },
  };

  it("is paused once EKS says that it does not know the node group", async () => {
    const { lab, shown } = await openWith(workers);
    expect(shown?.absence?.paused?.how).toBe("NOT_FOUND");
    expect(callsOf(lab, "DescribeNodegroup")).toBe(1);
  });

  it("is counted anew where EKS knows the node group, whatever the lists show", async () => {
    const { lab, shown } = await openWith(workers, ({ account, place }) => {
      const { control } = account.platform.eks;
      control.addCluster({ ...place, name: "prod-eu" });
      control.addNodegroup({
        cluster: { ...place, name: "prod-eu" },
        name: "workers",
        capacityType: "ON_DEMAND",
        instanceTypes: ["m5.large"],
        subnetIds: [],
        tags: {},
        groupName: "eks-workers",
      });
    });
    expect(shown?.absence).toBeUndefined();
    // The look of the day, and the question by name.
    expect(callsOf(lab, "DescribeNodegroup")).toBe(2);
  });
});
