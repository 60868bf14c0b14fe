/** A batch of a group is placed by the workflow as the backtest, by which the defaults were chosen, places a fleet on the same facts. */
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { planBatch, type PlannedSwap } from "../../core/decide/cluster/batch.ts";
import { fleetOfGroup } from "../../core/decide/offers/group-fleet.ts";
import { currentJudgementVersion } from "../../core/model/judgement-version.ts";
import type { MarketFacts, Pool, PoolLoss } from "../../core/model/market.ts";
import { estimateRisks } from "../../core/risk/predict.ts";
import { findModel } from "../../core/risk/registry.ts";
import {
  places,
  type BacktestPolicy,
  type BacktestUnit,
  type Desk,
} from "../../local/backtest/policy.ts";
import { productPolicy } from "../../local/backtest/product-policy.ts";
import { replay } from "../../local/backtest/replay.ts";
import type { PolicyOverrides } from "../../core/policy/policy.ts";
import { sampleMarket } from "../core/decide/offers/choice-samples.ts";
import {
  clusterPolicy,
  groupOf,
  plainGroup,
  plainMember,
  spotMember,
} from "../core/decide/cluster/plain-group.ts";
import { sketch } from "../local/backtest/hand-made-market.ts";

const startMs = Date.parse("2026-03-01T00:00:00Z");
const units = 4;
const zoneId = "use1-az4";
/** Pools of one zone, for a member stays in its zone; of families apart, for a family's pools are neighbours, and these are none in the trace. */
const types = ["m5.large", "c5.xlarge", "r5.large"];
const model = findModel();

interface Told {
  readonly losses: PoolLoss[];
  readonly refusals: PoolLoss[];
  /** By unit: where it stands, as the group shows it. */
  readonly placesOf: Map<number, number>;
}

/** What the step "Plan batch" plans for the group at this moment. */
const planAt = (
  desk: Desk,
  { losses, refusals, placesOf }: Told,
  {
    closed,
    overrides,
  }: { readonly closed: ReadonlySet<number>; readonly overrides: PolicyOverrides },
): readonly PlannedSwap[] => {
  const at = new Date(startMs + desk.now * 1000).toISOString();
  const policy = clusterPolicy({ ...overrides, batchSize: units });
  const members = Array.from({ length: units }, (_, unit) => {
    const place = placesOf.get(unit) ?? places.onDemand;
    // Odd ones are in the zone that all pools are in.
    const index = 2 * unit + 1;
    return place < 0
      ? plainMember(index)
      : spotMember(index, { instanceType: types[place] ?? "", ec2: { launchedAt: at } });
  });
  const group = groupOf(members);
  const market: MarketFacts = {
    ...sampleMarket,
    observedAt: at,
    onDemand: [{ instanceType: "m5.large", hourlyUsd: 1 }],
    // Recorded markets know no bands.
    bands: [],
    losses,
    refusals,
  };
  const poolAt = (zone: number): Pool => ({
    region: plainGroup.region,
    zoneId,
    instanceType: types[zone] ?? "",
    product: "Linux/UNIX",
  });
  const candidates = types
    .map((_type, zone) => ({
      pool: poolAt(zone),
      spotHourlyUsd: desk.price(zone),
      onDemandHourlyUsd: 1,
    }))
    .filter((_candidate, zone) => !closed.has(zone));
  const fleet = fleetOfGroup(group, { policy });
  const plan = planBatch({
    kind: "SWITCH",
    group,
    policy,
    pools: candidates.map(({ pool }) => pool),
    swaps: [],
    at,
    placing: {
      fleet,
      offers: estimateRisks({ candidates, market, policy, model, fleet }),
      terms: { policy, onDemandHourlyUsd: 1, judgementVersion: currentJudgementVersion },
      wayBack: [],
    },
  });
  return plan.kind === "BATCH" ? plan.swaps : [];
};

const zoneOf = ({ instanceType }: Pool): number => types.indexOf(instanceType);

describe("the workflow's batches and the backtest's fleets", () => {
  const levels = fc.array(fc.constantFrom("0", "1", "2", "3", "*"), {
    minLength: 20,
    maxLength: 20,
  });
  const drawn = fc.record({
    rows: fc.tuple(levels, levels, levels),
    prices: fc.array(fc.double({ min: 0.2, max: 0.8, noNaN: true }), {
      minLength: 3,
      maxLength: 3,
    }),
    maxPoolSharePercent: fc.constantFrom(100, 50, 25),
  });

  it("go to the same pools in the same order, on every market and at every share of a pool", () => {
    let plans = 0;
    let members = 0;
    fc.assert(
      fc.property(drawn, ({ rows, prices, maxPoolSharePercent }) => {
        const overrides: PolicyOverrides = {
          maxPoolSharePercent,
          fallbackPercent: 100,
          hysteresisPercent: 0.5,
        };
        const market = {
          ...sketch({
            gapSeconds: 900,
            capacity: rows.map((row) => row.join("")),
            price: prices.map((price) => Array.from({ length: 20 }, () => price)),
          }),
          zones: types,
          startMs,
          instanceType: "m5.large",
        };
        const told: Told = { losses: [], refusals: [], placesOf: new Map() };
        const note = (list: PoolLoss[], zone: number, desk: Desk): void => {
          list.push({
            zoneId,
            instanceType: types[zone] ?? "",
            at: new Date(startMs + desk.now * 1000).toISOString(),
            held: desk.instancesIn(zone),
          });
        };
        const policy = productPolicy({
          name: "product",
          isProbing: false,
          policy: clusterPolicy(overrides),
          model,
          response: "AT_ONCE",
        });
        const compared: BacktestPolicy = {
          ...policy,
          start: (...start) => {
            const placer = policy.start(...start);
            const closed = new Set<number>();
            let tried: number[] = [];
            let expected: (readonly Pool[])[] = [];
            const stands = ({ index, place, pending }: BacktestUnit): void => {
              told.placesOf.set(index, pending === places.none ? place : pending);
            };
            return {
              tick: () => {
                closed.clear();
                expected = [];
              },
              lost: (unit, zone, desk) => {
                stands(unit);
                note(told.losses, zone, desk);
                placer.lost?.(unit, zone, desk);
              },
              failed: (zone, desk) => {
                note(told.refusals, zone, desk);
                tried.push(zone);
                closed.add(zone);
                // From here on the workflow plans again.
                expected = [];
                placer.failed?.(zone, desk);
              },
              launched: (_unit, zone) => void tried.push(zone),
              decide: (unit, desk) => {
                tried = [];
                stands(unit);
                if (unit.place === places.onDemand && expected.length === 0) {
                  expected = planAt(desk, told, { closed, overrides }).map(({ offers }) => offers);
                  plans += 1;
                }
                const next = unit.place === places.onDemand ? expected.shift() : undefined;
                // Once on Spot it stays there until it is interrupted, so that all that is known of a pool are events.
                if (unit.place < 0) placer.decide(unit, desk);
                stands(unit);
                if (unit.place !== places.onDemand) {
                  // It went elsewhere, and the workflow sees it when it plans.
                  if (tried.length > 0) expected = [];
                  return;
                }
                members += tried.length > 0 ? 1 : 0;
                expect(tried).toEqual((next ?? []).map(zoneOf).slice(0, tried.length));
                expect(tried.length > 0).toBe(next !== undefined);
              },
            };
          },
        };
        replay(market, compared, { units });
      }),
      { numRuns: 100 },
    );
    expect(plans).toBeGreaterThan(100);
    expect(members).toBeGreaterThan(100);
  });
});
