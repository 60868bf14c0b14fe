import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { hazard1, hazardModel } from "../../../core/risk/hazard-model.ts";
import type { RiskFeatures } from "../../../core/risk/model.ts";
import { advisorBands } from "../decide/offers/choice-samples.ts";

const model = hazardModel(hazard1);

const withBand = (name: keyof typeof advisorBands): RiskFeatures => ({
  bandMinPercent: advisorBands[name].minPercent,
  bandMaxPercent: advisorBands[name].maxPercent,
  isBandKnown: true,
});

const age = fc.double({ min: 0, max: 200, noNaN: true });
const horizon = fc.double({ min: 1, max: 168, noNaN: true });
const band = fc
  .tuple(fc.double({ min: 0, max: 100, noNaN: true }), fc.double({ min: 0, max: 100, noNaN: true }))
  .map(([one, other]) => ({
    bandMinPercent: Math.min(one, other),
    bandMaxPercent: Math.max(one, other),
  }));
const features: fc.Arbitrary<RiskFeatures> = fc
  .record(
    {
      band,
      priceRatio: fc.double({ min: 0, max: 3, noNaN: true }),
      hoursSincePoolLoss: age,
      hoursSinceNeighbourLoss: age,
      placementScore: fc.integer({ min: 1, max: 10 }),
    },
    { requiredKeys: ["band"] },
  )
  .map(({ band: bounds, ...rest }) => ({ ...bounds, isBandKnown: true, ...rest }));

/** Trapezoids hold to rounding only. */
const slack = 1e-9;

describe("hazard-1: the band as prior", () => {
  it.each([
    ["under5", 0.025],
    ["from5", 0.075],
    ["from10", 0.125],
    ["from15", 0.175],
    ["over20", 0.6],
  ] as const)("gives the midpoint of band %s over a month of 730 h: %d", (name, monthly) => {
    expect(model.probability(withBand(name), 730)).toBeCloseTo(monthly, 10);
  });

  it("spreads it as a constant hazard: 24 h of -ln(1 - p) / 730", () => {
    const expected = 1 - Math.exp((24 * Math.log(1 - 0.125)) / 730);
    expect(model.probability(withBand("from10"), 24)).toBeCloseTo(expected, 12);
  });

  it("rises from band to band", () => {
    const risks = (["under5", "from5", "from10", "from15", "over20"] as const).map((name) =>
      model.probability(withBand(name), 24),
    );
    expect(risks).toEqual([...risks].sort((one, other) => one - other));
    expect(new Set(risks).size).toBe(5);
  });
});

describe("hazard-1: losses in the pool", () => {
  it.each([
    [0, 0.59],
    [0.125, 0.59],
    [1.5, 0.35],
    [8, 0.16],
    [18, 0.11],
    [24, 0.03],
  ])(
    "%d h after a loss the next hour is lost as measured, less the usual 3 %%",
    (hours, measured) => {
      const base = { ...withBand("under5"), bandMaxPercent: 0 };
      const risk = model.probability({ ...base, hoursSincePoolLoss: hours }, 1);
      // Above the usual rate: 1 - (1 - p) / (1 - 0.03); straight lines cut the corners of the curve a little.
      expect(Math.abs(risk - (1 - (1 - measured) / 0.97))).toBeLessThan(0.03);
    },
  );

  it("has forgotten a loss after a day, so that a loss does not ban a pool for good", () => {
    const calm = model.probability(withBand("from5"), 24);
    expect(model.probability({ ...withBand("from5"), hoursSincePoolLoss: 24 }, 24)).toBe(calm);
    expect(model.probability({ ...withBand("from5"), hoursSincePoolLoss: 23 }, 24)).toBeGreaterThan(
      calm,
    );
  });

  it("multiplies by 1.45 while a neighbour's loss is younger than a day, within the horizon only", () => {
    const hazard = (hoursSinceNeighbourLoss: number, horizonHours: number): number =>
      -Math.log(
        1 - model.probability({ ...withBand("over20"), hoursSinceNeighbourLoss }, horizonHours),
      );
    const perHour = -Math.log(1 - 0.6) / 730;
    expect(hazard(0, 24)).toBeCloseTo(perHour * 24 * 1.45, 10);
    expect(hazard(12, 24)).toBeCloseTo(perHour * (12 * 1.45 + 12), 10);
    expect(hazard(24, 24)).toBeCloseTo(perHour * 24, 10);
  });

  it("counts a price at or above On-Demand as a loss this moment, and no other price at all", () => {
    const base = withBand("under5");
    const atLimit = model.probability({ ...base, hoursSincePoolLoss: 0 }, 24);
    expect(model.probability({ ...base, priceRatio: 1 }, 24)).toBe(atLimit);
    expect(model.probability({ ...base, priceRatio: 1.2, hoursSincePoolLoss: 50 }, 24)).toBe(
      atLimit,
    );
    expect(model.probability({ ...base, priceRatio: 0.99 }, 24)).toBe(model.probability(base, 24));
  });
});

describe("hazard-1: invariants", () => {
  it("is a probability for all features and horizons", () => {
    fc.assert(
      fc.property(features, horizon, (any, hours) => {
        const risk = model.probability(any, hours);
        expect(risk).toBeGreaterThanOrEqual(0);
        expect(risk).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("never falls when the band gets worse", () => {
    fc.assert(
      fc.property(features, band, horizon, (any, other, hours) => {
        const one = { ...any };
        const two = { ...any, ...other };
        const [lower, higher] =
          one.bandMinPercent + one.bandMaxPercent <= two.bandMinPercent + two.bandMaxPercent
            ? [one, two]
            : [two, one];
        expect(model.probability(lower, hours)).toBeLessThanOrEqual(
          model.probability(higher, hours) + slack,
        );
      }),
    );
  });

  it.each(["hoursSincePoolLoss", "hoursSinceNeighbourLoss"] as const)(
    "never rises as %s grows",
    (key) => {
      fc.assert(
        fc.property(features, fc.tuple(age, age), horizon, (any, [one, other], hours) => {
          const fresh = { ...any, [key]: Math.min(one, other) };
          const old = { ...any, [key]: Math.max(one, other) };
          expect(model.probability(old, hours)).toBeLessThanOrEqual(
            model.probability(fresh, hours) + slack,
          );
        }),
      );
    },
  );

  it("never falls as the horizon grows", () => {
    fc.assert(
      fc.property(features, horizon, horizon, (any, one, other) => {
        expect(model.probability(any, Math.min(one, other))).toBeLessThanOrEqual(
          model.probability(any, Math.max(one, other)) + slack,
        );
      }),
    );
  });

  it("sees no risk in no time", () => {
    expect(model.probability(withBand("over20"), 0)).toBe(0);
  });
});
