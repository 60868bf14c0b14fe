import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { riskFeatures, timeFeatures } from "../../../core/risk/features.ts";
import type { MarketFacts } from "../../../core/model/market.ts";
import type { Candidate } from "../../../core/model/offer.ts";
import {
  advisorBands,
  hoursBefore,
  sampleMarket,
  samplePool,
} from "../decide/offers/choice-samples.ts";

const candidate: Candidate = {
  pool: samplePool("m5.large"),
  spotHourlyUsd: 0.04,
  onDemandHourlyUsd: 0.1,
  placementScore: 7,
};

describe("timeFeatures", () => {
  it("are those of the UTC calendar, at any time since 1970", () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), noInvalidDate: true }), (time) => {
        expect(timeFeatures(time.getTime())).toEqual({
          hourOfDay: time.getUTCHours() + time.getUTCMinutes() / 60,
          weekday: time.getUTCDay(),
        });
      }),
    );
  });
});

describe("riskFeatures", () => {
  it("states what is known and leaves out what is not", () => {
    expect(riskFeatures(candidate, sampleMarket)).toEqual({
      bandMinPercent: 0,
      bandMaxPercent: 5,
      isBandKnown: true,
      priceRatio: expect.closeTo(0.4, 12),
      placementScore: 7,
      hourOfDay: 12,
      weekday: 6,
    });
    expect(riskFeatures({ pool: samplePool("m5.large") }, sampleMarket)).toEqual({
      bandMinPercent: 0,
      bandMaxPercent: 5,
      isBandKnown: true,
      hourOfDay: 12,
      weekday: 6,
    });
  });

  it("takes the worst band of the feed for a type without one", () => {
    expect(riskFeatures({ pool: samplePool("c5.large") }, sampleMarket)).toMatchObject({
      bandMinPercent: 10,
      bandMaxPercent: 15,
      isBandKnown: false,
    });
  });

  it("takes the advisor's last range when the feed holds no band at all", () => {
    const { minPercent, maxPercent } = advisorBands.over20;
    expect(riskFeatures(candidate, { ...sampleMarket, bands: [] })).toMatchObject({
      bandMinPercent: minPercent,
      bandMaxPercent: maxPercent,
      isBandKnown: false,
    });
  });

  it("tells losses in the pool from losses of its family elsewhere, and counts the last of each", () => {
    const losses = [
      { zoneId: "use1-az4", instanceType: "m5.large", at: hoursBefore(9) },
      { zoneId: "use1-az4", instanceType: "m5.large", at: hoursBefore(3) },
      { zoneId: "use1-az1", instanceType: "m5.large", at: hoursBefore(2) },
      { zoneId: "use1-az4", instanceType: "m5.xlarge", at: hoursBefore(1) },
      { zoneId: "use1-az4", instanceType: "m5n.large", at: hoursBefore(0.5) },
    ];
    expect(riskFeatures(candidate, { ...sampleMarket, losses })).toMatchObject({
      hoursSincePoolLoss: 3,
      upStreakHours: 1.5,
      recentPoolLosses: expect.closeTo(2 ** (-3 / 24) + 2 ** (-9 / 24), 12),
      hoursSinceNeighbourLoss: 1,
    });
  });

  it("counts a refused launch as a time without capacity, and not as a loss", () => {
    const refusals = [
      { zoneId: "use1-az4", instanceType: "m5.large", at: hoursBefore(0.5) },
      { zoneId: "use1-az4", instanceType: "m5.large", at: hoursBefore(2) },
      { zoneId: "use1-az1", instanceType: "m5.large", at: hoursBefore(0.1) },
    ];
    const features = riskFeatures(candidate, { ...sampleMarket, refusals });
    expect(features).toMatchObject({ upStreakHours: expect.closeTo(0.25, 12) });
    expect(features.hoursSincePoolLoss).toBeUndefined();
    expect(features.recentPoolLosses).toBeUndefined();
  });

  it("counts for a fleet what left fewer than are wanted, and what was not its own", () => {
    const here = { zoneId: "use1-az4", instanceType: "m5.large" };
    const losses = [
      { ...here, at: hoursBefore(1), held: 7 },
      { ...here, at: hoursBefore(30), held: 2 },
      { ...here, at: hoursBefore(60) },
    ];
    const refusals = [{ ...here, at: hoursBefore(4), held: 9 }];
    const market = { ...sampleMarket, losses, refusals };
    const lastLossFor = (instances: number) =>
      riskFeatures(candidate, market, { wanted: { instances } }).hoursSincePoolLoss;
    expect([1, 2, 3, 7, 8, 9, 10].map(lastLossFor)).toEqual([60, 60, 30, 30, 1, 1, 1]);
    const streakFor = (instances: number) =>
      riskFeatures(candidate, market, { wanted: { instances } }).upStreakHours;
    expect([2, 7, 8, 10].map(streakFor)).toEqual([30, 15, 0.5, 0.5]);
    expect(riskFeatures(candidate, market)).toEqual(
      riskFeatures(candidate, market, { wanted: { instances: 1 } }),
    );
  });

  it("counts what one reclaim took of a fleet once, and each loss of others", () => {
    const here = { zoneId: "use1-az4", instanceType: "m5.large", at: hoursBefore(24) };
    const recent = (losses: MarketFacts["losses"]) =>
      riskFeatures(candidate, { ...sampleMarket, losses }, { wanted: { instances: 5 } })
        .recentPoolLosses;
    expect(recent([2, 1, 0].map((held) => ({ ...here, held })))).toBeCloseTo(0.5, 12);
    expect(recent([here, here, { ...here, held: 1 }])).toBeCloseTo(1.5, 12);
  });

  it("takes what stands there as holding since the youngest of it was launched", () => {
    const refusals = [
      { zoneId: "use1-az4", instanceType: "m5.large", at: hoursBefore(10), held: 3 },
    ];
    const streak = (heldSince: string) =>
      riskFeatures(
        candidate,
        { ...sampleMarket, refusals },
        { wanted: { instances: 4, heldSince } },
      ).upStreakHours;
    // Up for the six hours, and for half of the four before.
    expect(streak(hoursBefore(6))).toBeCloseTo(8, 12);
    // Launched before the pool fell short of as many: that says nothing of the time since.
    expect(streak(hoursBefore(12))).toBeCloseTo(5, 12);
  });

  it("hears of a neighbour's loss however many it kept", () => {
    const losses = [{ zoneId: "use1-az1", instanceType: "m5.large", at: hoursBefore(2), held: 9 }];
    expect(riskFeatures(candidate, { ...sampleMarket, losses })).toMatchObject({
      hoursSinceNeighbourLoss: 2,
    });
  });

  it("forgets what is older than is to be remembered", () => {
    const losses = [{ zoneId: "use1-az4", instanceType: "m5.large", at: hoursBefore(30) }];
    const market = { ...sampleMarket, losses };
    expect(
      riskFeatures(candidate, market, { rememberedHours: 24 }).hoursSincePoolLoss,
    ).toBeUndefined();
    expect(riskFeatures(candidate, market, { rememberedHours: 30 }).hoursSincePoolLoss).toBeCloseTo(
      30,
      12,
    );
    expect(riskFeatures(candidate, market).hoursSincePoolLoss).toBeCloseTo(30, 12);
  });
});
