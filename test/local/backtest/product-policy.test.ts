import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { chooseOffers } from "../../../core/decide/offers/choice.ts";
import type { FleetFacts } from "../../../core/model/fleet.ts";
import { currentJudgementVersion } from "../../../core/model/judgement-version.ts";
import type { MarketFacts, PoolLoss } from "../../../core/model/market.ts";
import type { Verdict } from "../../../core/model/verdict.ts";
import { effectivePolicy, type PolicyOverrides } from "../../../core/policy/policy.ts";
import { estimateRisks } from "../../../core/risk/predict.ts";
import { findModel } from "../../../core/risk/registry.ts";
import type { BacktestPolicy, Desk } from "../../../local/backtest/policy.ts";
import { places } from "../../../local/backtest/policy.ts";
import type { ProductOptions } from "../../../local/backtest/pool-offers.ts";
import { productPolicy } from "../../../local/backtest/product-policy.ts";
import { replay } from "../../../local/backtest/replay.ts";
import { sampleNeed, sampleMarket } from "../../core/decide/offers/choice-samples.ts";
import { sketch } from "./hand-made-market.ts";

const product = (
  overrides: PolicyOverrides = {},
  isProbing = false,
  response: ProductOptions["response"] = "AT_ONCE",
): BacktestPolicy =>
  productPolicy({
    name: "product",
    isProbing,
    policy: effectivePolicy("CLUSTER", overrides),
    model: findModel(),
    response,
  });

/** All launches of the policy, as `tick zone` in order; refused ones in brackets. */
const launchesOf = (market: Parameters<typeof replay>[0], policy: BacktestPolicy, units = 1) => {
  const launches: string[] = [];
  const noted: BacktestPolicy = {
    ...policy,
    start: (...start) => {
      const placer = policy.start(...start);
      return {
        tick: (desk) => placer.tick?.(desk),
        lost: (unit, zone, desk) => placer.lost?.(unit, zone, desk),
        failed: (zone, desk) => {
          launches.push(`[${String(desk.tick)} ${String(zone)}]`);
          placer.failed?.(zone, desk);
        },
        launched: (_unit, zone, desk) => void launches.push(`${String(desk.tick)} ${String(zone)}`),
        decide: (unit, desk) => {
          placer.decide(unit, desk);
          if (unit.pending === places.onDemand) launches.push(`${String(desk.tick)} on-demand`);
        },
      };
    },
  };
  const { figures } = replay(market, noted, { units });
  return { launches, figures };
};

describe("the product's policy in the backtest", () => {
  it("leaves On-Demand at once for a pool of which nothing bad is known", () => {
    const { launches } = launchesOf(sketch({ capacity: ["***", "***"] }), product());
    expect(launches).toEqual(["0 0"]);
  });

  it("answers an interruption in the same tick, by another pool than the one that was lost", () => {
    const market = sketch({ capacity: ["***00", "*****"] });
    expect(launchesOf(market, product()).launches).toEqual(["0 0", "3 1"]);
  });

  it("answers an interruption at the next review where nothing tells of it, and never where nobody looks", () => {
    const market = sketch({ gapSeconds: 300, capacity: ["**00000000", "**********"] });
    const after = (response: ProductOptions["response"]) =>
      launchesOf(market, product({}, false, response)).launches;
    expect(after("AT_ONCE")).toEqual(["0 0", "2 1"]);
    // Reviews come every third tick of 300 s.
    expect(after("BY_SWEEP")).toEqual(["0 0", "3 1"]);
    expect(after("NEVER")).toEqual(["0 0"]);
  });

  it("leaves an instance whose loss is announced, and offers its pool to nobody for a quarter of an hour", () => {
    const market = sketch({ gapSeconds: 300, capacity: ["*****000***********", "*".repeat(19)] });
    const signals = {
      announcedShare: 1,
      leadSeconds: 300,
      falseAlarmsPerDay: 0,
      restHours: 0,
      youngMinutes: 0,
      seed: 1,
    };
    const told: string[] = [];
    const policy = product();
    const noted: BacktestPolicy = {
      ...policy,
      start: (...start) => {
        const placer = policy.start(...start);
        return {
          lost: (unit, zone, desk) => placer.lost?.(unit, zone, desk),
          failed: (zone, desk) => placer.failed?.(zone, desk),
          announced: (unit, zone, desk) => placer.announced?.(unit, zone, desk),
          decide: (unit, desk) => {
            placer.decide(unit, desk);
            if (unit.pending !== places.none)
              told.push(`${String(desk.now)} ${String(unit.pending)}`);
          },
        };
      },
    };
    const { figures } = replay(market, noted, { units: 1, signals });
    // Announced at 1,200 s, 300 s before the loss.
    expect(told).toEqual(["0 0", "1200 1"]);
    expect(figures.interruptionsPerUnitWeek).toBe(0);
  });

  it("goes to On-Demand when no pool takes what was interrupted, and looks again at the next review", () => {
    const market = sketch({ gapSeconds: 300, capacity: [`**0000${"*".repeat(12)}`] });
    const { launches, figures } = launchesOf(market, product());
    expect(launches.slice(0, 3)).toEqual(["0 0", "[2 0]", "2 on-demand"]);
    // Reviews come every third tick of 300 s.
    const later = launches.slice(3).map((launch) => Number(/\d+/.exec(launch)?.[0]));
    expect(later.length).toBeGreaterThan(0);
    expect(later.every((tick) => tick % 3 === 0)).toBe(true);
    expect(figures.availability).toBeLessThan(1);
  });

  it("keeps out of a pool for the hours of a ban", () => {
    const market = sketch({ gapSeconds: 900, capacity: [`*0${"*".repeat(20)}`] });
    const banned = product({ quarantine: { mode: "ban", hours: 4 } });
    expect(launchesOf(market, banned).launches).toEqual(["0 0", "1 on-demand", "17 0"]);
  });

  it("makes no voluntary move within the dwell time, and answers an interruption all the same", () => {
    const prices = [Array.from({ length: 9 }, (_, tick) => (tick < 3 ? 0.3 : 0.9))];
    const market = sketch({ gapSeconds: 900, capacity: ["*******00", "*********"], price: prices });
    expect(launchesOf(market, product({ dwellHours: 0 })).launches).toEqual(["0 0", "3 1"]);
    expect(launchesOf(market, product({ dwellHours: 24 })).launches).toEqual(["0 0", "7 1"]);
  });

  it("spreads a fleet over pools that are alike, and fills one where there is no other", () => {
    const two = sketch({ capacity: ["***", "***"] });
    const halves = product({ maxPoolSharePercent: 50 });
    expect(launchesOf(two, halves, 4).launches).toEqual(["0 0", "0 0", "0 1", "0 1"]);
    const one = sketch({ capacity: ["***", "000"] });
    expect(launchesOf(one, halves, 4).launches.filter((launch) => launch === "0 0")).toHaveLength(
      4,
    );
  });

  it("leaves the rest of a fleet where it is when its pool takes some back", () => {
    const market = sketch({
      gapSeconds: 900,
      capacity: [`0${"4".repeat(60)}${"2".repeat(9)}`, `${"0".repeat(9)}${"4".repeat(61)}`],
    });
    const { launches } = launchesOf(market, product({}, true), 4);
    const atReclaim = launches.findIndex((launch) => launch.startsWith("61 "));
    expect(launches.slice(0, atReclaim).every((launch) => launch.endsWith(" 0"))).toBe(true);
    expect(launches.slice(atReclaim)).toEqual(["61 1", "61 1"]);
  });

  it("judges a pool by how long it has held as many as are wanted, not one", () => {
    // a has had capacity for one far longer than b for anything, and for four just now.
    const young = sketch({
      gapSeconds: 900,
      capacity: [`0${"1".repeat(60)}4444`, `${"0".repeat(31)}${"4".repeat(34)}`],
    });
    const placesOf = (units: number) => {
      const seen: number[] = [];
      const policy = product({ hysteresisPercent: 0 }, true);
      const market = { ...young, ticks: young.ticks };
      launchesOf(
        market,
        {
          ...policy,
          start: (...start) => {
            const placer = policy.start(...start);
            return {
              tick: (desk) => placer.tick?.(desk),
              lost: (unit, zone, desk) => placer.lost?.(unit, zone, desk),
              failed: (zone, desk) => placer.failed?.(zone, desk),
              decide: (unit, desk) => {
                placer.decide(unit, desk);
                if (desk.tick === 62) seen.push(unit.pending >= 0 ? unit.pending : unit.place);
              },
            };
          },
        },
        units,
      );
      return seen;
    };
    expect(placesOf(1)).toEqual([0]);
    expect(placesOf(4).filter((place) => place === 0)).toHaveLength(1);
  });

  it("does not look at capacity unless it probes", () => {
    const market = sketch({ capacity: ["000", "***"] });
    expect(launchesOf(market, product()).launches).toEqual(["[0 0]", "0 1"]);
    expect(launchesOf(market, product({}, true)).launches).toEqual(["0 1"]);
  });
});

const startMs = Date.parse("2026-03-01T00:00:00Z");

interface Events {
  readonly losses: PoolLoss[];
  readonly refusals: PoolLoss[];
}

/** What the Lambdas would say of an On-Demand instance at this moment, from the same events. */
const verdictAt = (
  desk: Desk,
  { losses, refusals }: Events,
  input: {
    readonly zones: readonly string[];
    readonly overrides: PolicyOverrides;
    /** Absent: it is one alone. */
    readonly units?: number;
    /** Zones that have refused another unit at this very moment. */
    readonly closed: ReadonlySet<number>;
  },
): Verdict => {
  const observedAt = new Date(startMs + desk.now * 1000).toISOString();
  const market: MarketFacts = {
    ...sampleMarket,
    region: "",
    product: "",
    observedAt,
    onDemand: [{ instanceType: "m5.large", hourlyUsd: 1 }],
    // Recorded markets know no bands.
    bands: [],
    bandsFetchedAt: observedAt,
    onDemandFetchedAt: observedAt,
    spotPricesFetchedAt: observedAt,
    losses,
    refusals,
  };
  const policy = effectivePolicy("CLUSTER", input.overrides);
  const model = findModel();
  const candidates = input.zones
    .map((zoneId, zone) => ({
      pool: { region: "", zoneId, instanceType: "m5.large", product: "" },
      spotHourlyUsd: desk.price(zone),
      onDemandHourlyUsd: 1,
    }))
    .filter((_candidate, zone) => !input.closed.has(zone));
  const fleet: FleetFacts | undefined =
    input.units === undefined
      ? undefined
      : {
          instances: input.units,
          pools: input.zones.map((zoneId, zone) => ({
            zoneId,
            instanceType: "m5.large",
            launchedAt: Array.from({ length: desk.instancesIn(zone) }, () => observedAt),
          })),
        };
  const ofFleet = fleet === undefined ? {} : { fleet };
  return chooseOffers({
    need: { ...sampleNeed, ...ofFleet },
    market,
    policy,
    policyVersion: "pol-1",
    judgementVersion: currentJudgementVersion,
    offers: estimateRisks({ candidates, market, policy, model, ...ofFleet }),
    modelVersion: model.version,
  }).verdict;
};

describe("the backtest and the Lambdas", () => {
  const levels = fc.array(fc.constantFrom("0", "1", "2", "3", "*"), {
    minLength: 30,
    maxLength: 30,
  });
  const shares = fc.array(fc.double({ min: 0.2, max: 0.8, noNaN: true }), {
    minLength: 3,
    maxLength: 3,
  });

  it.each([
    { what: "one instance", units: undefined, overrides: { maxOffers: 3 } },
    { what: "a fleet", units: 4, overrides: { maxOffers: 3 } },
    {
      what: "a fleet that is spread",
      units: 4,
      overrides: { maxOffers: 3, maxPoolSharePercent: 50 },
    },
  ])(
    "give the same verdict on $what with the same pools in the same order, on every market",
    ({ units, overrides }) => {
      let verdicts = 0;
      fc.assert(
        fc.property(fc.tuple(levels, levels, levels), shares, (rows, prices) => {
          const market = {
            ...sketch({
              gapSeconds: 900,
              capacity: rows.map((row) => row.join("")),
              price: prices.map((price) => Array.from({ length: 30 }, () => price)),
            }),
            startMs,
            instanceType: "m5.large",
          };
          const events: Events = { losses: [], refusals: [] };
          const note = (list: PoolLoss[], zone: number, desk: Desk): void => {
            const at = new Date(startMs + desk.now * 1000).toISOString();
            list.push({
              zoneId: market.zones[zone] ?? "",
              instanceType: "m5.large",
              at,
              ...(units !== undefined && { held: desk.instancesIn(zone) }),
            });
          };
          const policy = product({ ...overrides, fallbackPercent: 100, hysteresisPercent: 0.5 });
          const compared: BacktestPolicy = {
            ...policy,
            start: (...start) => {
              const placer = policy.start(...start);
              let tried: number[] = [];
              const closed = new Set<number>();
              return {
                tick: () => {
                  closed.clear();
                },
                lost: (unit, zone, desk) => {
                  note(events.losses, zone, desk);
                  placer.lost?.(unit, zone, desk);
                },
                failed: (zone, desk) => {
                  note(events.refusals, zone, desk);
                  tried.push(zone);
                  closed.add(zone);
                  placer.failed?.(zone, desk);
                },
                launched: (_unit, zone) => void tried.push(zone),
                decide: (unit, desk) => {
                  tried = [];
                  const isOnDemand = unit.place === places.onDemand;
                  const verdict = isOnDemand
                    ? verdictAt(desk, events, {
                        zones: market.zones,
                        closed,
                        overrides,
                        ...(units !== undefined && { units }),
                      })
                    : undefined;
                  // Once on Spot it stays there until it is interrupted, so that all that is known of a pool are events.
                  if (unit.place < 0) placer.decide(unit, desk);
                  if (verdict === undefined) return;
                  verdicts += 1;
                  const offered = verdict.offers.map(({ zoneId }) => market.zones.indexOf(zoneId));
                  expect(tried).toEqual(offered.slice(0, tried.length));
                  expect(tried.length > 0).toBe(verdict.kind === "SWITCH");
                  if (unit.pending === places.none) expect(tried).toEqual(offered);
                },
              };
            },
          };
          replay(market, compared, { units: units ?? 1 });
        }),
        { numRuns: 60 },
      );
      expect(verdicts).toBeGreaterThan(100);
    },
  );
});
