import { describe, expect, it } from "@jest/globals";
import {
  savingsOfMoves,
  withTogether,
  type MovesInput,
} from "../../../../core/decide/offers/savings-of-moves.ts";
import type { GroupMember } from "../../../../core/model/group.ts";
import type { Verdict } from "../../../../core/model/verdict.ts";
import { plainMember, spotMember } from "../cluster/plain-group.ts";
import { sampleOffer, samplePool } from "./choice-samples.ts";

/** Members 1 and 3 stand On-Demand in one zone, Spot member 4 in another. */
const onDemand = [plainMember(1), plainMember(3)];
const onSpot = spotMember(4);
const standsIn = samplePool(onSpot.instanceType, onSpot.zoneId);
const cheap = samplePool("m6i.large", "use1-az1");

const input = (change: Partial<MovesInput> = {}): MovesInput => ({
  moves: [],
  members: [...onDemand, onSpot],
  offers: [sampleOffer(cheap, 0.03), sampleOffer(standsIn, 0.05)],
  market: {
    onDemand: [
      { instanceType: "m5.large", hourlyUsd: 0.1 },
      { instanceType: "m6i.large", hourlyUsd: 0.12 },
    ],
  },
  policy: { coveredHourlyUsd: 0 },
  ...change,
});

const move = ({ instanceId }: GroupMember) => ({ originalId: instanceId, pool: cheap });

describe("what members save by going elsewhere", () => {
  it("is each against where it stood, On-Demand or in its Spot pool, and the sum of all", () => {
    const moves = [...onDemand, onSpot].map(move);
    expect(savingsOfMoves(input({ moves: moves.slice(0, 1) }))).toEqual({
      hourlyUsd: 0.07,
      monthlyUsd: 51.1,
      percent: 70,
    });
    expect(savingsOfMoves(input({ moves: moves.slice(2) }))).toEqual({
      hourlyUsd: 0.02,
      monthlyUsd: 14.6,
      percent: 40,
    });
    expect(savingsOfMoves(input({ moves }))).toEqual({
      hourlyUsd: 0.16,
      monthlyUsd: 116.8,
      percent: 64,
    });
  });

  it("deducts what a Savings Plan pays of those that stand On-Demand alone", () => {
    const policy = { coveredHourlyUsd: 0.04 };
    const moves = [onDemand[0] ?? onSpot, onSpot].map(move);
    expect(savingsOfMoves(input({ moves, policy }))?.hourlyUsd).toBe(0.05);
  });

  it("is a loss where a Spot member goes back to On-Demand", () => {
    const moves = [{ ...move(onSpot), purchase: "ON_DEMAND" as const }];
    expect(savingsOfMoves(input({ moves }))).toEqual({
      hourlyUsd: -0.07,
      monthlyUsd: -51.1,
      percent: -140,
    });
  });

  it.each<readonly [string, Partial<MovesInput>]>([
    ["who it was", { members: [] }],
    ["what it cost On-Demand", { market: { onDemand: [] } }],
    ["what it costs then", { offers: [sampleOffer(standsIn, 0.05)] }],
    ["how it was bought", { members: onDemand.map(({ instance: _unread, ...member }) => member) }],
  ])("is not claimed of one of which nobody knows %s", (_, change) => {
    const moves = onDemand.slice(0, 1).map(move);
    expect(savingsOfMoves(input({ moves, ...change }))).toBeUndefined();
  });

  it("is claimed of the others", () => {
    const moves = [...onDemand.map(move), { originalId: "i-of-nobody", pool: cheap }];
    expect(savingsOfMoves(input({ moves }))?.hourlyUsd).toBe(0.14);
  });
});

describe("a verdict on some", () => {
  const verdict: Verdict = {
    kind: "SWITCH",
    reason: "SAVINGS_WORTH_THE_RISK",
    sentence: "They go.",
    offers: [cheap],
    savings: { hourlyUsd: 0.07, monthlyUsd: 51.1, percent: 70 },
    modelVersion: "hazard-1",
    policyVersion: "pol-0123456789ab",
    judgedAt: "2025-03-01T12:00:00.000Z",
  };
  const moves = [...onDemand, onSpot].map(move);

  it("says what they save together", () => {
    expect(withTogether(verdict, { ...input({ moves }), judgementVersion: 4 })).toMatchObject({
      savings: { hourlyUsd: 0.16, monthlyUsd: 116.8 },
      sentence: "They go. Together they save $116.80 a month.",
    });
    const one = withTogether(verdict, {
      ...input({ moves: moves.slice(2) }),
      judgementVersion: 4,
    });
    expect(one).toMatchObject({ savings: { hourlyUsd: 0.02 }, sentence: "They go." });
  });

  it("says what they cost more where none of it is saved", () => {
    const dear = [sampleOffer(cheap, 0.07), sampleOffer(standsIn, 0.05)];
    const others = { moves: [onSpot, onSpot].map(move), offers: dear };
    expect(withTogether(verdict, { ...input(others), judgementVersion: 4 }).sentence).toBe(
      "They go. Together they cost $29.20 a month more.",
    );
  });

  it("said what the first of them saves before the fourth version, and says so still where no price is known", () => {
    expect(withTogether(verdict, { ...input({ moves }), judgementVersion: 3 })).toBe(verdict);
    expect(withTogether(verdict, { ...input(), judgementVersion: 4 })).toBe(verdict);
  });
});
