import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { placeBatch, type BatchMember } from "../../../../core/decide/offers/batch.ts";
import type { Terms } from "../../../../core/decide/offers/offer-cost.ts";
import { currentJudgementVersion } from "../../../../core/model/judgement-version.ts";
import { membersIn, type FleetFacts, type PoolMembers } from "../../../../core/model/fleet.ts";
import { poolKey, type Pool } from "../../../../core/model/market.ts";
import type { Offer } from "../../../../core/model/offer.ts";
import { effectivePolicy, type PolicyOverrides } from "../../../../core/policy/policy.ts";
import { observedAt, sampleOffer, samplePool } from "./choice-samples.ts";

const termsWith = (overrides: PolicyOverrides = {}): Terms => ({
  policy: effectivePolicy("CLUSTER", overrides),
  onDemandHourlyUsd: 0.1,
  judgementVersion: currentJudgementVersion,
});

const pools = Array.from({ length: 6 }, (_, index) =>
  samplePool("m5.large", `use1-az${String(index)}`),
);
const poolAt = (index: number): Pool => pools[index] ?? samplePool("m5.large");

const membersAt = (index: number, count: number): PoolMembers => ({
  zoneId: poolAt(index).zoneId,
  instanceType: "m5.large",
  launchedAt: Array.from({ length: count }, () => observedAt),
});

const onDemand: BatchMember = { standing: { kind: "ON_DEMAND" } };
const many = (count: number): readonly BatchMember[] =>
  Array.from({ length: count }, () => onDemand);

/** Index of the pool that each goes to; -1 for one that does not move. */
const firstPools = (input: Parameters<typeof placeBatch>[0]): readonly number[] =>
  placeBatch(input).map((placement) =>
    placement.kind === "MOVE"
      ? pools.findIndex((pool) => poolKey(pool) === poolKey(placement.offers[0].pool))
      : -1,
  );

describe("a batch that is placed together", () => {
  const offers = [0.03, 0.031, 0.032].map((price, index) => sampleOffer(poolAt(index), price));

  it("goes to the cheapest pool, and to the next once that has its share of the fleet", () => {
    const fleet: FleetFacts = { instances: 8, pools: [membersAt(0, 1)] };
    const input = { members: many(4), fleet, offers };
    expect(firstPools({ ...input, terms: termsWith() })).toEqual([0, 0, 0, 0]);
    // A quarter of eight: two each, one of which stands there.
    expect(firstPools({ ...input, terms: termsWith({ maxPoolSharePercent: 25 }) })).toEqual([
      0, 1, 1, 2,
    ]);
  });

  it("fills a pool over its share rather than stay On-Demand where no other is worth it", () => {
    const input = {
      members: many(3),
      fleet: { instances: 4, pools: [] },
      offers: offers.slice(0, 1),
    };
    expect(firstPools({ ...input, terms: termsWith({ maxPoolSharePercent: 25 }) })).toEqual([
      0, 0, 0,
    ]);
  });

  it("turns to another pool for those that the first has not held", () => {
    const [cheapest, ...others] = offers;
    const short: Offer = { ...sampleOffer(poolAt(0), 0.03), laterProbabilities: [0.001, 0.9] };
    expect(cheapest?.pool).toEqual(short.pool);
    const fleet: FleetFacts = { instances: 8, pools: [], joining: 4 };
    const input = { members: many(4), fleet, offers: [short, ...others], terms: termsWith() };
    expect(firstPools(input)).toEqual([0, 0, 1, 1]);
  });

  it("judges each by where it stands, and offers none its own pool again", () => {
    const risk = { probability: 0.9, horizonHours: 0.5, modelVersion: "m" };
    const members: readonly BatchMember[] = [
      { standing: { kind: "SPOT", spotHourlyUsd: 0.03, risk }, pool: poolAt(0) },
      {
        standing: { kind: "SPOT", spotHourlyUsd: 0.031, risk: { ...risk, probability: 0 } },
        pool: poolAt(1),
      },
      { standing: { kind: "INTERRUPTED" } },
    ];
    const fleet: FleetFacts = { instances: 3, pools: [membersAt(0, 1), membersAt(1, 1)] };
    const input = { members, fleet, terms: termsWith() };
    expect(firstPools({ ...input, offers })).toEqual([1, -1, 0]);
    expect(placeBatch({ ...input, offers: [] }).map(({ kind }) => kind)).toEqual([
      "FALL_BACK",
      "STAY",
      "FALL_BACK",
    ]);
  });
});

describe("any batch", () => {
  const arbitrary = fc.record({
    standing: fc.array(fc.nat(4), { minLength: 6, maxLength: 6 }),
    isOffered: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
    prices: fc.array(fc.double({ min: 0.01, max: 0.06, noNaN: true }), {
      minLength: 6,
      maxLength: 6,
    }),
    joining: fc.integer({ min: 1, max: 10 }),
    others: fc.nat(10),
    share: fc.integer({ min: 1, max: 100 }),
  });
  type Drawn = typeof arbitrary extends fc.Arbitrary<infer T> ? T : never;

  const inputOf = ({ standing, isOffered, prices, joining, others, share }: Drawn) => {
    const inPools = standing.map((count, index) => membersAt(index, count));
    const instances = standing.reduce((sum, count) => sum + count, joining + others);
    return {
      members: many(joining),
      fleet: { instances, pools: inPools, joining } satisfies FleetFacts,
      offers: prices.flatMap((price, index) =>
        isOffered[index] === true ? [sampleOffer(poolAt(index), price)] : [],
      ),
      terms: termsWith({ maxPoolSharePercent: share }),
      most: Math.max(1, Math.floor((instances * share) / 100)),
    };
  };

  it("takes no pool over its share while another on offer is under it", () => {
    fc.assert(
      fc.property(arbitrary, (drawn) => {
        const { most, ...input } = inputOf(drawn);
        const held = pools.map((pool) => membersIn(input.fleet, pool));
        for (const pool of firstPools(input)) {
          const open = input.offers.map((offer) => pools.indexOf(offer.pool));
          expect(pool === -1).toBe(open.length === 0);
          if (pool === -1) continue;
          const isRoomLeft = open.some((index) => (held[index] ?? 0) < most);
          if (isRoomLeft) expect(held[pool]).toBeLessThan(most);
          held[pool] = (held[pool] ?? 0) + 1;
        }
      }),
    );
  });

  it("is what placing them one by one gives", () => {
    fc.assert(
      fc.property(arbitrary, (drawn) => {
        const { most: _most, ...input } = inputOf(drawn);
        const together = firstPools(input);
        const { joining: _joining, ...before } = input.fleet;
        let fleet: FleetFacts = before;
        const oneByOne = input.members.map((member) => {
          const [pool = -1] = firstPools({ ...input, members: [member], fleet });
          if (pool !== -1) fleet = { ...fleet, pools: [...fleet.pools, membersAt(pool, 1)] };
          return pool;
        });
        expect(together).toEqual(oneByOne);
      }),
    );
  });

  it("has every pool on offer in each order, once", () => {
    fc.assert(
      fc.property(arbitrary, (drawn) => {
        const { most: _most, ...input } = inputOf(drawn);
        for (const placement of placeBatch(input)) {
          if (placement.kind !== "MOVE") continue;
          const named = placement.offers.map(({ pool }) => poolKey(pool)).sort();
          expect(named).toEqual(input.offers.map(({ pool }) => poolKey(pool)).sort());
        }
      }),
    );
  });
});
