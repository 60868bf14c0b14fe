import { describe, expect, it } from "@jest/globals";
import { updateCallBudget } from "../../../../adapters/store/call-budgets.ts";
import { addGroupTarget } from "./members.ts";
import { openSweepLab, passMinutes, type SweepLab } from "./place-lab.ts";
import { tableBeforePuts } from "./table-before-puts.ts";

const isReading = (operation: string): boolean => operation.startsWith("Describe");

/** When EC2 was asked in the customer's account, in milliseconds. */
const readsOf = ({ account, place }: SweepLab): readonly number[] =>
  account.platform.cloud.journal
    .filter(
      ({ service, operation, accountId }) =>
        service === "ec2" && isReading(operation) && accountId === place.accountId,
    )
    .map(({ at }) => at)
    .toSorted((one, other) => one - other);

interface Share {
  readonly burst: number;
  readonly perSecond: number;
}

const ofEc2: Share = { burst: 25, perSecond: 5 };
const ofOthers: Share = { burst: 12, perSecond: 2.5 };

/** Whichever stretch of time is looked at. @param times in milliseconds */
const fitsQuarter = (times: readonly number[], { burst, perSecond } = ofEc2): boolean => {
  const sorted = times.toSorted((one, other) => one - other);
  return sorted.every((from, first) =>
    sorted
      .slice(first)
      .every((until, more) => more + 1 <= burst + ((until - from) / 1000) * perSecond + 1e-6),
  );
};

describe("reading calls in a customer's account", () => {
  it("take one write of the table for a place of usual size", async () => {
    let written = 0;
    const table = tableBeforePuts(({ sk }) => {
      if (sk === "BUDGET#us-east-1#DESCRIBE") written += 1;
    });
    const lab = await openSweepLab({ table });
    await lab.add(50);
    await lab.sweep();
    // What the looks at instances have read is counted, too.
    expect(written).toBeGreaterThan(1);
    written = 0;
    await passMinutes(lab, 15);
    expect(await lab.sweep()).toMatchObject({ judged: 50, looked: 0 });
    expect(written).toBe(1);
  });

  it("are not made where others have taken them: the sweep yields, says so, and reads at the next", async () => {
    const lab = await openSweepLab();
    await lab.add(2);
    const { table, clock } = lab.account;
    const takenUntil = new Date(clock.now() + 5 * 60_000).toISOString();
    const budget = { place: lab.place, family: "DESCRIBE" } as const;
    await updateCallBudget(table, budget, () => ({ takenUntil }));
    const before = readsOf(lab).length;
    expect(await lab.sweep()).toMatchObject({ kind: "FAILED", judged: 0 });
    expect(readsOf(lab).length).toBe(before);
    expect((await lab.standing())?.failure).toMatchObject({
      error: "RetryableThrottled",
      cause: expect.stringContaining("Others have taken") as unknown,
    });
    await passMinutes(lab, 15);
    expect(await lab.sweep()).toMatchObject({ kind: "SWEPT", judged: 2 });
  });

  it("of what acts never ask: a switch goes on while all is taken", async () => {
    const lab = await openSweepLab();
    await lab.add(1, { isShadowMode: false });
    await lab.sweep();
    const { table, clock } = lab.account;
    const takenUntil = new Date(clock.now() + 14 * 60_000).toISOString();
    const budget = { place: lab.place, family: "DESCRIBE" } as const;
    await updateCallBudget(table, budget, () => ({ takenUntil }));
    const before = readsOf(lab).length;
    await passMinutes(lab, 10);
    expect(readsOf(lab).length).toBeGreaterThan(before);
  });

  it("of evaluations that a sweep begins leave three quarters of each API's bucket, too", async () => {
    const lab = await openSweepLab();
    await lab.add(60, { isShadowMode: false });
    const { account, place } = lab;
    await account.api.send({
      method: "PATCH",
      path: `/accounts/${place.accountId}`,
      body: { max_concurrent_switches: 1000 },
    });
    const { platform } = account;
    const before = platform.cloud.journal.length;
    // As a schedule runs it: what it begins goes on beside it.
    await platform.functions.invoke("schedule-sweep", {});
    await passMinutes(lab, 20);
    expect((await lab.started()).length).toBeGreaterThan(50);
    const reading = platform.cloud.journal
      .slice(before)
      .filter(
        ({ service, operation, accountId }) =>
          service === "ec2" && isReading(operation) && accountId === place.accountId,
      );
    const byApi = Map.groupBy(reading, ({ operation }) => operation);
    expect(byApi.size).toBeGreaterThan(8);
    const tooMany = [...byApi].filter(([, calls]) => !fitsQuarter(calls.map(({ at }) => at)));
    expect(tooMany.map(([operation]) => operation)).toEqual([]);
  });

  it("of a sweep that looks at groups leave three quarters of the other APIs' buckets as well", async () => {
    const lab = await openSweepLab();
    for (let group = 0; group < 12; group += 1) {
      await addGroupTarget(lab, { name: `web-${String(group)}`, size: 2, min: 1, max: 4 });
    }
    const { journal } = lab.account.platform.cloud;
    const before = journal.length;
    expect(await lab.sweep()).toMatchObject({ judged: 12, looked: 12 });
    const timesOf = (of: string): readonly number[] =>
      journal
        .slice(before)
        .filter(({ service, accountId }) => service === of && accountId === lab.place.accountId)
        .map(({ at }) => at);
    for (const service of ["autoscaling", "elasticloadbalancing"]) {
      const times = timesOf(service);
      expect(times.length).toBeGreaterThan(30);
      expect(fitsQuarter(times, ofOthers)).toBe(true);
    }
    expect(fitsQuarter(timesOf("ec2"))).toBe(true);
  });
});
