import { describe, expect, it } from "@jest/globals";
import { savingsOfSwitch } from "../../../../core/decide/linear/savings-of-switch.ts";
import type { EvaluationFacts } from "../../../../core/model/evaluation.ts";
import {
  observedAt,
  sampleInstance,
  sampleMarket,
  sampleOffer,
  samplePool,
} from "../offers/choice-samples.ts";

const facts: EvaluationFacts<"LINEAR"> = {
  observedAt,
  instance: sampleInstance,
  market: sampleMarket,
};
const first = samplePool("m6i.large", "use1-az1");
const second = samplePool("r5.large", "use1-az4");
const offers = [sampleOffer(first, 0.02), sampleOffer(second, 0.04)];
const policy = { coveredHourlyUsd: 0 };

describe("the saving of a switch", () => {
  it("is against the pool that was taken, not the one that was chosen first", () => {
    expect(savingsOfSwitch({ pool: second, facts, offers, policy })).toEqual({
      hourlyUsd: 0.06,
      monthlyUsd: 43.8,
      percent: 60,
    });
  });

  it("deducts what a Savings Plan pays already, and is negative when Spot costs more than the rest", () => {
    expect(
      savingsOfSwitch({ pool: second, facts, offers, policy: { coveredHourlyUsd: 0.07 } }),
    ).toMatchObject({ hourlyUsd: -0.01, percent: -10 });
  });

  it("is measured by the original's type, whatever type was taken", () => {
    const dearer: EvaluationFacts<"LINEAR"> = {
      ...facts,
      market: {
        ...sampleMarket,
        onDemand: [
          { instanceType: "r5.large", hourlyUsd: 0.5 },
          { instanceType: "m5.large", hourlyUsd: 0.1 },
        ],
      },
    };
    expect(savingsOfSwitch({ pool: second, facts: dearer, offers, policy })?.hourlyUsd).toBe(0.06);
  });

  it.each<{
    readonly what: string;
    readonly change: Partial<Parameters<typeof savingsOfSwitch>[0]>;
  }>([
    { what: "the pool that was taken", change: { pool: undefined } },
    { what: "the facts", change: { facts: undefined } },
    { what: "the market", change: { facts: { observedAt, instance: sampleInstance } } },
    {
      what: "the original's price",
      change: { facts: { ...facts, market: { ...sampleMarket, onDemand: [] } } },
    },
    { what: "the offer that was taken", change: { offers: [sampleOffer(first, 0.02)] } },
    { what: "its Spot price", change: { offers: [{ pool: second }] } },
  ])("is not claimed without $what", ({ change }) => {
    expect(savingsOfSwitch({ pool: second, facts, offers, policy, ...change })).toBeUndefined();
  });
});
