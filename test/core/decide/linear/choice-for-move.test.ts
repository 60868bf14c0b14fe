import { describe, expect, it } from "@jest/globals";
import { judgeLinear } from "../../../../core/decide/linear/verdict.ts";
import type { JudgeInput } from "../../../../core/decide/offers/judge.ts";
import { evaluationIdSchema, instanceIdSchema } from "../../../../core/model/ids.ts";
import { currentJudgementVersion } from "../../../../core/model/judgement-version.ts";
import type { MarketFacts } from "../../../../core/model/market.ts";
import type { SpotBackoff } from "../../../../core/model/spot-backoff.ts";
import type { Policy } from "../../../../core/policy/policy.ts";
import { findModel } from "../../../../core/risk/registry.ts";
import { advisorBands, hoursBefore, observedAt } from "../offers/choice-samples.ts";
import {
  labAccount,
  linearTarget,
  m5Large,
  openMarket,
  openPolicy,
  plainInstance,
} from "./eligible-facts.ts";

const evaluationId = evaluationIdSchema.parse("evl-00000000000000000001");
const placedBy = {
  evaluationId,
  originalId: instanceIdSchema.parse("i-00000000000000001"),
  originalType: "m5.large",
};
const instance = { ...plainInstance, lifecycle: "spot", zoneId: "use1-az1", subnetId: "subnet-2" };
const stateless: Partial<Policy> = { consistency: "stateless", switchCostHours: 0 };

/** @param own USD per hour in the pool where it stands; the other zone's m5.large costs 0.03 */
const marketAt = (own: number | undefined): MarketFacts => ({
  ...openMarket,
  spotPrices: openMarket.spotPrices.flatMap((price) => {
    const isOwn = price.instanceType === "m5.large" && price.zoneId === "use1-az1";
    if (!isOwn) return [price];
    return own === undefined ? [] : [{ ...price, hourlyUsd: own }];
  }),
});

/** Each pool costs more than On-Demand. */
const dear: MarketFacts = {
  ...openMarket,
  spotPrices: openMarket.spotPrices.map((price) => ({ ...price, hourlyUsd: 0.11 })),
};

const judge = (
  market: MarketFacts,
  policy: Partial<Policy> = {},
  change: {
    readonly facts?: Partial<JudgeInput<"LINEAR">["facts"]>;
    readonly lastSwitchAt?: string;
    readonly isAskedFor?: boolean;
    readonly target?: Partial<JudgeInput<"LINEAR">["target"]>;
  } = {},
) =>
  judgeLinear({
    account: labAccount,
    target: { ...linearTarget, ...change.target },
    facts: {
      observedAt,
      kind: "MOVE",
      placedBy,
      instance,
      originalType: m5Large,
      market,
      ...change.facts,
    },
    policy: openPolicy({ ...stateless, ...policy }),
    policyVersion: "pol-0123456789ab",
    model: findModel(),
    judgementVersion: currentJudgementVersion,
    isAskedFor: change.isAskedFor ?? false,
    ...(change.lastSwitchAt !== undefined && { lastSwitchAt: change.lastSwitchAt }),
  }).verdict;

describe("what stands on Spot by one of its switches", () => {
  it("stays where no other pool beats what staying costs by the margin", () => {
    const verdict = judge(marketAt(0.031), { allowMoves: true });
    expect(verdict).toMatchObject({ kind: "STAY", reason: "WITHIN_HYSTERESIS" });
    expect(verdict.sentence).toContain("Spot at $0.0310/h");
  });

  it("moves to one that does, and says what it saves against what is paid there", () => {
    const verdict = judge(marketAt(0.06), { allowMoves: true });
    expect(verdict).toMatchObject({ kind: "SWITCH", reason: "SAVINGS_WORTH_THE_RISK" });
    expect(verdict.offers[0]).toMatchObject({ instanceType: "m5.large", zoneId: "use1-az4" });
    expect(verdict.offers).not.toContainEqual(
      expect.objectContaining({ instanceType: "m5.large", zoneId: "use1-az1" }),
    );
    expect(verdict.savings?.hourlyUsd).toBeCloseTo(0.03);
  });

  it("moves to one that costs as much where EC2 recommends leaving its own, and its owner heeds that", () => {
    const policy = { allowMoves: true, hysteresisPercent: 0 };
    const own = marketAt(0.0299);
    expect(judge(own, policy)).toMatchObject({ kind: "STAY" });
    expect(judge(own, policy, { facts: { isRecommended: true } })).toMatchObject({
      kind: "SWITCH",
      offers: expect.arrayContaining([expect.objectContaining({ zoneId: "use1-az4" })]) as unknown,
    });
  });

  it("stays there without its owner's consent to moves, and says so", () => {
    const verdict = judge(marketAt(0.06));
    expect(verdict).toMatchObject({ kind: "STAY", reason: "MOVES_NOT_ALLOWED", offers: [] });
    expect(verdict.sentence).toMatch(/allow_moves is not set\. Otherwise: m5\.large in use1-az4/);
    expect(verdict).not.toHaveProperty("savings");
  });

  it("goes back to On-Demand without a consent, its owner's type first, once Spot costs more", () => {
    const verdict = judge(dear);
    expect(verdict).toMatchObject({ kind: "FALLBACK_ON_DEMAND", reason: "ON_DEMAND_IS_CHEAPER" });
    expect(verdict.offers[0]?.instanceType).toBe("m5.large");
  });

  it("is only advised to where the role may launch nothing On-Demand", () => {
    const noFallback = "The role lacked ec2:RunInstances.";
    const verdict = judge(dear, {}, { facts: { noFallback } });
    expect(verdict).toMatchObject({ kind: "FALLBACK_ON_DEMAND", offers: [] });
    expect(verdict.sentence.endsWith(` ${noFallback}`)).toBe(true);
  });

  it("is judged by what its own pool costs also where the filter would not take that", () => {
    const risky: MarketFacts = {
      ...marketAt(0.05),
      bands: [
        { instanceType: "m5.large", ...advisorBands.over20 },
        { instanceType: "r5.large", ...advisorBands.under5 },
      ],
    };
    const verdict = judge(risky, { allowMoves: true });
    expect(verdict).toMatchObject({ kind: "SWITCH" });
    expect(verdict.offers[0]?.instanceType).toBe("r5.large");
  });

  it("stays where nobody knows what its pool costs", () => {
    expect(judge(marketAt(undefined), { allowMoves: true })).toMatchObject({
      kind: "STAY",
      reason: "STANDING_UNKNOWN",
      offers: [],
    });
  });

  it.each([
    [5, 0],
    [23, 24],
  ])(
    "stays %i h after its last switch with a dwell time of %i h: six at least",
    (hours, dwellHours) => {
      const lastSwitchAt = hoursBefore(hours);
      expect(
        judge(marketAt(0.06), { allowMoves: true, dwellHours }, { lastSwitchAt }),
      ).toMatchObject({
        kind: "STAY",
        reason: "WITHIN_DWELL_TIME",
      });
      const later = hoursBefore(Math.max(6, dwellHours));
      expect(
        judge(marketAt(0.06), { allowMoves: true, dwellHours }, { lastSwitchAt: later }).kind,
      ).toBe("SWITCH");
    },
  );

  it("with data stays outside its budget of downtime, whichever way it would go", () => {
    const policy: Partial<Policy> = {
      consistency: "stop-and-image",
      allowMoves: true,
      maxDowntimeMinutesPer_30Days: 5,
    };
    expect(judge(dear, policy)).toMatchObject({ kind: "STAY", reason: "DOWNTIME_BUDGET" });
  });

  it("does not go back by itself where the last attempt has failed", () => {
    const failedAttempt = {
      evaluationId,
      at: hoursBefore(1),
      cause: { error: "BrokenPermission" },
      hadDowntime: false,
      retryAt: hoursBefore(-1),
    };
    const held = judge(dear, {}, { target: { failedAttempt } });
    expect(held).toMatchObject({ kind: "STAY", reason: "FAILED_BEFORE", offers: [] });
    const asked = judge(dear, {}, { target: { failedAttempt }, isAskedFor: true });
    expect(asked.kind).toBe("FALLBACK_ON_DEMAND");
  });

  it("of its owner's is refused as before", () => {
    const { verdict } = judgeLinear({
      account: labAccount,
      target: linearTarget,
      facts: { observedAt, instance, originalType: m5Large, market: openMarket },
      policy: openPolicy(stateless),
      policyVersion: "pol-0123456789ab",
      model: findModel(),
      judgementVersion: currentJudgementVersion,
      isAskedFor: false,
    });
    expect(verdict).toMatchObject({ kind: "REFUSE", reason: "ALREADY_SPOT" });
  });
});

describe("a load on On-Demand whose Spot Instance EC2 has taken", () => {
  const backoff: SpotBackoff = {
    targetId: linearTarget.targetId,
    evaluationId,
    lostPool: { zoneId: "use1-az1", instanceType: "m5.large", product: "Linux/UNIX" },
    lostAt: hoursBefore(3),
    losses: 3,
    recoveredAt: hoursBefore(2.9),
  };
  const onDemand = (hours: number, change: { readonly isAskedFor?: boolean } = {}) =>
    judgeLinear({
      account: labAccount,
      target: linearTarget,
      facts: {
        observedAt,
        instance: plainInstance,
        originalType: m5Large,
        market: openMarket,
        backoff: { ...backoff, lostAt: hoursBefore(hours) },
      },
      policy: openPolicy(stateless),
      policyVersion: "pol-0123456789ab",
      model: findModel(),
      judgementVersion: currentJudgementVersion,
      isAskedFor: change.isAskedFor ?? false,
      lastSwitchAt: backoff.recoveredAt,
    }).verdict;

  it("stays there until its back-off is over, and then goes to Spot within its dwell time", () => {
    expect(onDemand(3.9)).toMatchObject({
      kind: "STAY",
      reason: "WITHIN_BACK_OFF",
      retryAt: hoursBefore(-0.1),
      offers: [],
    });
    expect(onDemand(4)).toMatchObject({ kind: "SWITCH" });
  });

  it("goes to Spot before where a person asks", () => {
    expect(onDemand(3, { isAskedFor: true })).toMatchObject({ kind: "SWITCH" });
  });
});
