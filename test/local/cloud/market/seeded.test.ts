import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { seededMarket } from "../../../../local/cloud/market/seeded.ts";

const nowMs = Date.parse("2026-03-02T10:00:00Z");
const hourMs = 3_600_000;
const pool = {
  region: "us-east-1",
  zoneId: "use1-az1",
  instanceType: "m5.large",
  product: "Linux/UNIX",
};

describe("the seeded market", () => {
  it("is the same for the same seed at any time, asked in any order", () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(fc.integer({ min: 0, max: 5000 })), (seed, hours) => {
        const one = seededMarket({ seed });
        const other = seededMarket({ seed });
        const times = hours.map((hour) => nowMs + hour * hourMs);
        const prices = times.map((at) => one.spotPrice(pool, at));
        const reversed = [...times].reverse().map((at) => other.spotPrice(pool, at));
        expect([...reversed].reverse()).toEqual(prices);
      }),
      { numRuns: 30 },
    );
  });

  it("differs between seeds", () => {
    const prices = [1, 2].map((seed) => seededMarket({ seed }).spotPrice(pool, nowMs));
    expect(prices[0]).not.toBe(prices[1]);
  });

  it("keeps Spot between 15 and 95 % of On-Demand for Linux", () => {
    const market = seededMarket({ seed: 5 });
    for (const { instanceType } of market.types()) {
      const onDemand = market.onDemand("us-east-1", instanceType, "Linux/UNIX") ?? 0;
      for (let day = 0; day < 30; day++) {
        const price = market.spotPrice({ ...pool, instanceType }, nowMs + day * 24 * hourMs) ?? 0;
        expect(price).toBeGreaterThanOrEqual(0.149 * onDemand);
        expect(price).toBeLessThanOrEqual(0.951 * onDemand);
      }
    }
  });

  it("moves: a pool's price is not constant over a month", () => {
    const market = seededMarket({ seed: 5 });
    const prices = Array.from({ length: 30 }, (_, day) =>
      market.spotPrice(pool, nowMs + day * 24 * hourMs),
    );
    expect(new Set(prices).size).toBeGreaterThan(5);
  });

  it("gives in its history the price that it gives at that time", () => {
    const market = seededMarket({ seed: 9 });
    const history = market.priceHistory({
      region: "us-east-1",
      fromMs: nowMs - 72 * hourMs,
      toMs: nowMs,
      instanceTypes: ["m5.large"],
      zoneIds: ["use1-az1"],
      products: ["Linux/UNIX"],
    });
    expect(history.length).toBeGreaterThan(10);
    for (const change of history) {
      expect(market.spotPrice(pool, change.atMs)).toBe(change.hourlyUsd);
      expect(change.atMs).toBeLessThanOrEqual(nowMs);
    }
    expect(history[0]?.hourlyUsd).toBe(market.spotPrice(pool, nowMs));
  });

  it("adds the licence to Windows, undiscounted", () => {
    const market = seededMarket({ seed: 9 });
    const licence = (price: (product: string) => number | undefined): number =>
      (price("Windows") ?? 0) - (price("Linux/UNIX") ?? 0);
    const onDemand = licence((product) => market.onDemand("us-east-1", "m5.large", product));
    const spot = licence((product) => market.spotPrice({ ...pool, product }, nowMs));
    expect(onDemand).toBeCloseTo(0.092, 4);
    expect(spot).toBeCloseTo(0.092, 3);
    expect(market.onDemand("us-east-1", "m6g.large", "Windows")).toBeUndefined();
  });

  it("has outages that end, fewer in calmer pools, none when told so", () => {
    const countOutages = (outageFactor: number): number => {
      const market = seededMarket({ seed: 4, outageFactor });
      let hours = 0;
      for (let hour = 0; hour < 2000; hour++) {
        if (market.capacity(pool, nowMs + hour * hourMs) === 0) hours += 1;
      }
      return hours;
    };
    expect(countOutages(0)).toBe(0);
    expect(countOutages(200)).toBeGreaterThan(10);
    expect(countOutages(200)).toBeLessThan(2000);
  });

  it("serves the advisor's document with a band for each type and region", () => {
    const market = seededMarket({ seed: 4 });
    const { spot_advisor, ranges } = market.advisor();
    expect(Object.keys(spot_advisor)).toEqual(["us-east-1", "eu-central-1"]);
    const bands = Object.values(spot_advisor["us-east-1"]?.["Linux"] ?? {});
    expect(bands).toHaveLength(market.types().length);
    for (const { r, s } of bands) {
      expect(ranges[r]?.index).toBe(r);
      expect(s).toBeGreaterThan(40);
    }
  });

  it("knows about sixty types, each with limits that are possible", () => {
    const types = seededMarket({ seed: 1 }).types();
    expect(types.length).toBeGreaterThanOrEqual(60);
    expect(new Set(types.map((type) => type.instanceType)).size).toBe(types.length);
    for (const type of types) {
      expect(type.ebsMaximumMbps).toBeGreaterThanOrEqual(type.ebsBaselineMbps);
      expect(type.networkPeakGbps).toBeGreaterThanOrEqual(type.networkGbps);
      expect(type.derived).toBe(false);
    }
  });

  it("refuses a region that it does not have", () => {
    expect(() => seededMarket({ seed: 1, regions: ["mars-north-1"] })).toThrow("mars-north-1");
  });
});
