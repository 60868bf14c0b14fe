import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { chooseOffers, type ChoiceInput } from "../../../../core/decide/offers/choice.ts";
import { currentJudgementVersion } from "../../../../core/model/judgement-version.ts";
import type { Need } from "../../../../core/decide/offers/need.ts";
import { poolKey } from "../../../../core/model/market.ts";
import type { Offer } from "../../../../core/model/offer.ts";
import { effectivePolicy } from "../../../../core/policy/policy.ts";
import {
  hoursBefore,
  observedAt,
  policyWith,
  sampleNeed,
  sampleMarket,
  sampleOffer,
  samplePool,
} from "./choice-samples.ts";

const good = sampleOffer(samplePool("m5.large"), 0.033);

const choose = (change: Partial<ChoiceInput> = {}) =>
  chooseOffers({
    need: sampleNeed,
    market: sampleMarket,
    policy: policyWith(),
    policyVersion: "pol-0123456789ab",
    judgementVersion: currentJudgementVersion,
    offers: [good],
    modelVersion: "hazard-1",
    ...change,
  });

const aFilteredOne: Offer = {
  pool: samplePool("t3.large"),
  rejection: { code: "TYPE_BURSTABLE", sentence: "is burstable" },
};
const risky = sampleOffer(samplePool("m5.large", "use1-az1"), 0.02, { probability: 0.301 });
const dear = sampleOffer(samplePool("m5.large", "use1-az2"), 0.086);

interface Kept {
  readonly change: Partial<ChoiceInput>;
  readonly sentence: RegExp;
}
const kept: readonly (readonly [name: string, kind: string, reason: string, Kept])[] = [
  [
    "no pool is there",
    "STAY",
    "NO_CANDIDATE",
    { change: { offers: [] }, sentence: /0 candidates/ },
  ],
  [
    "none passed the filter",
    "STAY",
    "NO_CANDIDATE",
    { change: { offers: [aFilteredOne] }, sentence: /1 candidate passed/ },
  ],
  [
    "all are too risky",
    "STAY",
    "NO_CANDIDATE_UNDER_MAX_RISK",
    {
      change: { offers: [aFilteredOne, risky] },
      sentence: /m5\.large in use1-az1 .* 30\.1 % .* limit of 30 %/,
    },
  ],
  [
    "none saves enough",
    "STAY",
    "SAVINGS_BELOW_MINIMUM",
    {
      change: { offers: [risky, dear] },
      sentence: /2 pools .* use1-az2 saves 14 % at \$0\.0860\/h .* minimum of 15 %/,
    },
  ],
  [
    "the last switch is too recent",
    "STAY",
    "WITHIN_DWELL_TIME",
    { change: { lastSwitchAt: hoursBefore(23.5) }, sentence: /23\.5 h ago/ },
  ],
  [
    "the move does not beat staying by the margin",
    "STAY",
    "WITHIN_HYSTERESIS",
    {
      change: {
        policy: policyWith({ minSavingsPercent: 0, hysteresisPercent: 50 }),
        offers: [dear],
      },
      sentence: /at most \$0\.0500\/h/,
    },
  ],
  [
    "the original has no On-Demand price",
    "REFUSE",
    "NO_ON_DEMAND_PRICE_FOR_ORIGINAL",
    {
      change: { market: { ...sampleMarket, onDemand: [] } },
      sentence: /m5\.large for Linux\/UNIX/,
    },
  ],
  [
    "the advisor feed is too old",
    "REFUSE",
    "PRICES_TOO_OLD",
    {
      change: { market: { ...sampleMarket, bandsFetchedAt: hoursBefore(169) } },
      sentence: /Spot Advisor feed is 169 h old, that of the On-Demand prices 2 h/,
    },
  ],
  [
    "the price list is too old",
    "REFUSE",
    "PRICES_TOO_OLD",
    {
      change: { market: { ...sampleMarket, onDemandFetchedAt: hoursBefore(200) } },
      sentence: /200 h/,
    },
  ],
  [
    "the Spot prices are too old",
    "REFUSE",
    "PRICES_TOO_OLD",
    {
      change: { market: { ...sampleMarket, spotPricesFetchedAt: hoursBefore(1.5) } },
      sentence: /90 min/,
    },
  ],
  [
    "Reserved Instances cover all that runs",
    "REFUSE",
    "COVERED_BY_RESERVATION",
    {
      change: { market: { ...sampleMarket, reserved: { reservedCount: 2, runningCount: 2 } } },
      sentence: /2 Reserved Instances .* cover all 2 running: Spot would add at least \$0\.0330\/h/,
    },
  ],
];

const notKept: readonly (readonly [name: string, Partial<ChoiceInput>])[] = [
  [
    "feeds exactly as old as allowed",
    {
      market: {
        ...sampleMarket,
        bandsFetchedAt: hoursBefore(168),
        onDemandFetchedAt: hoursBefore(168),
        spotPricesFetchedAt: hoursBefore(1),
      },
    },
  ],
  [
    "a risk exactly at the limit",
    {
      offers: [sampleOffer(samplePool("m5.large"), 0.033, { probability: 0.3 })],
    },
  ],
  ["a saving of exactly the minimum", { offers: [sampleOffer(samplePool("m5.large"), 0.085)] }],
  ["a dwell time that has just passed", { lastSwitchAt: hoursBefore(24) }],
  [
    "a reservation that covers only some",
    {
      market: { ...sampleMarket, reserved: { reservedCount: 1, runningCount: 2 } },
    },
  ],
  [
    "no reservation although nothing runs",
    {
      market: { ...sampleMarket, reserved: { reservedCount: 0, runningCount: 0 } },
    },
  ],
  [
    "a reservation that the policy disregards",
    {
      policy: policyWith({ respectReservations: false }),
      market: { ...sampleMarket, reserved: { reservedCount: 9, runningCount: 1 } },
    },
  ],
];

describe("chooseOffers: the verdict", () => {
  it("switches when saving, risk, dwell and margin are met, and says so with figures", () => {
    const { verdict, offers } = choose();
    expect(verdict).toEqual({
      kind: "SWITCH",
      reason: "SAVINGS_WORTH_THE_RISK",
      sentence:
        "m5.large in use1-az4 at $0.0330/h saves 67 % of $0.1000/h On-Demand ($48.91 a month); it is lost within " +
        "24 h with a probability of 0.1 % (hazard-1), and is expected to cost $0.0340/h all in.",
      offers: [good.pool],
      savings: {
        hourlyUsd: expect.closeTo(0.067, 12),
        monthlyUsd: expect.closeTo(0.067 * 730, 9),
        percent: 67,
      },
      modelVersion: "hazard-1",
      judgementVersion: currentJudgementVersion,
      policyVersion: "pol-0123456789ab",
      judgedAt: observedAt,
    });
    // 0.033 + 0.001 / 24 h × 0.5 h × 0.1 + 0.25 h / 24 h × 0.1
    expect(offers).toEqual([
      { ...good, savingsPercent: 67, expectedHourlyUsd: expect.closeTo(0.03404375, 8) },
    ]);
  });

  it.each(kept)("when %s, it is %s for %s", (...[, kind, reason, { change, sentence }]) => {
    const { verdict } = choose(change);
    expect(verdict).toMatchObject({ kind, reason, offers: [] });
    expect(verdict.sentence).toMatch(sentence);
    expect(verdict).not.toHaveProperty("savings");
  });

  it.each(notKept)("is not kept from switching by %s", (_name, change) => {
    expect(choose(change).verdict.kind).toBe("SWITCH");
  });

  it("deducts what a Savings Plan pays from the saving and from the cost of staying", () => {
    const { verdict } = choose({ policy: policyWith({ coveredHourlyUsd: 0.05 }) });
    expect(verdict.savings).toMatchObject({ percent: 17 });
    expect(verdict.sentence).toContain("of which $0.0500/h are covered already");
    const covered = choose({ policy: policyWith({ coveredHourlyUsd: 0.07 }) });
    expect(covered.verdict).toMatchObject({ kind: "STAY", reason: "SAVINGS_BELOW_MINIMUM" });
    expect(covered.offers[0]?.savingsPercent).toBeCloseTo(-3, 6);
  });

  it("never hides what quarantine took away", () => {
    const banned: Offer = {
      pool: samplePool("m5.large", "use1-az6"),
      spotHourlyUsd: 0.021,
      rejection: { code: "QUARANTINED", sentence: "is quarantined" },
    };
    expect(choose({ offers: [banned] }).verdict.sentence).toContain(
      "Quarantine excludes 1 pool, the cheapest at $0.0210/h.",
    );
    expect(choose({ offers: [banned, good] }).verdict.sentence).toContain("Quarantine excludes 1");
  });

  it("says what ends it where quarantine alone leaves no candidate", () => {
    const pool = samplePool("m5.large", "use1-az6");
    const until = "2025-03-02T12:00:00.000Z";
    const sentence = `is in quarantine until ${until}: Incident 4711`;
    const out: Offer = {
      pool,
      spotHourlyUsd: 0.021,
      rejection: { code: "QUARANTINED", sentence },
    };
    const quarantined = [{ poolKey: poolKey(pool), until, reason: "Incident 4711" }];
    const question = { offers: [out], market: { ...sampleMarket, quarantined } };
    expect(choose(question).verdict).toMatchObject({
      kind: "STAY",
      reason: "ALL_QUARANTINED",
      sentence:
        `Quarantine keeps out each of 1 pool that passed the filter otherwise: m5.large in use1-az6 ${sentence}. ` +
        "It ends by itself; who can't wait may lift it (DELETE /api/v1/risk/pools/{pool_id}/quarantine). " +
        "Quarantine excludes 1 pool, the cheapest at $0.0210/h.",
    });
    // An older verdict stays as it was given.
    expect(choose({ ...question, judgementVersion: 5 }).verdict.reason).toBe("NO_CANDIDATE");
    const banned = choose({
      offers: [
        { ...out, rejection: { code: "QUARANTINED", sentence: "took an instance 3 h ago" } },
      ],
      policy: policyWith({ quarantine: { mode: "ban", hours: 4 } }),
    });
    expect(banned.verdict.sentence).toContain("may set quarantine of the policy to decay.");
  });

  it("refuses an offer that passed the filter without price or risk, naming the pool", () => {
    expect(() => choose({ offers: [{ pool: good.pool }] })).toThrow(
      expect.objectContaining({ name: "BrokenInput", resource: poolKey(good.pool) }),
    );
  });
});

describe("chooseOffers: the order", () => {
  it("gives at most maxOffers, cheapest expected cost first", () => {
    const offers = ["use1-az6", "use1-az1", "use1-az4"].map((zone, index) =>
      sampleOffer(samplePool("m5.large", zone), 0.03 + index / 1000),
    );
    const { verdict } = choose({
      offers: [...offers].reverse(),
      policy: policyWith({ maxOffers: 2 }),
    });
    expect(verdict.offers.map((pool) => pool.zoneId)).toEqual(["use1-az6", "use1-az1"]);
  });

  it("prefers the dearer pool when the risk of the cheaper costs more than it saves", () => {
    const cheap = sampleOffer(samplePool("m5.large", "use1-az1"), 0.03, { probability: 0.3 });
    const calm = sampleOffer(samplePool("m5.large", "use1-az2"), 0.0305, { probability: 0.001 });
    expect(choose({ offers: [cheap, calm] }).verdict.offers[0]).toEqual(calm.pool);
  });

  it("offers only pools that beat staying by the margin, even as the last resort", () => {
    const barely = sampleOffer(samplePool("m5.large", "use1-az1"), 0.06);
    const policy = policyWith({ hysteresisPercent: 45 });
    expect(choose({ offers: [barely, good], policy }).verdict.offers).toEqual([good.pool]);
  });

  it("keeps every rejection, after the acceptable offers", () => {
    const risky = sampleOffer(samplePool("m5.large", "use1-az1"), 0.02, { probability: 0.9 });
    const filtered: Offer = {
      pool: samplePool("t3.large"),
      rejection: { code: "TYPE_BURSTABLE", sentence: "is burstable" },
    };
    const { offers } = choose({ offers: [filtered, risky, good] });
    expect(offers.map((offer) => offer.rejection?.code)).toEqual([
      undefined,
      "RISK_OVER_LIMIT",
      "TYPE_BURSTABLE",
    ]);
  });

  it("charges a switch once an hour at most, also without any dwell time", () => {
    const policy = policyWith({ dwellHours: 0 });
    // 0.033 + 0.25 h × 0.1 + the risk's part
    expect(choose({ policy }).offers[0]?.expectedHourlyUsd).toBeCloseTo(0.058002, 6);
  });
});

const anyOffer = fc
  .record({
    zone: fc.integer({ min: 1, max: 6 }),
    type: fc.constantFrom("m5.large", "m5a.large", "r5.large", "m6i.large"),
    // Few values, so that ties are frequent.
    cents: fc.integer({ min: 2, max: 11 }),
    probability: fc.constantFrom(0, 0.01, 0.3, 0.5),
  })
  .map(({ zone, type, cents, probability }) =>
    sampleOffer(samplePool(type, `use1-az${String(zone)}`), cents / 100, { probability }),
  );
const anyOffers = fc.uniqueArray(anyOffer, {
  selector: (offer) => poolKey(offer.pool),
  maxLength: 24,
});

describe("chooseOffers: invariants", () => {
  it("does not depend on the order of the offers given", () => {
    fc.assert(
      fc.property(
        anyOffers.chain((offers) =>
          fc.tuple(fc.constant(offers), fc.shuffledSubarray(offers, { minLength: offers.length })),
        ),
        ([offers, shuffled]) => {
          expect(JSON.stringify(choose({ offers: shuffled }))).toBe(
            JSON.stringify(choose({ offers })),
          );
        },
      ),
    );
  });

  it("switches only within every limit, and loses no offer", () => {
    fc.assert(
      fc.property(anyOffers, fc.integer({ min: 0, max: 90 }), (offers, minSavingsPercent) => {
        const policy = policyWith({ minSavingsPercent });
        const { verdict, offers: judged } = choose({ offers, policy });
        expect(judged.map((offer) => poolKey(offer.pool)).sort()).toEqual(
          offers.map((offer) => poolKey(offer.pool)).sort(),
        );
        expect(verdict.offers.length > 0).toBe(verdict.kind === "SWITCH");
        expect(verdict.offers.length).toBeLessThanOrEqual(policy.maxOffers);
        for (const pool of verdict.offers) {
          const offer = judged.find((one) => one.pool === pool);
          expect(offer?.savingsPercent).toBeGreaterThanOrEqual(minSavingsPercent);
          expect(offer?.risk?.probability).toBeLessThanOrEqual(policy.maxRisk);
          expect(offer?.expectedHourlyUsd).toBeLessThanOrEqual(0.1 * 0.97);
        }
      }),
    );
  });
});

describe("the verdict on a member of a fleet", () => {
  const near = sampleOffer(samplePool("m5.large", "use1-az1"), 0.03);
  const far = sampleOffer(samplePool("m5.large", "use1-az2"), 0.031);
  const fleet = {
    instances: 4,
    pools: [{ zoneId: "use1-az1", instanceType: "m5.large", launchedAt: [observedAt, observedAt] }],
  };
  const zonesWith = (maxPoolSharePercent: number, need: Need = { ...sampleNeed, fleet }) =>
    choose({
      need,
      offers: [near, far],
      policy: effectivePolicy("CLUSTER", { maxPoolSharePercent }),
    }).verdict.offers.map(({ zoneId }) => zoneId);

  it("names pools with room in their share first", () => {
    expect(zonesWith(50)).toEqual(["use1-az2", "use1-az1"]);
    expect(zonesWith(75)).toEqual(["use1-az1", "use1-az2"]);
  });

  it("is by cost alone where there is no fleet", () => {
    expect(zonesWith(50, sampleNeed)).toEqual(["use1-az1", "use1-az2"]);
  });
});
