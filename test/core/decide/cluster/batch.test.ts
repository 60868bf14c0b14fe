import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { baseOf, toOnDemand, toSpot } from "../../../../core/decide/cluster/convertible.ts";
import { planBatch, type BatchInput } from "../../../../core/decide/cluster/batch.ts";
import { fleetOfGroup } from "../../../../core/decide/offers/group-fleet.ts";
import { currentJudgementVersion } from "../../../../core/model/judgement-version.ts";
import type { Pool } from "../../../../core/model/market.ts";
import type { Offer } from "../../../../core/model/offer.ts";
import type { Policy } from "../../../../core/policy/policy.ts";
import type { FailedOffer } from "../../../../core/model/swap.ts";
import { observedAt, sampleOffer, samplePool } from "../offers/choice-samples.ts";
import {
  clusterPolicy,
  groupOf,
  memberId,
  plainGroup,
  plainMember,
  plainMembers,
  spotMember,
} from "./plain-group.ts";

const zones = ["use1-az4", "use1-az1"] as const;
const poolOf = (instanceType: string, zoneId: string): Pool => samplePool(instanceType, zoneId);
const prices = { "m5.large": 0.03, "c5.xlarge": 0.031, "r5.large": 0.032 };
const offers: readonly Offer[] = Object.entries(prices).flatMap(([type, price]) =>
  zones.map((zone) => sampleOffer(poolOf(type, zone), price)),
);
/** All that the verdict judged, whatever is on offer now. */
const judgedPools = offers.map(({ pool }) => pool);

interface Change extends Partial<Omit<BatchInput, "policy" | "placing">> {
  readonly policy?: Policy;
  readonly offers?: readonly Offer[];
}

const input = ({ offers: open = offers, ...change }: Change = {}): BatchInput => {
  const policy = change.policy ?? clusterPolicy({ batchSize: 4 });
  const group = change.group ?? plainGroup;
  return {
    kind: "SWITCH",
    pools: judgedPools,
    swaps: [],
    at: observedAt,
    ...change,
    group,
    policy,
    placing: {
      fleet: fleetOfGroup(group, { policy }),
      offers: open,
      terms: { policy, onDemandHourlyUsd: 0.1, judgementVersion: currentJudgementVersion },
      wayBack: zones.map((zone) => ({ pool: poolOf("m5.large", zone), onDemandHourlyUsd: 0.1 })),
    },
  };
};
const failed = (pool: Pool, kind: FailedOffer["kind"]): FailedOffer => ({
  pool,
  kind,
  code: kind,
  at: observedAt,
});
const planned = (change: Change = {}) => {
  const plan = planBatch(input(change));
  return plan.kind === "BATCH" ? plan.swaps : [];
};

describe("members that are paid by what is reserved", () => {
  const covered = {
    market: { reserved: { reservedCount: 4, runningCount: 6 } },
    judged: plainGroup,
  };

  it("are as many as that, whichever can go: one without a pool, or one that was tried, keeps no other back", () => {
    const all = planned({ covered });
    expect(all).toHaveLength(2);
    const [first] = all.map(({ zoneId }) => zoneId);
    const elsewhere = offers.filter(({ pool }) => pool.zoneId !== first);
    const others = planned({ covered, offers: elsewhere });
    expect(others).toHaveLength(2);
    expect(others.map(({ zoneId }) => zoneId)).not.toContain(first);
    const swaps = all.map(({ originalId }) => ({ originalId, failed: [] }));
    const later = planned({ covered, swaps });
    expect(later).toHaveLength(2);
    const tried = all.map(({ originalId }) => originalId);
    expect(later.filter(({ originalId }) => tried.includes(originalId))).toEqual([]);
  });

  it("are counted by their own type", () => {
    const members = [1, 2, 3, 4].map((index) =>
      plainMember(index, index > 2 ? { instanceType: "m5.xlarge" } : {}),
    );
    const group = groupOf(members);
    const market = {
      reserved: { reservedCount: 1, runningCount: 2 },
      reservedOthers: { "m5.xlarge": { reservedCount: 2, runningCount: 2 } },
    };
    const going = planned({ group, covered: { market, judged: group } });
    const ids: readonly string[] = going.map(({ originalId }) => originalId);
    const types = members
      .filter(({ instanceId }) => ids.includes(instanceId))
      .map(({ instanceType }) => instanceType);
    expect(types).toEqual(["m5.large"]);
  });
});

describe("the On-Demand base", () => {
  it.each([
    [0, 0],
    [2, 2],
    ["30%", 2],
    ["0%", 0],
    ["100%", 6],
  ])("of %j is %i of six", (onDemandBase, base) => {
    expect(baseOf({ onDemandBase }, plainGroup)).toBe(base);
  });
});

describe("convertible members", () => {
  const countOf = (onDemandBase: number | string, group = plainGroup): number =>
    toSpot(group, { onDemandBase }).most;

  it("are all On-Demand members above the base", () => {
    expect(countOf(0)).toBe(6);
    expect(countOf(4)).toBe(2);
    expect(countOf("100%")).toBe(0);
  });

  it("count those to the base that may not be touched", () => {
    const members = plainMembers.map((member, index) =>
      index < 2 ? { ...member, protectedFromScaleIn: true } : member,
    );
    expect(countOf(2, groupOf(members))).toBe(4);
    expect(countOf(3, groupOf(members))).toBe(3);
  });

  it.each([
    ["is protected from scale-in", plainMember(1, { protectedFromScaleIn: true }), {}],
    ["is Standby, Healthy", plainMember(1, { lifecycleState: "Standby" }), {}],
    ["is Terminating:Wait, Healthy", plainMember(1, { lifecycleState: "Terminating:Wait" }), {}],
    ["holds address 198.51.100.7", plainMember(1, { ec2: { elasticIps: ["198.51.100.7"] } }), {}],
    [
      "holds interface eni-x",
      plainMember(1, {
        ec2: {
          interfaces: [
            { networkInterfaceId: "eni-1", deviceIndex: 0, networkCardIndex: 0 },
            { networkInterfaceId: "eni-x", deviceIndex: 1, networkCardIndex: 0 },
          ],
        },
      }),
      {},
    ],
    [
      "is target tgt-other00000 in mode LINEAR",
      plainMember(1),
      { linearTargets: [{ instanceId: memberId(1), targetId: "tgt-other00000" }] },
    ],
  ] as const)("leave alone one that %s, and say so", (because, member, change) => {
    const group = groupOf([member, ...plainMembers.slice(1)], change);
    const { members, kept } = toSpot(group, { onDemandBase: 0 });
    expect(members.map(({ instanceId }) => instanceId)).not.toContain(memberId(1));
    expect(kept).toEqual([{ instanceId: memberId(1), because }]);
  });

  it("of the way back are the Spot members that a switch brought, and their owner's where he says so", () => {
    const group = groupOf(
      [
        plainMember(1),
        spotMember(2),
        spotMember(3, { ec2: { spotStatus: "marked-for-termination" } }),
        spotMember(4),
      ],
      { placed: [2, 3].map((index) => ({ instanceId: memberId(index), evaluationId: "ev-1" })) },
    );
    const idsOf = (moveOwnersSpot: boolean) =>
      toOnDemand(group, { moveOwnersSpot }).members.map(({ instanceId }) => instanceId);
    expect(idsOf(false)).toEqual([memberId(2)]);
    expect(idsOf(true)).toEqual([memberId(2), memberId(4)]);
    const { kept } = toOnDemand(group, { moveOwnersSpot: false });
    expect(kept).toEqual([
      {
        instanceId: memberId(4),
        because: "is a Spot Instance of its owner's (move_owners_spot is not set)",
      },
    ]);
  });
});

describe("a batch", () => {
  it("is as many as policy lets, a member of each zone in turns, oldest first", () => {
    const swaps = planned();
    expect(swaps.map(({ originalId }) => originalId)).toEqual([2, 1, 4, 3].map(memberId));
  });

  it("offers pools of the original's zone alone", () => {
    for (const { zoneId, offers: chosen } of planned()) {
      expect(chosen.every((pool) => pool.zoneId === zoneId)).toBe(true);
    }
  });

  it("spreads over pools, those that members stand in already counted", () => {
    const group = groupOf([...plainMembers.slice(1), spotMember(1)]);
    const swaps = planned({
      group,
      policy: clusterPolicy({ batchSize: 5, maxPoolSharePercent: 20 }),
    });
    const inAz4 = swaps
      .filter(({ zoneId }) => zoneId === "use1-az4")
      .map((swap) => swap.offers[0].instanceType);
    expect(inAz4).toEqual(["c5.xlarge", "r5.large"]);
  });

  it("tries no original twice, no pool that refused, and no class whose quota is used up", () => {
    const swaps = planned({
      swaps: [
        {
          originalId: memberId(1),
          failed: [failed(poolOf("m5.large", "use1-az4"), "NO_CAPACITY")],
        },
        { originalId: memberId(2), failed: [failed(poolOf("c5.xlarge", "use1-az1"), "ENDED")] },
      ],
    });
    expect(swaps.map(({ originalId }) => originalId)).not.toContain(memberId(1));
    const keys = swaps.flatMap((swap) =>
      swap.offers.map(({ instanceType, zoneId }) => `${instanceType} ${zoneId}`),
    );
    expect(keys).not.toContain("m5.large use1-az4");
    expect(keys).toContain("c5.xlarge use1-az1");
    const closed = planBatch(
      input({
        swaps: [
          { originalId: memberId(1), failed: [failed(poolOf("m5.large", "use1-az1"), "QUOTA")] },
        ],
      }),
    );
    expect(closed).toMatchObject({ kind: "NONE" });
    expect("sentence" in closed && closed.sentence).toContain("every pool has refused");
  });

  it("leaves a zone without a pool alone, and one without room in its placement group", () => {
    const inAz1 = planned({ offers: offers.filter(({ pool }) => pool.zoneId === "use1-az1") });
    expect(inAz1.map(({ zoneId }) => zoneId)).toEqual(["use1-az1", "use1-az1", "use1-az1"]);
    const seven = groupOf(
      [1, 3, 5, 7, 9, 11, 13, 2].map((index) => plainMember(index)),
      { placementGroup: { name: "apart", strategy: "spread", spreadLevel: "rack" } },
    );
    expect(planned({ group: seven }).map(({ zoneId }) => zoneId)).toEqual(["use1-az1"]);
  });

  it("says why there is none, and whom it left alone", () => {
    const group = groupOf(
      plainMembers.map((member) => ({ ...member, protectedFromScaleIn: true })),
    );
    const plan = planBatch(input({ group }));
    expect(plan).toMatchObject({ kind: "NONE", kept: { length: 6 } });
  });

  it("never goes below the base, over the batch, or twice to one original", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 0, max: 12 }),
        fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }),
        (batchSize, onDemandBase, onSpot) => {
          const members = onSpot.map((isSpot, index) =>
            isSpot ? spotMember(index + 1) : plainMember(index + 1),
          );
          const swaps = planned({
            group: groupOf(members),
            policy: clusterPolicy({ batchSize, onDemandBase }),
          });
          const onDemand = onSpot.filter((isSpot) => !isSpot).length;
          expect(swaps.length).toBeLessThanOrEqual(batchSize);
          expect(onDemand - swaps.length).toBeGreaterThanOrEqual(Math.min(onDemandBase, onDemand));
          expect(new Set(swaps.map(({ originalId }) => originalId)).size).toBe(swaps.length);
        },
      ),
    );
  });
});

describe("members on Spot whose pool has become dear", () => {
  const staying = { probability: 0.01, horizonHours: 24, modelVersion: "streak-1" };
  const indexes = [1, 2, 3, 4];
  const group = groupOf(
    indexes.map((index) => spotMember(index)),
    { placed: indexes.map((index) => ({ instanceId: memberId(index), evaluationId: "ev-1" })) },
  );
  const own = (price: number): readonly Offer[] =>
    zones.map((zone) => sampleOffer(poolOf("m5.large", zone), price, { staying }));
  const better = zones.map((zone) => sampleOffer(poolOf("r5.large", zone), 0.03));
  const purchases = (price: number, others: readonly Offer[] = []) =>
    planned({ group, offers: [...own(price), ...others] }).map(({ purchase }) => purchase);

  it("move to a better one few at a time", () => {
    expect(purchases(0.09, better)).toEqual([undefined]);
  });

  it("go back to On-Demand as many as a batch holds where none is better", () => {
    expect(purchases(0.2)).toEqual(Array(4).fill("ON_DEMAND"));
  });

  it("wait, and do not go back, where a better one is to take them in the next hour", () => {
    expect(purchases(0.2, better)).toEqual([undefined]);
  });
});
