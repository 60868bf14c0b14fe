import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  boundsOf,
  isRejectedPlan,
  isSameQuestion,
  outsideOf,
  poolsWithin,
  type Plan,
  type PlannedPool,
} from "../../../core/approval/bounds.ts";
import { canonicalJson } from "../../../core/canonical.ts";

const onDemandUsd = 0.096;

const pool = (key: string, hourlyUsd: number): PlannedPool => ({
  key,
  hourlyUsd,
  savingsPercent: 100 * (1 - hourlyUsd / onDemandUsd),
});

const plan: Plan = {
  kind: "SWITCH",
  subject: "i-0a1b2c3d4e5f60718",
  launchedAt: "2026-03-01T10:00:00.000Z",
  pools: [pool("a", 0.03), pool("b", 0.035)],
  savingsPercent: 68.75,
  downtimeSeconds: 360,
  changes: ["another instance id", "another public-ip"],
};

const bounds = boundsOf(plan);

/** The same plan at prices that differ by the factor. */
const at = (factor: number, one: Plan = plan): Plan => {
  const pools = one.pools.map(({ key, hourlyUsd = 0 }) => pool(key, hourlyUsd * factor));
  const savingsPercent = pools[0]?.savingsPercent ?? 0;
  return { ...one, pools, savingsPercent };
};

describe("the bounds of a plan", () => {
  it("are the price up to the cent and the saving down to five points, each with room for a twentieth", () => {
    expect(bounds).toEqual({
      subject: plan.subject,
      launchedAt: plan.launchedAt,
      poolKeys: ["a", "b"],
      maxHourlyUsd: 0.04,
      minSavingsPercent: 65,
      maxDowntimeMinutes: 6,
      changes: ["another instance id", "another public-ip"],
    });
  });

  it("ask for no saving of what is to go back to On-Demand", () => {
    const { savingsPercent: _none, ...back } = { ...plan, kind: "FALL_BACK" as const };
    expect(boundsOf(back)).not.toHaveProperty("minSavingsPercent");
  });

  it("do not depend on the order of pools and changes", () => {
    const turned = {
      ...plan,
      pools: plan.pools.toReversed(),
      changes: plan.changes.toReversed(),
    };
    expect(canonicalJson(boundsOf(turned))).toBe(canonicalJson(bounds));
  });

  it.each([
    ["subject", { subject: "i-0000000000000000a" }],
    ["launchedAt", { launchedAt: "2026-03-02T10:00:00.000Z" }],
    ["groupArn", { groupArn: "arn:aws:autoscaling:…" }],
    ["poolKeys", { pools: [pool("a", 0.03), pool("c", 0.035)] }],
    ["maxHourlyUsd", { pools: [pool("a", 0.03), pool("b", 0.05)] }],
    ["minSavingsPercent", { savingsPercent: 40 }],
    ["maxDowntimeMinutes", { downtimeSeconds: 900 }],
    ["changes", { changes: ["another instance id"] }],
  ] as const)("are others with another %s", (_bound, change) => {
    expect(canonicalJson(boundsOf({ ...plan, ...change }))).not.toBe(canonicalJson(bounds));
  });
});

const price = fc.double({ min: 0.004, max: 40, noNaN: true });
const jitter = fc.double({ min: 0.97, max: 1.03, noNaN: true });

describe("a later plan", () => {
  it("whose prices have jittered is the very same question, whatever the price", () => {
    fc.assert(
      fc.property(price, jitter, fc.double({ min: 0.05, max: 0.9, noNaN: true }), (...args) => {
        const [onDemand, factor, share] = args;
        const priced = (hourlyUsd: number): PlannedPool => ({ key: "a", hourlyUsd });
        const savings = (hourlyUsd: number) => 100 * (1 - hourlyUsd / onDemand);
        const spot = onDemand * share;
        const then = { ...plan, pools: [priced(spot)], savingsPercent: savings(spot) };
        const now = {
          ...then,
          pools: [priced(spot * factor)],
          savingsPercent: savings(spot * factor),
        };
        expect(isSameQuestion(now, boundsOf(then))).toBe(true);
        // Asked within those bounds, nothing is hashed anew.
        expect(outsideOf(then, boundsOf(then))).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  it("lies within its own bounds, also where its price is a whole number of cents", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4000 }), (cents) => {
        const whole = { ...plan, pools: [pool("a", cents / 100)], savingsPercent: 30 };
        expect(outsideOf(whole, boundsOf(whole))).toBeUndefined();
        expect(boundsOf(whole).maxHourlyUsd).toBeLessThanOrEqual(
          (cents * 1.05) / 100 + 0.01 + 1e-9,
        );
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ["subject", { subject: "group web" }, "it is group web by now"],
    [
      "launchedAt",
      { launchedAt: "2026-03-01T18:00:00.000Z" },
      "is another by now (launched 2026-03-01T18:00:00.000Z)",
    ],
    ["poolKeys", { pools: [pool("c", 0.01)] }, "none of the pools of now (c)"],
    ["maxHourlyUsd", { pools: [pool("a", 0.0401)] }, "$0.0401 an hour by now, and at most $0.04"],
    ["minSavingsPercent", { savingsPercent: 64.9 }, "it saves 64.9 % by now, and at least 65 %"],
    ["maxDowntimeMinutes", { downtimeSeconds: 361 }, "a downtime of 7 min is expected by now"],
    ["changes", { changes: [...plan.changes, "another ipv6"] }, "another ipv6"],
  ] as const)("is outside by its %s, and says so", (bound, change, words) => {
    const outside = outsideOf({ ...plan, ...change }, bounds);
    expect(outside?.bound).toBe(bound);
    expect(outside?.sentence).toContain(words);
  });

  it("of a group that was made anew under its name is outside", () => {
    const group = { kind: "SWITCH", subject: "group web", groupArn: "arn:one" } as const;
    const rest = { pools: plan.pools, savingsPercent: 68, downtimeSeconds: 0, changes: [] };
    const agreed = boundsOf({ ...group, ...rest });
    expect(outsideOf({ ...group, ...rest, groupArn: "arn:two" }, agreed)?.bound).toBe("groupArn");
  });

  it("with less to change, less downtime and more saving is inside", () => {
    const better = { ...at(0.5), downtimeSeconds: 0, changes: ["another instance id"] };
    expect(outsideOf(better, bounds)).toBeUndefined();
  });

  it("takes only pools that were agreed to and are cheap enough, and is judged by what those save", () => {
    const other = { ...plan, pools: [pool("c", 0.01), pool("b", 0.041), pool("a", 0.034)] };
    expect(poolsWithin(other, bounds).map(({ key }) => key)).toEqual(["a"]);
    expect(outsideOf(other, bounds)?.bound).toBe("minSavingsPercent");
    const cheap = { ...other, pools: [pool("c", 0.01), pool("a", 0.03)] };
    expect(outsideOf(cheap, bounds)).toBeUndefined();
  });

  it("is not inside where a price or a saving is not known", () => {
    expect(outsideOf({ ...plan, pools: [{ key: "a" }] }, bounds)?.bound).toBe("maxHourlyUsd");
    const { savingsPercent: _unknown, ...silent } = plan;
    expect(outsideOf(silent, bounds)?.bound).toBe("minSavingsPercent");
  });

  it("that would go first where nobody was asked about is another question, though it is inside", () => {
    const other = { ...plan, pools: [pool("c", 0.01), pool("a", 0.03)] };
    expect(isSameQuestion(other, bounds)).toBe(false);
  });
});

describe("a rejected plan", () => {
  it("stays rejected whatever it costs and saves", () => {
    expect(isRejectedPlan(at(0.2), bounds)).toBe(true);
    expect(isRejectedPlan(at(3), bounds)).toBe(true);
  });

  it.each([
    ["the subject is launched anew", { launchedAt: "2026-03-03T10:00:00.000Z" }],
    ["it would go to another pool", { pools: [pool("c", 0.01), pool("a", 0.03)] }],
  ])("is another one where %s", (_what, change) => {
    expect(isRejectedPlan({ ...plan, ...change }, bounds)).toBe(false);
  });
});
