import { describe, expect, it } from "@jest/globals";
import { listLedgerPlaces } from "../../../adapters/store/ledger-places.ts";
import { listKeptSnapshots } from "../../../adapters/store/ledger-snapshots.ts";
import { accountIdSchema } from "../../../core/model/ids.ts";
import { CloudError } from "../../../local/cloud/contract.ts";
import { startEvaluation } from "../../../local/lab/subject.ts";
import { openLedgerLab, type LedgerLab } from "./ledger-lab.ts";

const live = { isShadowMode: false };

const switchedTo = async (lab: LedgerLab): Promise<string> => {
  await lab.note();
  await startEvaluation(lab.account, lab.targetId);
  await lab.pass(15);
  const found = (await lab.spans()).length;
  await lab.note();
  const spans = await lab.spans();
  expect(spans.length).toBeGreaterThan(found);
  return spans.find(({ purchase }) => purchase === "SPOT")?.instanceId ?? "";
};

describe("what ran", () => {
  it("is one span as long as it runs: readings of what goes on write none", async () => {
    const lab = await openLedgerLab();
    await lab.note();
    await lab.pass(15);
    await lab.note();
    expect(await lab.spans()).toMatchObject([
      {
        instanceId: lab.originalId,
        state: "RUNNING",
        purchase: "ON_DEMAND",
        instanceType: "m5.large",
        volumes: [{ sizeGib: 30 }],
      },
    ]);
  });

  it("tells that its owner stopped it and when, and that he started it again", async () => {
    const lab = await openLedgerLab();
    await lab.note();
    await lab.asOwner("StopInstances", { InstanceIds: [lab.originalId] });
    await lab.pass(15);
    await lab.note();
    await lab.asOwner("StartInstances", { InstanceIds: [lab.originalId] });
    await lab.pass(15);
    await lab.note();
    const [before, stopped, after] = await lab.spans();
    expect(before).toMatchObject({
      state: "RUNNING",
      end: {
        earliest: "2026-03-02T09:00:02.000Z",
        latest: "2026-03-02T09:00:02.000Z",
        by: "OWNER",
      },
    });
    expect(stopped).toMatchObject({ state: "STOPPED", stoppedBy: "OWNER" });
    expect(stopped?.end?.latest).toBe(after?.startedAt);
    expect(after).toMatchObject({ state: "RUNNING", purchase: "ON_DEMAND" });
  });

  it("knows of a replacement which evaluation launched it, what stood there before, and since when it serves", async () => {
    const lab = await openLedgerLab({ elasticIp: true }, live);
    const replacement = await switchedTo(lab);
    const spans = await lab.spans();
    expect(spans.find(({ instanceId }) => instanceId === replacement)).toMatchObject({
      launchedBy: expect.stringMatching(/^evl-/),
      replaces: lab.originalId,
      baseline: { instanceType: "m5.large", tenancy: "default" },
      serves: { from: expect.any(String) },
    });
    const original = spans.filter(({ instanceId }) => instanceId === lab.originalId);
    expect(original).toMatchObject([
      { state: "RUNNING", end: { by: "US" } },
      { state: "STOPPED", stoppedBy: "US" },
    ]);
  });

  it("has the instant at which EC2 took a Spot Instance from its request, and hands the baseline down", async () => {
    const lab = await openLedgerLab({ elasticIp: true }, live);
    const replacement = await switchedTo(lab);
    lab.account.platform.ec2.control.interrupt(replacement);
    await lab.pass(15);
    await lab.note();
    const taken = (await lab.spans()).find(({ instanceId }) => instanceId === replacement);
    expect(taken?.end).toMatchObject({ by: "EC2" });
    expect(taken?.end?.earliest).toBe(taken?.end?.latest);
  });

  it("is not what copies our tags: a customer's launch more like this stands for no target", async () => {
    const lab = await openLedgerLab({ elasticIp: true }, live);
    const replacement = await switchedTo(lab);
    const { control } = lab.account.platform.ec2;
    const spans = await lab.spans();
    const launchedBy = spans.find(({ instanceId }) => instanceId === replacement)?.launchedBy ?? "";
    const copy = control.addInstance({
      accountId: lab.account.accountId,
      region: lab.account.region,
      instanceType: "m5.large",
      tags: { "spot-optimizer:evaluation": launchedBy, "spot-optimizer:target": lab.targetId },
    });
    await lab.note();
    expect((await lab.spans()).map(({ instanceId }) => instanceId)).not.toContain(copy);
  });

  it("goes on from the last complete reading where EC2 does not answer", async () => {
    const lab = await openLedgerLab();
    await lab.note();
    const release = lab.account.platform.cloud.faults.before(({ operation }) => {
      if (operation !== "DescribeInstances") return;
      throw new CloudError("UnauthorizedOperation", "You are not authorized.", 403);
    });
    await lab.pass(15);
    expect(await lab.note()).toMatchObject({
      summary: expect.stringContaining("1 not read"),
    });
    release();
    expect(await lab.spans()).toHaveLength(1);
  });

  it("is no longer read where the last target was taken away and nothing of it stands", async () => {
    const lab = await openLedgerLab();
    const { api, table } = lab.account;
    await lab.note();
    expect(await listLedgerPlaces(table)).toHaveLength(1);
    await api.send({ method: "DELETE", path: `/lab/instances/${lab.targetId}` });
    await lab.asOwner("TerminateInstances", { InstanceIds: [lab.originalId] });
    await lab.pass(15);
    await lab.note();
    await lab.pass(15);
    await lab.note();
    expect(await listLedgerPlaces(table)).toEqual([]);
  });
});

describe("what snapshots of images hold", () => {
  it("is asked of AWS four times a day, and written down once", async () => {
    const policyOverrides = {
      consistency: "stop-and-image",
      accept_change_of: ["primary-private-ip"],
      max_downtime_minutes_per_30_days: 1_000,
    };
    const lab = await openLedgerLab({}, { ...live, policyOverrides });
    const { table, accountId, region, platform } = lab.account;
    const place = { accountId: accountIdSchema.parse(accountId), region };
    await switchedTo(lab);
    const asked = () =>
      platform.cloud.journal.filter(({ operation }) => operation === "DescribeSnapshots").length;
    await lab.pass(3 * 60);
    const before = asked();
    await lab.note();
    expect(asked()).toBe(before + 1);
    const known = await listKeptSnapshots(table, place);
    // The image of the original while it ran, and the last one. Of a root of 30 GiB half is written.
    expect(known).toHaveLength(2);
    for (const one of known) {
      expect(one).toMatchObject({ imageId: expect.stringMatching(/^ami-/), writtenGib: 15 });
    }
    await lab.pass(15);
    await lab.note();
    expect(asked()).toBe(before + 1);
  });
});
