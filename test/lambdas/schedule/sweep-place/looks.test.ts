import { describe, expect, it } from "@jest/globals";
import { listKeptLooks } from "../../../../adapters/store/kept-looks.ts";
import { CloudError } from "../../../../local/cloud/contract.ts";
import { openSweepLab, passMinutes, type SweepLab } from "./place-lab.ts";

const dayMinutes = 24 * 60;
const ofLooks: readonly string[] = ["DescribeInstanceAttribute", "RunInstances"];

const callsOf = ({ account: { platform }, place }: SweepLab) =>
  platform.cloud.journal.filter(
    ({ accountId, operation }) => accountId === place.accountId && ofLooks.includes(operation),
  );

const patch = async ({ account: { api } }: SweepLab, targetId: string, body: unknown) => {
  const answer = await api.send({ method: "PATCH", path: `/lab/instances/${targetId}`, body });
  expect(answer.status).toBe(200);
};

const refuse = (
  { account: { platform } }: SweepLab,
  operation: string,
  error: CloudError,
): (() => void) =>
  platform.cloud.faults.before((call) => {
    if (call.operation === operation) throw error;
  });

const denied = new CloudError("UnauthorizedOperation", "You are not authorized.", 403);
const throttled = new CloudError("RequestLimitExceeded", "Request limit exceeded.", 503);

const instanceIdOf = async ({ account: { api } }: SweepLab, targetId: string): Promise<string> =>
  (JSON.parse(await api.getText(`/lab/instances/${targetId}`)) as { readonly instance_id: string })
    .instance_id;

const asOwner = ({ account, place }: SweepLab, operation: string, input: unknown) => {
  const { cloud } = account.platform;
  const { accountId, region } = place;
  const { accessKeyId } = cloud.identities.addUser({ accountId, name: operation });
  return cloud.call({ service: "ec2", operation, region, accessKeyId, input });
};

const openOf = async (lab: SweepLab) =>
  (await lab.runs()).filter(({ isWouldSwitch }) => isWouldSwitch === true);

describe("a sweep that finds an instance worth a switch", () => {
  it("looks at it by three calls, and its verdict is SWITCH without an evaluation", async () => {
    const lab = await openSweepLab();
    await lab.add(1);
    expect(await lab.sweep()).toMatchObject({ judged: 1, looked: 1, started: 0 });
    const [run] = await lab.runs();
    expect(run).toMatchObject({ kind: "SWITCH", count: 1 });
    expect(run?.isWouldSwitch).toBeUndefined();
    const calls = callsOf(lab);
    expect(calls).toHaveLength(3);
    expect(calls.filter(({ mutating, dryRun }) => mutating && !dryRun)).toEqual([]);
  });

  it("says the refusal that only a look can find, as the first verdict there is", async () => {
    const lab = await openSweepLab();
    await lab.add(1, { workload: { disableApiTermination: true } });
    await lab.sweep();
    expect(await lab.runs()).toMatchObject([
      { kind: "REFUSE", reason: "TERMINATION_PROTECTED", count: 1 },
    ]);
  });

  it("looks once a day: the sweeps between judge by what was found", async () => {
    const lab = await openSweepLab();
    await lab.add(2);
    await lab.sweep();
    await passMinutes(lab, dayMinutes - 15);
    expect(await lab.sweep()).toMatchObject({ judged: 2, looked: 0 });
    expect(await openOf(lab)).toEqual([]);
    await passMinutes(lab, 20);
    expect(await lab.sweep()).toMatchObject({ judged: 2, looked: 2 });
    // What was found is the same: no run has ended by it.
    expect(await openOf(lab)).toEqual([]);
    expect(callsOf(lab)).toHaveLength(12);
  });

  it("looks anew once it was stopped and started", async () => {
    const lab = await openSweepLab();
    const [id = ""] = await lab.add(1);
    await lab.sweep();
    const instanceId = await instanceIdOf(lab, id);
    await asOwner(lab, "StopInstances", { InstanceIds: [instanceId] });
    await passMinutes(lab, 10);
    await asOwner(lab, "StartInstances", { InstanceIds: [instanceId] });
    await passMinutes(lab, 10);
    expect(await lab.sweep()).toMatchObject({ judged: 1, looked: 1 });
  });

  it("looks anew once it is asked otherwise: by another policy, or in earnest", async () => {
    const lab = await openSweepLab();
    const [id = ""] = await lab.add(1);
    await lab.sweep();
    const policy_overrides = { accept_change_of: ["primary-private-ip"], min_savings_percent: 20 };
    await patch(lab, id, { policy_overrides });
    expect(await lab.sweep()).toMatchObject({ looked: 1 });
    await patch(lab, id, { is_shadow_mode: false });
    expect(await lab.sweep()).toMatchObject({ looked: 1, started: 1 });
  });

  it("begins nothing in earnest before it has looked, nor what a look refuses", async () => {
    const lab = await openSweepLab();
    await lab.add(1, { isShadowMode: false, workload: { disableApiTermination: true } });
    const release = refuse(lab, "DescribeInstanceAttribute", throttled);
    expect(await lab.sweep()).toMatchObject({ judged: 1, looked: 0, started: 0 });
    expect(await lab.runs()).toMatchObject([{ kind: "SWITCH", isWouldSwitch: true }]);
    release();
    await passMinutes(lab, 15);
    expect(await lab.sweep()).toMatchObject({ looked: 1, started: 0 });
    expect(await lab.runs()).toMatchObject([{ kind: "REFUSE", reason: "TERMINATION_PROTECTED" }]);
    expect(await lab.started()).toEqual([]);
  });

  it("does not ask all day for what it may not read; an evaluation says it the day after", async () => {
    const lab = await openSweepLab();
    const [id] = await lab.add(1);
    refuse(lab, "DescribeInstanceAttribute", denied);
    await lab.sweep();
    const tried = callsOf(lab).length;
    await passMinutes(lab, 15);
    expect(await lab.sweep()).toMatchObject({ judged: 1, looked: 0, started: 0 });
    expect(callsOf(lab)).toHaveLength(tried);
    expect(await lab.runs()).toMatchObject([{ isWouldSwitch: true, count: 2 }]);
    await passMinutes(lab, dayMinutes);
    expect(await lab.sweep()).toMatchObject({ started: 1 });
    expect(await lab.started()).toEqual([id]);
  });

  it("takes half of its time for looks, one every two seconds, those in earnest first", async () => {
    const lab = await openSweepLab();
    await lab.add(150);
    const earnest = await lab.add(3, { isShadowMode: false });
    const { looked } = await lab.sweep();
    expect(looked).toBeGreaterThan(50);
    expect(looked).toBeLessThanOrEqual(61);
    const times = callsOf(lab)
      .filter(({ operation }) => operation === "RunInstances")
      .map(({ at }) => at);
    expect(times).toHaveLength(looked);
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(2000);
    const looks = await listKeptLooks(lab.account.table, lab.place);
    for (const id of earnest) expect([...looks.keys()]).toContain(id);
    // The others are judged all the same.
    expect(await openOf(lab)).toHaveLength(153 - looked);
    for (const _ of [1, 2]) {
      await passMinutes(lab, 15);
      await lab.sweep();
    }
    expect(await openOf(lab)).toEqual([]);
  });

  it("forgets what it found of a target that was deleted", async () => {
    const lab = await openSweepLab();
    const [id = ""] = await lab.add(2);
    await lab.sweep();
    await lab.account.api.send({ method: "DELETE", path: `/lab/instances/${id}` });
    await passMinutes(lab, 15);
    await lab.sweep();
    const looks = await listKeptLooks(lab.account.table, lab.place);
    expect(looks.size).toBe(1);
  });
});
