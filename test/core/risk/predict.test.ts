import { describe, expect, it } from "@jest/globals";
import type { Candidate } from "../../../core/model/offer.ts";
import { estimateRisks, riskQuestions } from "../../../core/risk/predict.ts";
import type { RiskFeatures } from "../../../core/risk/model.ts";
import { defaultModelVersion, findModel } from "../../../core/risk/registry.ts";
import { policyWith, sampleMarket, samplePool } from "../decide/offers/choice-samples.ts";

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
});
