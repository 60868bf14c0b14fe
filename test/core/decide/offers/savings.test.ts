import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { hourlySaving } from "../../../../core/decide/offers/offer-cost.ts";
import { estimateSavings } from "../../../../core/decide/offers/savings.ts";
import { currentJudgementVersion } from "../../../../core/model/judgement-version.ts";
import { policyWith } from "./choice-samples.ts";

describe("estimated savings", () => {
  it.each([
    [
      "of the plain difference",
      [0.096, 0.03, 0],
      { hourlyUsd: 0.066, monthlyUsd: 48.18, percent: 68.75 },
    ],
    ["less what is covered", [0.1, 0.03, 0.02], { hourlyUsd: 0.05, monthlyUsd: 36.5, percent: 50 }],
    [
      "at a limit, without noise",
      [0.2, 0.17, 0],
      { hourlyUsd: 0.03, monthlyUsd: 21.9, percent: 15 },
    ],
    ["that are a loss", [0.1, 0.03, 0.1], { hourlyUsd: -0.03, monthlyUsd: -21.9, percent: -30 }],
    ["of nothing", [0, 0, 0], { hourlyUsd: 0, monthlyUsd: 0, percent: 0 }],
  ] as const)(
    "are those %s",
    (_, [beforeHourlyUsd, afterHourlyUsd, coveredHourlyUsd], expected) => {
      expect(estimateSavings({ beforeHourlyUsd, afterHourlyUsd, coveredHourlyUsd })).toEqual(
        expected,
      );
    },
  );

  it("are those by which offers are chosen", () => {
    const price = fc.double({ min: 0.001, max: 50, noNaN: true });
    fc.assert(
      fc.property(price, price, price, (beforeHourlyUsd, afterHourlyUsd, coveredHourlyUsd) => {
        const policy = policyWith({ coveredHourlyUsd });
        expect(
          estimateSavings({ beforeHourlyUsd, afterHourlyUsd, coveredHourlyUsd }).hourlyUsd,
        ).toBeCloseTo(
          hourlySaving(afterHourlyUsd, {
            policy,
            onDemandHourlyUsd: beforeHourlyUsd,
            judgementVersion: currentJudgementVersion,
          }),
          5,
        );
      }),
    );
  });
});
