import { describe, expect, it } from "@jest/globals";
import type { FleetFacts } from "../../../core/model/fleet.ts";
import type { Candidate } from "../../../core/model/offer.ts";
import { estimateRisks, riskQuestions } from "../../../core/risk/predict.ts";
import type { RiskFeatures } from "../../../core/risk/model.ts";
import { defaultModelVersion, findModel } from "../../../core/risk/registry.ts";
import {
  hoursBefore,
  policyWith,
  sampleMarket,
  samplePool,
} from "../decide/offers/choice-samples.ts";

/** Half where a loss is known of, nothing else. */
const streakRisk = ({ hoursSincePoolLoss }: RiskFeatures): number =>
  hoursSincePoolLoss === undefined ? 0 : 0.5;

describe("estimateRisks", () => {
  const rejected: Candidate = {
    pool: samplePool("t3.large"),
    rejection: { code: "TYPE_BURSTABLE", sentence: "is burstable" },
  };
  const accepted: Candidate = {
    pool: samplePool("m5.large"),
    spotHourlyUsd: 0.04,
    onDemandHourlyUsd: 0.1,
  };

  it("puts horizon, version and probability on those still in, and keeps the rejected as they are", () => {
    const model = findModel();
    const policy = policyWith({ horizonHours: 48 });
    const [first, second, ...none] = estimateRisks({
      candidates: [rejected, accepted],
      market: sampleMarket,
      policy,
      model,
    });
    expect(none).toEqual([]);
    expect(first).toEqual(rejected);
    expect(second).toEqual({
      ...accepted,
      risk: {
        // Midpoint of <5 %: 2.5 % in 730 h.
        probability: expect.closeTo(1 - Math.exp((48 * Math.log(1 - 0.025)) / 730), 12),
        horizonHours: 48,
        modelVersion: defaultModelVersion,
      },
    });
  });

  it("asks the model nothing but what riskQuestions says beforehand", () => {
    const asked: RiskFeatures[] = [];
    const model = {
      version: "noting",
      probability: (features: RiskFeatures): number => {
        asked.push(features);
        return 0;
      },
    };
    const input = {
      candidates: [rejected, accepted],
      market: sampleMarket,
      policy: policyWith({ horizonHours: 48 }),
    };
    estimateRisks({ ...input, model });
    expect(riskQuestions(input)).toEqual({ features: asked, horizonHours: 48 });
    expect(asked).toHaveLength(1);
  });

  const here = { zoneId: "use1-az4", instanceType: "m5.large" };
  const fleet: FleetFacts = {
    instances: 9,
    pools: [{ ...here, launchedAt: [hoursBefore(40), hoursBefore(20), hoursBefore(30)] }],
    joining: 3,
  };
  /** Of the three that stand there it lost a fourth. */
  const market = { ...sampleMarket, losses: [{ ...here, at: hoursBefore(2), held: 3 }] };
  const fleetInput = {
    candidates: [accepted],
    market,
    policy: policyWith(),
    fleet,
    isStandingJudged: true,
  };

  it("asks of a pool to hold one more than it holds of the fleet, and one more for each that joins", () => {
    const model = { version: "v", probability: (features: RiskFeatures) => streakRisk(features) };
    const joined = { ...market, losses: [{ ...here, at: hoursBefore(2), held: 4 }] };
    const [offer] = estimateRisks({ ...fleetInput, market: joined, model });
    // The fourth is held still, the fifth and sixth are not.
    expect(offer?.risk?.probability).toBe(0);
    expect(offer?.laterProbabilities).toEqual([0.5, 0.5]);
  });

  it("says it once where it is the same for each that joins", () => {
    const [offer] = estimateRisks({ ...fleetInput, model: findModel() });
    expect(offer?.laterProbabilities).toBeUndefined();
  });

  it("judges what stands in a pool by how long that has held it", () => {
    const model = { version: "v", probability: (features: RiskFeatures) => streakRisk(features) };
    const stayingIn = (change: Partial<typeof fleetInput>) =>
      estimateRisks({ ...fleetInput, ...change, model })[0]?.staying;
    expect(stayingIn({})).toEqual({ probability: 0, horizonHours: 24, modelVersion: "v" });
    const falling = { ...market, losses: [{ ...here, at: hoursBefore(2), held: 2 }] };
    expect(stayingIn({ market: falling })?.probability).toBe(0.5);
  });

  it("judges what stands in a pool that the filter rejects, and nothing where nothing stands or nobody asks", () => {
    const model = findModel();
    const stayingOf = (change: object) =>
      estimateRisks({ ...fleetInput, ...change, model })[0]?.staying;
    const out = { ...accepted, rejection: { code: "QUARANTINED", sentence: "is out" } };
    expect(stayingOf({ candidates: [out] })).toBeDefined();
    expect(stayingOf({ isStandingJudged: false })).toBeUndefined();
    expect(stayingOf({ fleet: { ...fleet, pools: [] } })).toBeUndefined();
    const { spotHourlyUsd: _unknown, ...unpriced } = out;
    expect(stayingOf({ candidates: [unpriced] })).toBeUndefined();
  });

  it("asks nothing but what riskQuestions says, of a fleet too", () => {
    const asked: RiskFeatures[] = [];
    const model = {
      version: "noting",
      probability: (features: RiskFeatures): number => {
        asked.push(features);
        return 0;
      },
    };
    estimateRisks({ ...fleetInput, model });
    const { features } = riskQuestions(fleetInput);
    expect(new Set(features)).toEqual(new Set(asked));
    expect(features).toHaveLength(asked.length);
    expect(asked).toHaveLength(4);
  });
});
