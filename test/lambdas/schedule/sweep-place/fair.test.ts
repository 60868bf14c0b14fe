import { describe, expect, it } from "@jest/globals";
import { listJudgedIn } from "../../../../adapters/store/judged-runs.ts";
import type { Table } from "../../../../adapters/store/table.ts";
import { accountIdSchema } from "../../../../core/model/ids.ts";
import { CloudError } from "../../../../local/cloud/contract.ts";
import { connectCustomer } from "../../../../local/lab/account.ts";
import { addFleet } from "../../../../local/lab/fleet.ts";
import { openSweepLab, passMinutes, type SweepLab } from "./place-lab.ts";
import { tableBeforePuts } from "./table-before-puts.ts";

/** Each verdict takes so long to be written. */
const slowTable = (pass: () => void): Table =>
  tableBeforePuts(({ pk }) => {
    if (pk.startsWith("JUDGED#")) pass();
  });

/** With three instances of its own. */
const addAccount = async ({ account, place: { region } }: SweepLab, number: number) => {
  const accountId = accountIdSchema.parse(String(600_000_000_000 + number));
  const name = `other ${String(number)}`;
  await connectCustomer(account.platform, account.api, { accountId, name, regions: [region] });
  const place = { accountId, region };
  await addFleet(account, {
    place,
    count: 3,
    workloadOf: () => ({ instanceType: "m5.large" }),
  });
  return place;
};

const ofMarket: readonly string[] = [
  "DescribeInstanceTypeOfferings",
  "DescribeInstanceTypes",
  "DescribeSpotPriceHistory",
  "GetProducts",
];

/** Calls that one sweep of so many accounts makes for the market of their region. */
const marketCallsWith = async (accounts: number): Promise<number> => {
  const lab = await openSweepLab();
  await lab.add(3);
  for (let number = 1; number < accounts; number += 1) await addAccount(lab, number);
  const { platform, clock } = lab.account;
  const from = platform.cloud.journal.length;
  await platform.functions.invoke("schedule-sweep", {});
  await clock.run({ atMostMs: clock.now() + 60_000 });
  const calls = platform.cloud.journal.slice(from);
  return calls.filter(({ operation }) => ofMarket.includes(operation)).length;
};

describe("a sweep", () => {
  it("that has no time for all goes on where it stopped, those first that were judged longest ago", async () => {
    let pass = (): void => undefined;
    const lab = await openSweepLab({
      table: slowTable(() => {
        pass();
      }),
      throttle: false,
    });
    await lab.add(40, { workload: { tags: { "aws:autoscaling:groupName": "web" } } });
    pass = () => {
      lab.account.clock.elapse(10_000);
    };
    const first = await lab.sweep();
    expect(first.judged).toBeGreaterThan(15);
    expect(first.judged).toBeLessThan(30);
    expect(await lab.runs()).toHaveLength(first.judged);
    await passMinutes(lab, 15);
    const second = await lab.sweep();
    expect(first.judged + second.judged).toBeGreaterThanOrEqual(40);
    const counts = (await lab.runs()).map(({ count }) => count);
    expect(counts).toHaveLength(40);
    expect(Math.max(...counts) - Math.min(...counts)).toBe(1);
  });

  it("of an account whose role is broken delays no other account", async () => {
    const lab = await openSweepLab();
    await lab.add(3);
    const { account, place } = lab;
    const { platform, clock } = account;
    const other = await addAccount(lab, 1);
    platform.cloud.faults.before(({ operation, input }) => {
      const isOfFirst = JSON.stringify(input).includes(place.accountId);
      if (operation !== "AssumeRole" || !isOfFirst) return;
      throw new CloudError("AccessDenied", "You are not authorized.", 403);
    });
    const beganMs = clock.now();
    await platform.functions.invoke("schedule-sweep", {});
    await clock.run({ atMostMs: beganMs + 60_000 });
    expect((await lab.standing())?.failure).toMatchObject({ error: "BrokenPermission" });
    expect(await lab.runs()).toEqual([]);
    expect((await listJudgedIn(account.table, other)).size).toBe(3);
  });

  it("of several accounts reads the market of their region once: the others wait for it", async () => {
    const alone = await marketCallsWith(1);
    expect(alone).toBeGreaterThan(0);
    expect(await marketCallsWith(4)).toBe(alone);
  });
});
