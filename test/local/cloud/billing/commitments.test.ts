/** Savings Plans and Reserved Instances on the simulated bill: paid whole, used in part. */
import { describe, expect, it } from "@jest/globals";
import type { BillLine } from "../../../../local/cloud/billing/line.ts";
import { createBilling } from "../../../../local/cloud/billing/service.ts";
import { account, region } from "../ec2/world.ts";
import { billedWorld, nano } from "./billed-world.ts";

const firstHour = { from: "2026-03-02T10:00:00Z", to: "2026-03-02T11:00:00Z" };
const other = "333344445555";

const sumOf = (lines: readonly BillLine[], type: BillLine["lineItemType"]): bigint =>
  lines
    .filter(({ lineItemType, service }) => lineItemType === type && service !== "AmazonVPC")
    .filter(({ usageType }) => !usageType.startsWith("EBS:"))
    .reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0n);

describe("a Savings Plan on the bill", () => {
  const plan = { accountId: account, id: "plan-1", discount: 0.25 };

  it("is paid whole in an hour in which half of it is used", async () => {
    const world = billedWorld();
    const bill = createBilling(world.ec2.metered).start([{ ...plan, hourlyUsd: 0.15 }]);
    world.addInstance();
    await world.until("11:00");
    const lines = bill.lines(firstHour);
    expect(sumOf(lines, "SavingsPlanRecurringFee")).toBe(nano(0.15));
    expect(sumOf(lines, "SavingsPlanCoveredUsage")).toBe(nano(0.1));
    expect(sumOf(lines, "SavingsPlanNegation")).toBe(-nano(0.1));
    expect(sumOf(lines, "Usage")).toBe(0n);
  });

  it("covers what it can, its own account first, and leaves the rest at the list price", async () => {
    const world = billedWorld();
    const bill = createBilling(world.ec2.metered).start([{ ...plan, hourlyUsd: 0.09 }]);
    world.ec2.control.addAccount(other, [region]);
    const theirs = world.addInstance({ accountId: other });
    const own = world.addInstance();
    await world.until("11:00");
    const lines = bill.lines(firstHour);
    const ofInstance = (id: string) =>
      lines
        .filter(({ resourceId }) => resourceId === id)
        .map(({ lineItemType, costNanoUsd, quantity }) => [lineItemType, costNanoUsd, quantity]);
    expect(ofInstance(own)).toEqual([
      ["SavingsPlanCoveredUsage", nano(0.1), 1],
      ["SavingsPlanNegation", -nano(0.1), 1],
    ]);
    // $0.015 of the plan are left, which pay $0.02 of the list.
    expect(ofInstance(theirs)).toEqual([
      ["SavingsPlanCoveredUsage", nano(0.02), 0.2],
      ["SavingsPlanNegation", -nano(0.02), 0.2],
      ["Usage", nano(0.08), 0.8],
    ]);
  });

  it("does not cover Spot", async () => {
    const world = billedWorld();
    const bill = createBilling(world.ec2.metered).start([{ ...plan, hourlyUsd: 5 }]);
    world.launchSpot(world.addInstance({ state: "stopped" }));
    await world.until("11:00");
    expect(sumOf(bill.lines(firstHour), "Usage")).toBe(nano(0.03));
  });
});

describe("a Reserved Instance on the bill", () => {
  it("is paid by the hour, and takes in its type before a plan does", async () => {
    const world = billedWorld();
    const bill = createBilling(world.ec2.metered).start([
      { accountId: account, id: "plan-1", discount: 0.25, hourlyUsd: 0.15 },
    ]);
    const place = { accountId: account, region };
    world.ec2.control.addReservedInstances({ ...place, instanceType: "m5.large", count: 1 });
    world.addInstance();
    world.addInstance({ instanceType: "m5.xlarge" });
    await world.until("11:00");
    const lines = bill.lines(firstHour);
    expect(sumOf(lines, "RIFee")).toBe(nano(0.063));
    expect(lines.filter(({ lineItemType }) => lineItemType === "DiscountedUsage")).toMatchObject([
      { usageType: "BoxUsage:m5.large", quantity: 1, costNanoUsd: 0n },
    ]);
    expect(sumOf(lines, "SavingsPlanCoveredUsage")).toBe(nano(0.2));
    expect(sumOf(lines, "Usage")).toBe(0n);
  });
});
