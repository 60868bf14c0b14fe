import { describe, expect, it } from "@jest/globals";
import { asOf, isShareable } from "../../../../core/decide/offers/shared-market.ts";
import { hoursBefore, observedAt, sampleMarket } from "./choice-samples.ts";

const minutesBefore = (minutes: number): string => hoursBefore(minutes / 60);

const fetched = {
  ...sampleMarket,
  readAt: minutesBefore(1),
  spotPricesFetchedAt: minutesBefore(1),
  onDemandFetchedAt: minutesBefore(1),
  bandsFetchedAt: minutesBefore(1),
};

describe("a region's market", () => {
  it.each(["readAt", "spotPricesFetchedAt", "onDemandFetchedAt", "bandsFetchedAt"] as const)(
    "is as old as its oldest part: %s",
    (part) => {
      expect(asOf({ ...fetched, [part]: hoursBefore(3) })).toBe(hoursBefore(3));
    },
  );

  it.each<[string, { minutes: number; maxSpotPriceAgeMinutes: number; isShared: boolean }]>([
    ["just read", { minutes: 0, maxSpotPriceAgeMinutes: 60, isShared: true }],
    [
      "of the same quarter of an hour",
      { minutes: 14.9, maxSpotPriceAgeMinutes: 60, isShared: true },
    ],
    ["a quarter of an hour old", { minutes: 15, maxSpotPriceAgeMinutes: 60, isShared: false }],
    ["older than the policy allows", { minutes: 6, maxSpotPriceAgeMinutes: 5, isShared: false }],
    ["as young as the policy wants", { minutes: 4, maxSpotPriceAgeMinutes: 5, isShared: true }],
    ["of a clock that is ahead", { minutes: -1, maxSpotPriceAgeMinutes: 60, isShared: true }],
  ])("%s", (_name, { minutes, maxSpotPriceAgeMinutes, isShared }) => {
    const policy = { maxSpotPriceAgeMinutes };
    expect(isShareable(minutesBefore(minutes), observedAt, policy)).toBe(isShared);
  });
});
