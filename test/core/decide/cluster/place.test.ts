import { describe, expect, it } from "@jest/globals";
import { togetherHourlyUsd, type PlacedMember } from "../../../../core/decide/cluster/place.ts";
import { sampleOffer, samplePool } from "../offers/choice-samples.ts";
import { plainMember } from "./plain-group.ts";

const cheap = samplePool("m5.large", "use1-az1");
const dear = samplePool("m6i.large", "use1-az1");
const offers = [sampleOffer(cheap, 0.03), sampleOffer(dear, 0.05)];
const wayBack = [
  { pool: cheap, onDemandHourlyUsd: 0.096 },
  { pool: dear, onDemandHourlyUsd: 0.11 },
];

const placed = (index: number, change: Partial<PlacedMember> = {}): PlacedMember => ({
  member: plainMember(index),
  offers: [cheap, dear],
  sentence: "",
  ...change,
});
const costOf = (members: readonly PlacedMember[], batchSize: number): number =>
  togetherHourlyUsd(members, { offers, wayBack }, { batchSize });

describe("what replacements cost while they run beside their originals", () => {
  it("is the dearest place of each, of as many as a batch holds", () => {
    const three = [1, 2, 3].map((index) => placed(index));
    expect(costOf(three, 1)).toBeCloseTo(0.05);
    expect(costOf(three, 2)).toBeCloseTo(0.1);
    expect(costOf(three, 10)).toBeCloseTo(0.15);
    expect(costOf([placed(1, { offers: [cheap] }), placed(2)], 1)).toBeCloseTo(0.05);
  });

  it("is the price of On-Demand for what goes back, in the same pools too", () => {
    const back = placed(2, { purchase: "ON_DEMAND" });
    expect(costOf([placed(1), back], 2)).toBeCloseTo(0.16);
    expect(costOf([placed(1), back], 1)).toBeCloseTo(0.11);
  });

  it("is nothing where none is to go", () => {
    expect(costOf([], 4)).toBe(0);
  });
});
