/** A simulated EC2 whose bill is kept, with prices that can be counted in one's head. */
import { createBilling, type Bill } from "../../../../local/cloud/billing/service.ts";
import type { Market } from "../../../../local/cloud/market/market.ts";
import { seededMarket } from "../../../../local/cloud/market/seeded.ts";
import type { Ec2Settings } from "../../../../local/cloud/ec2/settings.ts";
import { createWorld, present, spotLaunchOf, startMs, type World } from "../ec2/world.ts";

/** USD per hour; the Spot price doubles at 10:30. */
const hourlyUsd = { "m5.large": 0.1, "m5.xlarge": 0.2 } as Readonly<Record<string, number>>;
const risesAtMs = startMs + 30 * 60_000;

const countable = (): Market => {
  const market = seededMarket({ seed: 7, outageFactor: 0 });
  return {
    ...market,
    onDemand: (_region, instanceType, product) =>
      (hourlyUsd[instanceType] ?? 1) * (product === "Linux/UNIX" ? 1 : 1.5),
    spotPrice: ({ instanceType }, atMs) =>
      (hourlyUsd[instanceType] ?? 1) * (atMs < risesAtMs ? 0.3 : 0.6),
  };
};

export interface BilledWorld extends World {
  readonly bill: Bill;
  /** Until that time of 2 March, or of another date: `10:20`, `2026-04-01T00:10`. */
  until(time: string): Promise<void>;
  /** What the resource has cost since 10:00 on 2 March, in nano-dollars, by usage type. */
  costs(id: string): Readonly<Record<string, bigint>>;
  launchSpot(original: string): string;
}

const dateOf = (time: string): number =>
  Date.parse(`${time.includes("T") ? time : `2026-03-02T${time}`}Z`);

/** Nothing takes time but what is waited for. */
const atOnce: Partial<Ec2Settings> = { bootMs: 0, stopMs: 0, terminateMs: 0, volumeCreateMs: 0 };

export const billedWorld = (settings: Partial<Ec2Settings> = {}): BilledWorld => {
  const world = createWorld({ ...atOnce, ...settings }, countable());
  const bill = createBilling(world.ec2.metered).start();
  return {
    ...world,
    bill,
    until: (time) => world.clock.run({ atMostMs: dateOf(time) }),
    costs: (id) => {
      const lines = bill.lines({ from: "2026-03-02T10:00:00Z", to: "2027-01-01T00:00:00Z" });
      const sums: Record<string, bigint> = {};
      for (const { resourceId, usageType, costNanoUsd } of lines) {
        if (!resourceId.endsWith(id)) continue;
        sums[usageType] = (sums[usageType] ?? 0n) + costNanoUsd;
      }
      return sums;
    },
    launchSpot: (original) =>
      present(world.call("RunInstances", spotLaunchOf(world, original)).Instances?.[0]?.InstanceId),
  };
};

/** In nano-dollars. */
export const nano = (usd: number): bigint => BigInt(Math.round(usd * 1e9));
