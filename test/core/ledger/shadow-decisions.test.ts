import { describe, expect, it } from "@jest/globals";
import { shadowDecisions } from "../../../core/ledger/shadow-decisions.ts";
import type { EvaluationOffers, StoredFacts } from "../../../core/model/evaluation.ts";
import type { Move } from "../../../core/model/move.ts";
import type { Offer } from "../../../core/model/offer.ts";
import type { Verdict } from "../../../core/model/verdict.ts";
import { effectivePolicy } from "../../../core/policy/policy.ts";
import { groupOf, memberId, plainMember, spotMember } from "../decide/cluster/plain-group.ts";

const pool = (zoneId: string, instanceType = "m5.large") => ({
  region: "us-east-1",
  zoneId,
  instanceType,
  product: "Linux/UNIX",
});

const offer = (zoneId: string, instanceType?: string): Offer => ({
  pool: pool(zoneId, instanceType),
  spotHourlyUsd: 0.03,
});

const verdict: Verdict = {
  kind: "SWITCH",
  reason: "SAVINGS_WORTH_THE_RISK",
  sentence: "It is worth it.",
  offers: [pool("use1-az1"), pool("use1-az2"), pool("use1-az1", "m6i.large")],
  modelVersion: "hazard-1",
  policyVersion: "policy",
  judgedAt: "2026-03-02T00:00:00.000Z",
};

const offers = [
  offer("use1-az1"),
  offer("use1-az2"),
  offer("use1-az1", "m6i.large"),
  offer("use1-az1", "c5.large"),
];

const policy = effectivePolicy("CLUSTER", {});
const evaluation = { mode: "CLUSTER", verdict, policy } as const;

const members = [
  { ...plainMember(1), zoneId: "use1-az1" },
  { ...plainMember(2), zoneId: "use1-az2" },
  { ...spotMember(3), zoneId: "use1-az1" },
];
const facts = { group: groupOf(members), observedAt: verdict.judgedAt } as StoredFacts;

const move = (index: number, rest: Partial<Move> = {}): Move => ({
  originalId: memberId(index),
  pool: pool("use1-az1"),
  ...rest,
});

const chosen = (...moves: readonly Move[]): EvaluationOffers => ({ offers, moves });

describe("a verdict on a group in shadow mode", () => {
  it("is a decision on each member that was to go, first where it was to go, and within its zone", () => {
    const moves = [
      move(1, { pool: pool("use1-az1", "m6i.large") }),
      move(2, { pool: pool("use1-az2") }),
    ];
    const decisions = shadowDecisions(evaluation, facts, chosen(...moves));
    expect(decisions).toMatchObject([
      {
        judgedAt: verdict.judgedAt,
        original: { instanceType: "m5.large", product: "Linux/UNIX", zoneId: "use1-az1" },
        evaluations: 1,
      },
      { original: { instanceType: "m5.large", zoneId: "use1-az2" }, evaluations: 0 },
    ]);
    const pools = decisions.map(
      (one) => typeof one !== "string" && one.offers.map((each) => each.pool),
    );
    expect(pools).toEqual([[pool("use1-az1", "m6i.large"), pool("use1-az1")], [pool("use1-az2")]]);
  });

  it("scores nothing of what stands on Spot already, nor of what was to go back", () => {
    const moves = [move(3), move(1, { purchase: "ON_DEMAND" })];
    expect(shadowDecisions(evaluation, facts, chosen(...moves))).toEqual([
      "NOT_FROM_ON_DEMAND",
      "NOT_FROM_ON_DEMAND",
    ]);
  });

  it("is not scored where an earlier release did not write down who was to go", () => {
    expect(shadowDecisions(evaluation, facts, { offers })).toEqual(["NOT_ONE_INSTANCE"]);
  });

  it("is missing where its facts are gone, or a member is not among them", () => {
    expect(shadowDecisions(evaluation, facts, chosen(move(9)))).toEqual(["FACTS_MISSING"]);
    expect(shadowDecisions(evaluation, undefined, chosen(move(1)))).toEqual(["FACTS_MISSING"]);
    expect(shadowDecisions(evaluation, facts, undefined)).toEqual(["FACTS_MISSING"]);
  });
});

describe("a verdict on an instance in shadow mode", () => {
  const instance = {
    instanceType: "m5.large",
    platformDetails: "Linux/UNIX",
    tenancy: "default",
    zoneId: "use1-az1",
  };
  const linear = { ...evaluation, mode: "LINEAR" } as const;
  const on = (more: { readonly lifecycle?: string }) =>
    ({ instance: { ...instance, ...more }, observedAt: verdict.judgedAt }) as StoredFacts;

  it("is one decision, with the pools of the verdict", () => {
    expect(shadowDecisions(linear, on({}), { offers })).toMatchObject([
      { original: { zoneId: "use1-az1" }, offers: offers.slice(0, 3), evaluations: 1 },
    ]);
  });

  it("scores nothing of what stands on Spot already, nor of the way back", () => {
    const back = { ...linear, verdict: { ...verdict, kind: "FALLBACK_ON_DEMAND" as const } };
    expect(shadowDecisions(linear, on({ lifecycle: "spot" }), { offers })).toEqual([
      "NOT_FROM_ON_DEMAND",
    ]);
    expect(shadowDecisions(back, on({}), { offers })).toEqual(["NOT_FROM_ON_DEMAND"]);
  });
});
