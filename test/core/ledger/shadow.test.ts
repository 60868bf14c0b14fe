import { describe, expect, it } from "@jest/globals";
import { addScores, brierOf, totalOfShadows } from "../../../core/ledger/shadow-month.ts";
import {
  scoreShadow,
  type ShadowCourse,
  type ShadowDecision,
  type ShadowScore,
} from "../../../core/ledger/shadow-score.ts";
import type { Offer } from "../../../core/model/offer.ts";
import { at, book, endedAt, large, nextDay, since, span, spot } from "./samples.ts";

const offer = (zoneId: string, rest: Partial<Offer> = {}): Offer => ({
  pool: { region: "us-east-1", zoneId, instanceType: "m5.large", product: "Linux/UNIX" },
  bandLabel: "5-10%",
  risk: { probability: 0.1, horizonHours: 24, modelVersion: "hazard-1" },
  ...rest,
});

const decision = (rest: Partial<ShadowDecision> = {}): ShadowDecision => ({
  judgedAt: at("00:00"),
  policy: { horizonHours: 24, interruptionCostHours: 0.5, switchCostHours: 0.25 },
  original: large,
  offers: [offer("use1-az1")],
  evaluations: 1,
  ...rest,
});

const course = (rest: Partial<ShadowCourse> = {}): ShadowCourse => ({
  prices: book(),
  losses: [],
  ran: [],
  ...rest,
});

const lossAt = (time: string, environment?: "PROD" | "LAB") => ({
  zoneId: "use1-az1",
  instanceType: "m5.large",
  at: at(time),
  ...(environment === undefined ? {} : { environment }),
});

/** There was capacity: an instance stood in the pool all the time. */
const stood = spot({ startedAt: at("23:30", "2026-03-01") });

const scored = (
  what: Partial<ShadowDecision> = {},
  came: Partial<ShadowCourse> = {},
): ShadowScore => {
  const score = scoreShadow(decision(what), course(came));
  if (typeof score === "string") throw new Error(score);
  return score;
};

/** 24 h × ($0.10 − $0.03), less a quarter of an hour of the switch and what the product costs. */
const heldNano = 1_680_000_000n - 25_000_000n - (24n * 6_850n + 10_000_000n);

describe("a verdict in shadow mode", () => {
  it("is scored net, by the prices that came", () => {
    expect(scored().heldNanoUsd).toBe(heldNano);
    const dearer = book({ spot: () => [since("00:00", 0.03), since("12:00", 0.05)] });
    expect(scored({}, { prices: dearer }).heldNanoUsd).toBe(heldNano - 240_000_000n);
  });

  it("bears the cost of an evaluation once, however many one verdict sends elsewhere", () => {
    expect(scored({ evaluations: 0 }).heldNanoUsd).toBe(heldNano + 10_000_000n);
  });

  it("was lost when an instance of a PROD account was, and then stood On-Demand", () => {
    const score = scored({}, { losses: [lossAt("06:00", "PROD"), lossAt("18:00", "PROD")] });
    expect(score).toMatchObject({ chance: { low: 1, likely: 1, high: 1 }, wasLost: true });
    // Six hours of saving, half an hour of interruption, one more evaluation.
    expect(score.lostNanoUsd).toBe(heldNano - 18n * 70_000_000n - 50_000_000n - 10_000_000n);
  });

  it("was not lost by what a LAB account lost, nor outside its horizon, nor in another pool", () => {
    const other = { ...lossAt("06:00"), zoneId: "use1-az2" };
    const late = { ...lossAt("06:00"), at: at("00:00", nextDay) };
    const score = scored({}, { losses: [lossAt("06:00", "LAB"), other, late] });
    expect(score.wasLost).toBeUndefined();
  });

  it("has the chance of its band where no loss was seen: none seen is not none", () => {
    const { chance, wasLost } = scored({}, { ran: [stood] });
    expect(wasLost).toBe(false);
    // 5, 7.5 and 10 % of a month, within a day.
    expect(chance.low).toBeCloseTo(1 - 0.95 ** (24 / 730), 10);
    expect(chance.likely).toBeCloseTo(1 - 0.925 ** (24 / 730), 10);
    expect(chance.high).toBeCloseTo(1 - 0.9 ** (24 / 730), 10);
    expect(scored({ offers: [offer("use1-az1", { bandLabel: "<5%" })] }).chance.low).toBe(0);
    const { bandLabel: _none, ...unbanded } = offer("use1-az1");
    expect(scored({ offers: [unbanded] }).chance).toEqual({ low: 0, likely: 0.1, high: 1 });
  });

  it("is proven by a launch in its pool within an hour, and by nothing else", () => {
    const { isProven: with30Minutes, exposedHours } = scored({}, { ran: [stood] });
    expect([with30Minutes, exposedHours]).toEqual([true, 24]);
    const early = spot({ startedAt: at("22:30", "2026-03-01"), ...endedAt("12:00", "US") });
    expect(scored({}, { ran: [early] })).toMatchObject({ isProven: false, exposedHours: 12 });
    const elsewhere = { ...stood, zoneId: "use1-az2" };
    expect(scored({}, { ran: [elsewhere] })).toMatchObject({ isProven: false, exposedHours: 0 });
  });

  it("counts hours of two instances in the pool once", () => {
    const one = spot({ startedAt: at("01:00"), ...endedAt("05:00", "US") });
    const two = spot({ startedAt: at("03:00"), ...endedAt("07:00", "US") });
    expect(scored({}, { ran: [one, two] }).exposedHours).toBe(6);
  });

  it("is held against the best of the offers", () => {
    const prices = book({
      spot: ({ zoneId }) => [since("00:00", zoneId === "use1-az2" ? 0.02 : 0.03)],
    });
    const { bestNanoUsd, heldNanoUsd } = scored(
      { offers: [offer("use1-az1"), offer("use1-az2")] },
      { prices },
    );
    expect(bestNanoUsd - heldNanoUsd).toBe(240_000_000n);
  });

  it("is unscored without prices for all of its horizon, and without offers", () => {
    const prices = book({ spot: () => [since("03:00", 0.03)] });
    expect(scoreShadow(decision(), course({ prices }))).toBe("NO_PRICE");
    expect(scoreShadow(decision(), course({ prices: book({ onDemand: () => [] }) }))).toBe(
      "NO_PRICE",
    );
    expect(scoreShadow(decision({ offers: [] }), course())).toBe("FACTS_MISSING");
  });
});

describe("a month of verdicts in shadow mode", () => {
  const { accountId, targetId } = span();
  const name = { accountId, targetId, month: "2026-03" };

  it("keeps what is proven apart from what is not, and counts what has no score", () => {
    const scores = [
      scored({}, { ran: [stood] }),
      scored(),
      "NO_PRICE",
      scored({}, { ran: [stood], losses: [lossAt("06:00")] }),
    ] as const;
    // The first verdict sends two elsewhere.
    const [one, two, ...others] = scores;
    const first = addScores(undefined, name, { until: at("00:00"), scores: [one, two] });
    const month = addScores(first, name, { until: at("00:00", nextDay), scores: others });
    expect(month).toMatchObject({
      proven: { decisions: 2, hours: 48, exposedHours: 48, known: 2, lost: 1 },
      unproven: { decisions: 1, known: 0 },
      unscored: { NO_PRICE: 1, FACTS_MISSING: 0, NOT_FROM_ON_DEMAND: 0 },
    });
    const { lowNanoUsd, likelyNanoUsd, highNanoUsd } = month.proven;
    expect(lowNanoUsd < likelyNanoUsd && likelyNanoUsd < highNanoUsd).toBe(true);
    // (0.1 − 0)² and (0.1 − 1)², against always saying a half.
    expect(brierOf(month.proven)?.model).toBeCloseTo(0.41, 10);
    expect(brierOf(month.proven)?.baseRate).toBe(0.25);
    const total = totalOfShadows([month, month]);
    expect(total.proven.decisions).toBe(4);
    expect(total.unscored.NO_PRICE).toBe(2);
  });

  it("regrets a move that would have cost more than staying", () => {
    const prices = book({ spot: () => [since("00:00", 0.12)] });
    const month = addScores(undefined, name, {
      until: at("00:00", nextDay),
      scores: [scored({}, { prices, ran: [stood] })],
    });
    expect(month.proven.regretToStayNanoUsd > 480_000_000n).toBe(true);
  });

  it("knows nothing of its predictions where nothing is known", () => {
    const month = addScores(undefined, name, { until: at("00:00", nextDay), scores: [scored()] });
    expect(brierOf(month.proven)).toBeUndefined();
  });
});
