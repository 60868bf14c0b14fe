import { describe, expect, it } from "@jest/globals";
import { listEndedRuns } from "../../../../adapters/store/judged-runs.ts";
import { acquireLease } from "../../../../adapters/store/leases.ts";
import { SpotOptimizerError } from "../../../../core/errors.ts";
import { CloudError } from "../../../../local/cloud/contract.ts";
import { currentInvocation } from "../../../../local/platform/invocation.ts";
import { openSweepLab, passMinutes, type SweepLab } from "./place-lab.ts";
import { tableBeforePuts } from "./table-before-puts.ts";

/** Refuses calls of that name in the customer's account, from the nth one on. */
const refuse = (
  { account: { platform } }: SweepLab,
  operation: string,
  { error, from = 1 }: { readonly error: CloudError; readonly from?: number },
): (() => void) => {
  let calls = 0;
  return platform.cloud.faults.before((call) => {
    if (call.operation !== operation || call.region !== "us-east-1") return;
    calls += 1;
    if (calls >= from) throw error;
  });
};

const denied = new CloudError("UnauthorizedOperation", "You are not authorized.", 403);
const throttled = new CloudError("RequestLimitExceeded", "Request limit exceeded.", 503);
const broken = new CloudError("InternalError", "An internal error has occurred.", 500);

const countsOf = async (lab: SweepLab): Promise<readonly number[]> =>
  (await lab.runs()).map(({ count }) => count);

describe("a bad day of a sweep", () => {
  it("an account of 3,000 instances that all are refused costs its readings and nothing else", async () => {
    const lab = await openSweepLab();
    await lab.add(3_000, { workload: { tags: { "aws:autoscaling:groupName": "web" } } });
    const { journal } = lab.account.platform.cloud;
    const from = journal.length;
    expect(await lab.sweep()).toMatchObject({ kind: "SWEPT", judged: 3_000, started: 0 });
    const customers = journal
      .slice(from)
      .filter(({ accountId }) => accountId === lab.place.accountId);
    expect(customers.length).toBeLessThan(0.1 * 3_000);
    const kinds = new Set((await lab.runs()).map(({ kind }) => kind));
    expect([...kinds]).toEqual(["REFUSE"]);
  });

  it("a page that fails for good in the middle: no verdict rests on half a list, and the account says it", async () => {
    const lab = await openSweepLab();
    await lab.add(1_010);
    const release = refuse(lab, "DescribeInstances", { error: broken, from: 2 });
    expect(await lab.sweep()).toMatchObject({ kind: "FAILED", judged: 0, started: 0 });
    expect(await lab.runs()).toEqual([]);
    const failed = await lab.standing();
    expect(failed?.failure).toMatchObject({ error: "RetryableUnavailable" });
    expect(failed?.readAt).toBeUndefined();
    release();
    await passMinutes(lab, 15);
    expect(await lab.sweep()).toMatchObject({ kind: "SWEPT", judged: 1_010 });
    expect((await lab.standing())?.failure).toBeUndefined();
  });

  it("a describe that is throttled for five minutes: the next sweep goes on where this one stopped", async () => {
    const lab = await openSweepLab();
    await lab.add(3);
    await lab.sweep();
    const release = refuse(lab, "DescribeVolumes", { error: throttled });
    await passMinutes(lab, 15);
    expect(await lab.sweep()).toMatchObject({ kind: "FAILED", judged: 0 });
    expect(await countsOf(lab)).toEqual([1, 1, 1]);
    expect((await lab.standing())?.failure?.error).toBe("RetryableThrottled");
    await passMinutes(lab, 5);
    release();
    await passMinutes(lab, 10);
    expect(await lab.sweep()).toMatchObject({ judged: 3 });
    expect(await countsOf(lab)).toEqual([2, 2, 2]);
  });

  it("a role that is revoked between two pages of one list: nothing rests on the first, and the account says it", async () => {
    const lab = await openSweepLab();
    await lab.add(1_010);
    // From the second page on it may not do anything.
    let pages = 0;
    const release = lab.account.platform.cloud.faults.before(({ operation, caller }) => {
      if (caller.accountId !== lab.place.accountId) return;
      if (operation === "DescribeInstances") pages += 1;
      if (pages >= 2) throw denied;
    });
    expect(await lab.sweep()).toMatchObject({ kind: "FAILED", judged: 0, started: 0 });
    expect(pages).toBe(2);
    expect(await lab.runs()).toEqual([]);
    expect(await lab.standing()).toMatchObject({
      targets: 1_010,
      judged: 0,
      failure: { error: "BrokenPermission", cause: expect.stringContaining("DescribeInstances") },
    });
    release();
    await passMinutes(lab, 15);
    expect(await lab.sweep()).toMatchObject({ kind: "SWEPT", judged: 1_010 });
    expect((await lab.standing())?.failure).toBeUndefined();
  });

  it("a role that is revoked between two lists: said on the account, with the time since when", async () => {
    const lab = await openSweepLab();
    await lab.add(2);
    const release = refuse(lab, "DescribeSubnets", { error: denied });
    expect(await lab.sweep()).toMatchObject({ kind: "FAILED" });
    const since = (await lab.standing())?.failure?.since;
    await passMinutes(lab, 15);
    expect(await lab.sweep()).toMatchObject({ kind: "FAILED" });
    expect((await lab.standing())?.failure).toMatchObject({ error: "BrokenPermission", since });
    const shown = await lab.account.api.getText(`/accounts/${lab.place.accountId}`);
    expect(JSON.parse(shown)).toMatchObject({
      places: [
        {
          region: "us-east-1",
          targets: 2,
          judged: 0,
          failure: { error: "BrokenPermission", cause: expect.stringContaining("DescribeSubnets") },
        },
      ],
    });
    release();
  });

  it("500 targets that become SWITCH at once: no more begin than may, and none takes the account's launches", async () => {
    const lab = await openSweepLab();
    await lab.add(500, { isShadowMode: false });
    // On the first day of switching one may go on at a time.
    expect(await lab.sweep()).toMatchObject({ judged: 500, failed: 0, started: 1 });
    expect(await lab.started()).toHaveLength(1);
    await lab.account.api.send({
      method: "PATCH",
      path: `/accounts/${lab.place.accountId}`,
      body: { max_concurrent_switches: 1000 },
    });
    await passMinutes(lab, 15);
    const { started, postponed } = await lab.sweep();
    expect(started).toBeLessThanOrEqual(120);
    expect(started + postponed).toBeGreaterThan(450);
    await passMinutes(lab, 10);
    const dryRuns = lab.account.platform.cloud.journal.filter(
      ({ operation, accountId }) =>
        operation === "RunInstances" && accountId === lab.place.accountId,
    );
    const times = dryRuns.map(({ at }) => at);
    const seconds = (Math.max(...times, 0) - Math.min(...times, 0)) / 1000;
    expect(dryRuns.length).toBeLessThanOrEqual(2 + seconds / 2);
  });

  it("two sweeps that overlap: the second ends at once", async () => {
    const lab = await openSweepLab();
    await lab.add(2);
    const resource = `PLACE#${lab.place.accountId}#us-east-1`;
    const now = new Date(lab.account.clock.now());
    await acquireLease(lab.account.table, { resource, owner: "sweep-other", now, seconds: 300 });
    expect(await lab.sweep()).toMatchObject({ kind: "BUSY", judged: 0 });
    await passMinutes(lab, 6);
    expect(await lab.sweep()).toMatchObject({ kind: "SWEPT", judged: 2 });
  });

  it("a sweep that is killed at any line: the next one counts on, and loses no target", async () => {
    let deadline = Infinity;
    let writes = 0;
    const dying = tableBeforePuts(() => {
      writes += 1;
      if (writes >= deadline) currentInvocation()?.kill();
    });
    const lab = await openSweepLab({ table: dying });
    await lab.add(3);
    let sweeps = 0;
    for (let line = 1; line <= 40; line += 1) {
      writes = 0;
      deadline = line;
      const isKilled = await lab.sweep().then(
        () => false,
        () => true,
      );
      deadline = Infinity;
      await passMinutes(lab, 15);
      expect(await lab.sweep()).toMatchObject({ kind: "SWEPT", judged: 3, failed: 0 });
      sweeps += 1;
      const runs = await lab.runs();
      expect(runs).toHaveLength(3);
      for (const { targetId, count } of runs) {
        const { items } = await listEndedRuns(dying, { targetId, limit: 100 });
        const ended = items.reduce((sum, run) => sum + run.count, 0);
        expect(ended + count).toBeGreaterThanOrEqual(sweeps);
      }
      await passMinutes(lab, 15);
      if (!isKilled) break;
    }
    expect(deadline).toBe(Infinity);
  });

  it("DynamoDB that is throttled: what it refused is judged at the next sweep", async () => {
    let isThrottled = false;
    let writes = 0;
    const slow = tableBeforePuts(({ pk }) => {
      if (!pk.startsWith("JUDGED#")) return;
      writes += 1;
      if (!isThrottled || writes % 2 !== 0) return;
      throw new SpotOptimizerError("RetryableThrottled", "The table is throttled.", {
        isOwn: true,
      });
    });
    const lab = await openSweepLab({ table: slow });
    await lab.add(8);
    isThrottled = true;
    const swept = await lab.sweep();
    expect(swept.judged).toBeGreaterThan(0);
    expect(swept.judged).toBeLessThan(8);
    isThrottled = false;
    await passMinutes(lab, 15);
    expect(await lab.sweep()).toMatchObject({ judged: 8 });
    expect(await lab.runs()).toHaveLength(8);
  });

  it("a clock that is set back by an hour: no run ends before it begins, and sweeps go on", async () => {
    // EC2's buckets run by clocks of their own.
    const lab = await openSweepLab({ throttle: false });
    await lab.add(2);
    const { clock } = lab.account;
    await lab.sweep();
    await passMinutes(lab, 15);
    await lab.sweep();
    clock.elapse(-60 * 60_000);
    expect(await lab.sweep()).toMatchObject({ kind: "SWEPT", judged: 2 });
    for (const { count, firstAt, lastAt } of await lab.runs()) {
      expect(count).toBe(3);
      expect(lastAt >= firstAt).toBe(true);
    }
  });
});
