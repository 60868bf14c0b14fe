import { describe, expect, it } from "@jest/globals";
import {
  ageFeatures,
  featureNames,
  featureTable,
  featureVector,
  laterValue,
  readFeature,
} from "../../../core/risk/feature-vector.ts";
import { calmFeatures, stressedFeatures } from "./model-samples.ts";

describe("the feature table", () => {
  it("names each feature once, and has a row for each field once", () => {
    expect(new Set(featureNames).size).toBe(featureTable.length);
    expect(new Set(featureTable.map(({ field }) => field)).size).toBe(featureTable.length);
    for (const name of featureNames) expect(name).toMatch(/^[a-z0-9_]+$/);
  });

  it("has a row for every feature there is", () => {
    const all = { ...stressedFeatures, placementScore: 3 };
    const fields: readonly string[] = featureTable.map(({ field }) => field);
    expect(Object.keys(all).filter((field) => !fields.includes(field))).toEqual([]);
  });
});

describe("readFeature", () => {
  it("gives a truth as 1 or 0, and undefined for what is not known", () => {
    expect(readFeature(calmFeatures, "is_band_known")).toBe(1);
    expect(readFeature({ ...calmFeatures, isBandKnown: false }, "is_band_known")).toBe(0);
    expect(readFeature(calmFeatures, "hours_since_pool_loss")).toBeUndefined();
  });

  it("gives a vector in the order asked for", () => {
    const names = ["price_ratio", "hours_since_pool_loss", "band_max_percent"];
    expect(featureVector(calmFeatures, names)).toEqual([0.4, undefined, 5]);
  });
});

describe("ageFeatures", () => {
  it("moves the hours since losses forward, and nothing else", () => {
    expect(ageFeatures(stressedFeatures, 5)).toEqual({
      ...stressedFeatures,
      hoursSincePoolLoss: 7,
      hoursSinceNeighbourLoss: 6,
    });
  });

  it("leaves what is not known unknown", () => {
    expect(ageFeatures(calmFeatures, 5)).toEqual(calmFeatures);
  });
});

describe("laterValue", () => {
  it.each([
    ["fixed", 4, 100, 4],
    ["grows", 4, 100, 104],
    ["hour-of-day", 22, 3, 1],
    ["hour-of-day", 22, 48, 22],
  ] as const)("of a %s value %d after %d h is %d", (ageing, value, hours, expected) => {
    expect(laterValue(ageing, value, { hours, hourOfDay: 0 })).toBe(expected);
  });

  it.each([
    [6, 22, 1, 6],
    [6, 22, 2, 0],
    [1, 0, 23.9, 1],
    [1, 0, 24 * 8, 2],
  ])("of weekday %d at %d h after %d h is weekday %d", (value, hourOfDay, hours, expected) => {
    expect(laterValue("weekday", value, { hours, hourOfDay })).toBe(expected);
  });
});
