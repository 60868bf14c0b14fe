import { describe, expect, it } from "@jest/globals";
import { tracedMarket } from "../../../../local/cloud/market/traced.ts";
import { smallMarket } from "../../../../local/lab/small-market.ts";

const region = "us-east-1";
const beganMs = Date.parse("2026-03-02T10:00:00Z");
const trace = {
  gapSeconds: 600,
  ticks: 3,
  capacity: [Int32Array.of(4, 0, 2), Int32Array.of(0, 7, 0)],
};

const pool = (zone: number, instanceType = "m5.large") => ({
  region,
  zoneId: smallMarket.zones(region)[zone] ?? "",
  instanceType,
  product: "Linux/UNIX",
});

describe("a market on a recorded trace", () => {
  const market = tracedMarket(smallMarket, { trace, fromMs: () => beganMs });
  const heldAt = (zone: number, seconds: number): number =>
    market.capacity(pool(zone), beganMs + seconds * 1000);

  it("holds in each zone what was recorded of it, tick by tick, whatever the type", () => {
    expect([0, 599, 600, 1200].map((seconds) => heldAt(0, seconds))).toEqual([4, 4, 0, 2]);
    expect([0, 600, 1200].map((seconds) => heldAt(1, seconds))).toEqual([0, 7, 0]);
    expect(market.capacity(pool(0, "c5.large"), beganMs)).toBe(4);
  });

  it("holds nothing in a zone that was not recorded", () => {
    expect(heldAt(2, 0)).toBe(0);
  });

  it("is the other market before it has begun, and after its end", () => {
    const before = tracedMarket(smallMarket, { trace, fromMs: () => undefined });
    for (const atMs of [beganMs - 1, beganMs + 1800 * 1000]) {
      expect(market.capacity(pool(2), atMs)).toBe(smallMarket.capacity(pool(2), atMs));
      expect(before.capacity(pool(2), atMs)).toBe(smallMarket.capacity(pool(2), atMs));
    }
    expect(market.spotPrice(pool(0), beganMs)).toBe(smallMarket.spotPrice(pool(0), beganMs));
  });
});
