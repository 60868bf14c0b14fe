/** The choice for what stands on On-Demand, on Spot, or was interrupted: what it is held against, and what is said. */
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { chooseOffers, type ChoiceInput } from "../../../../core/decide/offers/choice.ts";
import type { Standing } from "../../../../core/decide/offers/placement.ts";
import { currentJudgementVersion } from "../../../../core/model/judgement-version.ts";
import type { Offer } from "../../../../core/model/offer.ts";
import type { VerdictReason } from "../../../../core/model/verdict.ts";
import {
  hoursBefore,
  policyWith,
  sampleMarket,
  sampleNeed,
  sampleOffer,
  samplePool,
} from "./choice-samples.ts";

const onDemand: Standing = { kind: "ON_DEMAND" };
const interrupted: Standing = { kind: "INTERRUPTED" };
const onSpot = (spotHourlyUsd: number): Standing => ({
  kind: "SPOT",
  spotHourlyUsd,
  risk: { probability: 0.24, horizonHours: 24, modelVersion: "hazard-1" },
});

/** 0.033 + 0.001 / 24 h × 0.5 h × 0.1 + 0.25 h / 24 h × 0.1 = $0.0340/h all in. */
const good = sampleOffer(samplePool("m5.large"), 0.033);
const dear = sampleOffer(samplePool("m5.large", "use1-az1"), 0.086);

const choose = (standing: Standing, change: Partial<ChoiceInput> = {}) =>
  chooseOffers({
    need: { ...sampleNeed, standing },
    market: sampleMarket,
    policy: policyWith(),
    policyVersion: "pol-0123456789ab",
    judgementVersion: currentJudgementVersion,
    offers: [good],
    modelVersion: "hazard-1",
    ...change,
  });

const none: Partial<ChoiceInput> = { offers: [] };
const tooDear: Partial<ChoiceInput> = {
  offers: [sampleOffer(samplePool("m5.large"), 0.099)],
  policy: policyWith({ minSavingsPercent: 0, hysteresisPercent: 5 }),
};
const overOnDemand: Partial<ChoiceInput> = {
  // As dear as On-Demand, and the risk comes on top.
  offers: [sampleOffer(samplePool("m5.large"), 0.1, { probability: 0.3 })],
  policy: policyWith({ minSavingsPercent: 0 }),
};
const stale: Partial<ChoiceInput> = {
  market: { ...sampleMarket, spotPricesFetchedAt: hoursBefore(3) },
};
const priceless: Partial<ChoiceInput> = { market: { ...sampleMarket, onDemand: [] } };
const reserved = (reservedCount: number): Partial<ChoiceInput> => ({
  market: { ...sampleMarket, reserved: { reservedCount, runningCount: 2 } },
});
const switchedLately: Partial<ChoiceInput> = { lastSwitchAt: hoursBefore(1) };

type Answer = readonly [kind: string, reason: VerdictReason, words: RegExp];
interface Situation {
  readonly what: string;
  readonly change: Partial<ChoiceInput>;
  readonly onDemand: Answer;
  readonly spot: Answer;
  readonly interrupted: Answer;
}

const goesToOnDemand = /can't stay: it goes to On-Demand\.$/;

/** On Spot at $0.0500/h, with its risk $0.0505/h: 0.24 / 24 h × 0.5 h × 0.1. */
const situations: readonly Situation[] = [
  {
    what: "a cheap pool",
    change: {},
    onDemand: ["SWITCH", "SAVINGS_WORTH_THE_RISK", /saves 67 % of \$0\.1000\/h .* all in\.$/],
    spot: [
      "SWITCH",
      "SAVINGS_WORTH_THE_RISK",
      /all in\. Staying on Spot at \$0\.0500\/h is expected to cost \$0\.0506\/h with its risk\.$/,
    ],
    interrupted: ["SWITCH", "SAVINGS_WORTH_THE_RISK", /saves 67 % of \$0\.1000\/h .* all in\.$/],
  },
  {
    what: "a pool that is cheaper than On-Demand, but dearer than the Spot price that is paid",
    change: { offers: [sampleOffer(samplePool("m5.large"), 0.06)] },
    onDemand: ["SWITCH", "SAVINGS_WORTH_THE_RISK", /saves 40 %/],
    spot: [
      "STAY",
      "WITHIN_HYSTERESIS",
      /No pool beats staying: Spot at \$0\.0500\/h is expected to cost \$0\.0506\/h with its risk; m5\.large .* would cost \$0\.0610\/h all in; at most \$0\.0476\/h/,
    ],
    interrupted: ["SWITCH", "SAVINGS_WORTH_THE_RISK", /saves 40 %/],
  },
  {
    what: "a pool hardly cheaper than On-Demand",
    change: tooDear,
    onDemand: [
      "STAY",
      "WITHIN_HYSTERESIS",
      /No pool beats staying at \$0\.1000\/h .* at most \$0\.0950\/h/,
    ],
    spot: ["STAY", "WITHIN_HYSTERESIS", /No pool beats staying: Spot at \$0\.0500\/h/],
    interrupted: ["SWITCH", "SAVINGS_WORTH_THE_RISK", /saves 1 %/],
  },
  {
    what: "no candidate",
    change: none,
    onDemand: ["STAY", "NO_CANDIDATE", /None of 0 candidates/],
    spot: ["STAY", "NO_CANDIDATE", /None of 0 candidates/],
    interrupted: ["FALLBACK_ON_DEMAND", "NO_CANDIDATE", goesToOnDemand],
  },
  {
    what: "too small a saving",
    change: { offers: [dear] },
    onDemand: ["STAY", "SAVINGS_BELOW_MINIMUM", /saves 14 %/],
    spot: ["STAY", "SAVINGS_BELOW_MINIMUM", /saves 14 %/],
    interrupted: ["FALLBACK_ON_DEMAND", "SAVINGS_BELOW_MINIMUM", goesToOnDemand],
  },
  {
    what: "prices that are too old",
    change: stale,
    onDemand: ["REFUSE", "PRICES_TOO_OLD", /180 min/],
    spot: ["REFUSE", "PRICES_TOO_OLD", /180 min/],
    interrupted: ["FALLBACK_ON_DEMAND", "PRICES_TOO_OLD", goesToOnDemand],
  },
  {
    what: "no On-Demand price",
    change: priceless,
    onDemand: ["REFUSE", "NO_ON_DEMAND_PRICE_FOR_ORIGINAL", /no saving can be stated/],
    spot: ["REFUSE", "NO_ON_DEMAND_PRICE_FOR_ORIGINAL", /no saving can be stated/],
    interrupted: ["FALLBACK_ON_DEMAND", "NO_ON_DEMAND_PRICE_FOR_ORIGINAL", goesToOnDemand],
  },
  {
    what: "reservations for all that run On-Demand",
    change: reserved(2),
    onDemand: ["REFUSE", "COVERED_BY_RESERVATION", /cover all 2 running: Spot would add/],
    spot: ["SWITCH", "SAVINGS_WORTH_THE_RISK", /costs 34 % less/],
    interrupted: ["SWITCH", "SAVINGS_WORTH_THE_RISK", /saves/],
  },
  {
    what: "a reservation that nothing uses",
    change: reserved(3),
    onDemand: ["REFUSE", "COVERED_BY_RESERVATION", /cover all 2 running: Spot would add/],
    spot: ["REFUSE", "COVERED_BY_RESERVATION", /cover all 2 running and one more: Spot would add/],
    interrupted: ["FALLBACK_ON_DEMAND", "COVERED_BY_RESERVATION", goesToOnDemand],
  },
  {
    what: "a switch an hour ago",
    change: switchedLately,
    onDemand: ["STAY", "WITHIN_DWELL_TIME", /1 h ago/],
    spot: ["STAY", "WITHIN_DWELL_TIME", /1 h ago/],
    interrupted: ["SWITCH", "SAVINGS_WORTH_THE_RISK", /saves 67 %/],
  },
];

const standings = [
  ["ON_DEMAND", onDemand, "onDemand"],
  ["SPOT", onSpot(0.05), "spot"],
  ["INTERRUPTED", interrupted, "interrupted"],
] as const;

describe.each(standings)("what stands %s", (_kind, standing, column) => {
  it.each(situations)("with $what", (situation) => {
    const [kind, reason, words] = situation[column];
    const { verdict } = choose(standing, situation.change);
    expect(verdict).toMatchObject({ kind, reason });
    expect(verdict.sentence).toMatch(words);
    expect(verdict.offers.length > 0).toBe(kind === "SWITCH");
  });
});

describe("what a move from Spot saves", () => {
  it("is against the Spot price that is paid, with what it is against On-Demand beside it", () => {
    const { verdict } = choose(onSpot(0.05));
    expect(verdict.savings).toEqual({ hourlyUsd: 0.017, monthlyUsd: 12.41, percent: 34 });
    expect(verdict.sentence).toContain(
      "costs 34 % less than the $0.0500/h that is paid on Spot now ($12.41 a month), and 67 % less than $0.1000/h On-Demand;",
    );
  });

  it("is a loss where a pool that is lost less often costs more", () => {
    const risky: Standing = {
      kind: "SPOT",
      spotHourlyUsd: 0.03,
      risk: { probability: 0.9, horizonHours: 24, modelVersion: "hazard-1" },
    };
    const policy = policyWith({ interruptionCostHours: 6 });
    const { verdict } = choose(risky, { policy });
    expect(verdict).toMatchObject({
      kind: "SWITCH",
      savings: { hourlyUsd: -0.003, monthlyUsd: -2.19, percent: -10 },
    });
    expect(verdict.sentence).toContain("costs 10 % more than the $0.0300/h that is paid on Spot");
  });

  it("has nothing deducted: no Savings Plan pays of Spot", () => {
    const policy = policyWith({ coveredHourlyUsd: 0.02 });
    expect(choose(onSpot(0.05), { policy }).verdict.savings?.hourlyUsd).toBe(0.017);
  });

  it("was against On-Demand before the fourth version of judging", () => {
    const { verdict } = choose(onSpot(0.05), { judgementVersion: 3 });
    expect(verdict.savings?.percent).toBe(67);
    expect(verdict.sentence).toContain("saves 67 % of $0.1000/h On-Demand ($48.91 a month)");
  });
});

describe("what stands on Spot at more than On-Demand", () => {
  const costly = onSpot(0.12);

  it("moves to a better pool", () => {
    expect(choose(costly).verdict).toMatchObject({ kind: "SWITCH", offers: [good.pool] });
  });

  it.each<[string, Partial<ChoiceInput>]>([
    ["without any candidate", none],
    ["with pools that are no better", overOnDemand],
  ])("falls back to On-Demand %s, and names the Spot price", (_name, change) => {
    const { verdict } = choose(costly, change);
    expect(verdict).toMatchObject({ kind: "FALLBACK_ON_DEMAND", reason: "ON_DEMAND_IS_CHEAPER" });
    expect(verdict.sentence).toMatch(
      /^Spot at \$0\.1200\/h is expected to cost \$0\.1206\/h with its risk, over \$0\.1000\/h On-Demand/,
    );
  });

  it("stays within the dwell time", () => {
    expect(choose(costly, { ...overOnDemand, ...switchedLately }).verdict).toMatchObject({
      kind: "STAY",
      reason: "WITHIN_DWELL_TIME",
    });
  });

  it("stays when it is dearer by less than the margin", () => {
    const policy = policyWith({ minSavingsPercent: 0, fallbackPercent: 30 });
    expect(choose(costly, { ...overOnDemand, policy }).verdict.kind).toBe("STAY");
  });
});

describe("what was interrupted", () => {
  it("goes to On-Demand when each pool costs more, and is told what would have been worth it", () => {
    const { verdict } = choose(interrupted, overOnDemand);
    expect(verdict).toMatchObject({ kind: "FALLBACK_ON_DEMAND", reason: "ON_DEMAND_IS_CHEAPER" });
    expect(verdict.sentence).toMatch(
      /No pool beats On-Demand at \$0\.1000\/h: m5\.large .* at most \$0\.1010\/h would be worth it, the launch included\.$/,
    );
  });

  it("never stays and is never refused, whatever the offers", () => {
    const anyOffer: fc.Arbitrary<Offer> = fc
      .record({
        zone: fc.integer({ min: 1, max: 6 }),
        cents: fc.integer({ min: 2, max: 14 }),
        probability: fc.constantFrom(0, 0.01, 0.3, 0.5),
      })
      .map(({ zone, cents, probability }) =>
        sampleOffer(samplePool("m5.large", `use1-az${String(zone)}`), cents / 100, { probability }),
      );
    const changes = fc.constantFrom<Partial<ChoiceInput>>({}, stale, priceless, switchedLately);
    fc.assert(
      fc.property(fc.array(anyOffer, { maxLength: 6 }), changes, (offers, change) => {
        const { verdict } = choose(interrupted, { ...change, offers });
        expect(["SWITCH", "FALLBACK_ON_DEMAND"]).toContain(verdict.kind);
      }),
    );
  });
});
