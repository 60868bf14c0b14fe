import { describe, expect, it } from "@jest/globals";
import { judgeOf } from "../../../../core/decide/judges.ts";
import { judgeCluster } from "../../../../core/decide/cluster/verdict.ts";
import { notNow } from "../../../../core/decide/switch/not-now.ts";
import { needOfVictim } from "../../../../core/decide/cluster/need.ts";
import { stoodInBy } from "../../../../core/decide/offers/need.ts";
import { filterCandidates } from "../../../../core/decide/offers/candidates.ts";
import type { EvaluationFacts } from "../../../../core/model/evaluation.ts";
import type { GroupFacts } from "../../../../core/model/group.ts";
import { currentJudgementVersion } from "../../../../core/model/judgement-version.ts";
import type { MarketFacts } from "../../../../core/model/market.ts";
import { tellNotes } from "../../../../core/decide/switch/notes.ts";
import { estimateRisks } from "../../../../core/risk/predict.ts";
import { findModel } from "../../../../core/risk/registry.ts";
import { labAccount, m5Large, openMarket } from "../linear/eligible-facts.ts";
import { observedAt } from "../offers/choice-samples.ts";
import {
  clusterPolicy,
  clusterTarget,
  groupOf,
  memberId,
  plainGroup,
  plainMember,
  plainMembers,
  plainTemplate,
  spotMember,
} from "./plain-group.ts";

const policy = clusterPolicy();
const model = findModel();

const inputOf = (
  group: GroupFacts | undefined,
  change: Partial<EvaluationFacts<"CLUSTER">> = {},
) => ({
  account: labAccount,
  target: clusterTarget,
  facts: {
    observedAt,
    ...(group === undefined ? {} : { group }),
    templateType: m5Large,
    market: openMarket,
    ...change,
  } as EvaluationFacts<"CLUSTER">,
  policy,
  policyVersion: "pol-0123456789ab",
  model,
  judgementVersion: currentJudgementVersion,
  isAskedFor: true,
});
const judged = (group: GroupFacts | undefined, change: Partial<EvaluationFacts<"CLUSTER">> = {}) =>
  judgeCluster(inputOf(group, change));

/** By an earlier evaluation. */
const placed = (...indexes: readonly number[]): Partial<GroupFacts> => ({
  placed: indexes.map((index) => ({ instanceId: memberId(index), evaluationId: "ev-1" })),
});

const priced = (zoneId: string, hourlyUsd: number): MarketFacts => ({
  ...openMarket,
  spotPrices: openMarket.spotPrices.map((price) =>
    price.zoneId === zoneId ? { ...price, hourlyUsd } : price,
  ),
});

describe("the verdict on a group", () => {
  it("is a switch for all above the base, with pools of every zone that has some", () => {
    const { verdict } = judged(plainGroup);
    expect(verdict).toMatchObject({ kind: "SWITCH", reason: "SAVINGS_WORTH_THE_RISK" });
    expect(verdict.sentence).toMatch(
      /^6 of 6 members of group web are to go: 3 to m5.large in use1-az1, 3 to m5.large in use1-az4. /,
    );
    expect(new Set(verdict.offers.map(({ zoneId }) => zoneId))).toEqual(
      new Set(["use1-az1", "use1-az4"]),
    );
    const { savings: ofOne } = judgeCluster({
      ...inputOf(plainGroup),
      judgementVersion: 3,
    }).verdict;
    expect(ofOne?.percent).toBeGreaterThan(15);
    expect(verdict.savings?.monthlyUsd).toBeCloseTo(6 * (ofOne?.monthlyUsd ?? 0), 4);
    expect(verdict.savings?.percent).toBe(ofOne?.percent);
    expect(verdict.sentence).toContain("Together they save $");
  });

  it("leaves a zone alone whose pools are not worth it", () => {
    const { verdict } = judged(plainGroup, { market: priced("use1-az4", 0.095) });
    expect(verdict.kind).toBe("SWITCH");
    expect(verdict.sentence).toMatch(/^3 of 6 members/);
    expect(new Set(verdict.offers.map(({ zoneId }) => zoneId))).toEqual(new Set(["use1-az1"]));
  });

  it("stays where no zone has a pool that is worth it", () => {
    const market = {
      ...openMarket,
      spotPrices: openMarket.spotPrices.map((price) => ({ ...price, hourlyUsd: 0.095 })),
    };
    expect(judged(plainGroup, { market }).verdict).toMatchObject({ kind: "STAY", offers: [] });
  });

  it("counts the base that its owner tagged the group with", () => {
    const group = { ...plainGroup, tags: { "spot-optimizer:on-demand-base": "4" } };
    expect(judged(group).verdict.sentence).toMatch(/^2 of 6 members/);
  });

  it("stays where nobody may be converted, naming them", () => {
    const group = groupOf(
      plainMembers.map((member) => ({ ...member, protectedFromScaleIn: true })),
    );
    const { verdict } = judged(group);
    expect(verdict).toMatchObject({ kind: "STAY", reason: "NOTHING_TO_CONVERT", offers: [] });
    expect(verdict.sentence).toContain("is protected from scale-in");
  });

  it("stays with a group that stands on Spot where that is best", () => {
    const group = groupOf(
      [1, 2].map((index) => spotMember(index)),
      placed(1, 2),
    );
    expect(judged(group).verdict).toMatchObject({ kind: "STAY", reason: "WITHIN_HYSTERESIS" });
  });

  it("moves a Spot member whose own pool has become dear", () => {
    const group = groupOf([spotMember(1)], placed(1));
    const market = {
      ...openMarket,
      spotPrices: openMarket.spotPrices.map((price) =>
        price.instanceType === "m5.large" ? { ...price, hourlyUsd: 0.08 } : price,
      ),
    };
    const { verdict } = judged(group, { market });
    expect(verdict.kind).toBe("SWITCH");
    expect(verdict.offers.map(({ instanceType }) => instanceType)).toEqual(["r5.large"]);
    const taken = market.spotPrices.find(
      ({ instanceType, zoneId }) => instanceType === "r5.large" && zoneId === "use1-az1",
    );
    expect(verdict.savings?.hourlyUsd).toBeCloseTo(0.08 - (taken?.hourlyUsd ?? 0), 6);
  });

  it("goes back to the template's type in each zone where that was asked for", () => {
    const group = groupOf([spotMember(1), plainMember(2)], placed(1));
    const { verdict } = judged(group, { kind: "FALL_BACK" });
    expect(verdict).toMatchObject({ kind: "FALLBACK_ON_DEMAND", reason: "ASKED_FOR" });
    expect(verdict.offers.every(({ zoneId }) => zoneId === "use1-az4")).toBe(true);
  });

  it("refuses, and waits, by the gate, without a market", () => {
    const { market: _none, ...facts } = inputOf(plainGroup).facts;
    const without = (group: GroupFacts) =>
      judgeCluster({ ...inputOf(group), facts: { ...facts, group } }).verdict;
    const warm = { ...plainGroup.kind, warmPool: { size: 1 } };
    expect(without({ ...plainGroup, kind: warm })).toMatchObject({
      kind: "REFUSE",
      reason: "WARM_POOL",
    });
    const refreshes = [{ refreshId: "ref-1", status: "InProgress" }];
    const waiting = without({ ...plainGroup, refreshes, desiredCapacity: 7 });
    expect(waiting).toMatchObject({ kind: "STAY", reason: "REFRESH_IN_PROGRESS" });
    expect(waiting.sentence).toContain("Also: BELOW_DESIRED.");
    expect(waiting.retryAt).toBeDefined();
    expect(() => without(plainGroup)).toThrow(expect.objectContaining({ name: "BrokenFacts" }));
  });

  it("is not a delay without a reason", () => {
    const by = {
      modelVersion: model.version,
      judgementVersion: currentJudgementVersion,
      policyVersion: "pol-1",
      judgedAt: observedAt,
    };
    expect(() => notNow({ ...by, delays: [] })).toThrow("needs at least one reason");
  });

  it("comes to the same when the steps judge piece by piece", () => {
    const group = { ...plainGroup, tags: { "spot-optimizer:excluded-types": "r5" } };
    const input = inputOf(group);
    const facts = { ...input.facts, market: openMarket };
    const judge = judgeOf("CLUSTER");
    const applied = judge.policyFor(facts, policy);
    const candidates = filterCandidates({
      need: judge.needOf(facts, applied),
      market: openMarket,
      policy: applied,
    });
    const choice = judge.choose({
      facts,
      policy,
      policyVersion: input.policyVersion,
      offers: estimateRisks({
        candidates,
        market: openMarket,
        policy: applied,
        model,
        ...stoodInBy(judge.needOf(facts, applied)),
        isStandingJudged: true,
      }),
      modelVersion: model.version,
      judgementVersion: currentJudgementVersion,
    });
    const verdict = tellNotes(choice.verdict, judge.notesOn(facts, input.policy));
    expect({ ...choice, verdict }).toEqual(judgeCluster(input));
    expect(choice.verdict.offers.map(({ instanceType }) => instanceType)).not.toContain("r5.large");
  });
});

describe("the need of a victim", () => {
  it("keeps its replacement in its zone, in the group's subnets, within reach of its balancers", () => {
    const need = needOfVictim(plainMember(2), { group: plainGroup, policy });
    expect(need).toMatchObject({
      instanceType: "m5.large",
      subnetId: "subnet-2",
      subnetIds: ["subnet-1", "subnet-2"],
      pins: [{ zoneId: "use1-az1" }],
      reaches: [{ zoneIds: ["use1-az4", "use1-az1"] }],
    });
  });

  it("is of what the template gives, not of what the member is", () => {
    const group = {
      ...plainGroup,
      template: { ...plainTemplate, deviceNames: ["/dev/xvda", "/dev/sdb"], interfaces: 2 },
    };
    expect(
      needOfVictim(spotMember(1, { instanceType: "r5.large" }), { group, policy }),
    ).toMatchObject({
      instanceType: "m5.large",
      volumes: 2,
      interfaces: 2,
    });
  });

  it("tells where the group stands on Spot, and how many join together", () => {
    const taken = spotMember(5, { ec2: { spotStatus: "marked-for-termination" } });
    const group = groupOf([spotMember(1), spotMember(3), plainMember(2), taken]);
    expect(
      needOfVictim(plainMember(2), { group, policy: clusterPolicy({ batchSize: 4 }) }).fleet,
    ).toEqual({
      instances: 4,
      pools: [
        {
          zoneId: "use1-az4",
          instanceType: "m5.large",
          launchedAt: ["2025-02-01T00:00:00.000Z", "2025-02-01T00:00:00.000Z"],
        },
      ],
      joining: 4,
    });
  });

  it("can't be stated of a group whose template says nothing", () => {
    const { template: _gone, ...group } = plainGroup;
    expect(() => needOfVictim(plainMember(1), { group, policy })).toThrow(
      expect.objectContaining({ name: "BrokenFacts" }),
    );
    expect(() => judgeOf("CLUSTER").whereaboutsOf({ observedAt })).toThrow(
      expect.objectContaining({ name: "BrokenFacts" }),
    );
  });
});
