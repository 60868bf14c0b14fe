import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { filterCandidates } from "../../../../core/decide/offers/candidates.ts";
import { chooseOffers } from "../../../../core/decide/offers/choice.ts";
import type { Need } from "../../../../core/decide/offers/need.ts";
import { compareWayBack } from "../../../../core/decide/offers/way-back.ts";
import type { Offer } from "../../../../core/model/offer.ts";
import { callsForAction } from "../../../../core/model/verdict.ts";
import { estimateRisks } from "../../../../core/risk/predict.ts";
import { m5Large } from "../linear/eligible-facts.ts";
import { policyWith, sampleMarket, sampleNeed, samplePool } from "./choice-samples.ts";

const need: Need = { ...sampleNeed, purchase: "ON_DEMAND", subnetIds: ["subnet-1"] };

const offer = (instanceType: string, onDemandHourlyUsd: number | undefined): Offer => ({
  pool: samplePool(instanceType),
  purchase: "ON_DEMAND",
  ...(onDemandHourlyUsd === undefined ? {} : { onDemandHourlyUsd }),
});

const choose = (offers: readonly Offer[]) =>
  chooseOffers({
    need,
    market: { ...sampleMarket, bandsFetchedAt: "2020-01-01T00:00:00.000Z", onDemand: [] },
    policy: policyWith(),
    policyVersion: "pol-1",
    offers,
    modelVersion: "streak-1",
    judgementVersion: 2,
    lastSwitchAt: sampleMarket.observedAt,
  });

describe("the way back that was asked for", () => {
  it("goes to the type that its owner had, and then to the cheapest, whatever Spot costs and however old its prices are", () => {
    const { verdict } = choose([
      offer("m6i.large", undefined),
      offer("m5a.large", 0.2),
      offer("m6a.large", 0.1),
      offer("m5.large", 0.3),
    ]);
    expect(verdict).toMatchObject({ kind: "FALLBACK_ON_DEMAND", reason: "ASKED_FOR" });
    expect(verdict.offers.map(({ instanceType }) => instanceType)).toEqual([
      "m5.large",
      "m6a.large",
      "m5a.large",
      "m6i.large",
    ]);
    expect(verdict.savings).toBeUndefined();
    expect(callsForAction(verdict)).toBe(true);
  });

  it("is refused where no type can take it, with the reasons of the first", () => {
    const rejection = { code: "ZONE_PINNED", sentence: "is not in use1-az4" } as const;
    const { verdict } = choose([{ ...offer("m5.large", 0.1), rejection }]);
    expect(verdict).toMatchObject({ kind: "REFUSE", reason: "NO_CANDIDATE", offers: [] });
    expect(verdict.sentence).toContain("m5.large in use1-az4 is not in use1-az4");
    expect(callsForAction(verdict)).toBe(false);
  });

  it("orders the same offers in one way, however they are listed", () => {
    const priced = fc.record({
      instanceType: fc.constantFrom("m5.large", "m5a.large", "m6i.large"),
      price: fc.option(fc.constantFrom(0.1, 0.2), { nil: undefined }),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(priced, { selector: ({ instanceType }) => instanceType }),
        (found) => {
          const offers = found.map(({ instanceType, price }) => offer(instanceType, price));
          const order = (listed: readonly Offer[]) =>
            listed.toSorted((one, other) => compareWayBack(need, one, other));
          expect(order(offers)).toEqual(order(offers.toReversed()));
        },
      ),
    );
  });
});

describe("candidates for the way back", () => {
  const market = {
    ...sampleMarket,
    types: [{ ...m5Large, currentGeneration: false, supportsSpot: false }],
    offerings: [{ instanceType: "m5.large", zoneId: "use1-az4" }],
    onDemand: [],
    bands: [],
    subnets: [
      {
        subnetId: "subnet-1",
        zoneId: "use1-az4",
        zoneName: "us-east-1a",
        freeAddresses: 5,
        egress: "nat" as const,
      },
    ],
  };

  it("have the owner's type among them, whatever the policy and the market say of it on Spot", () => {
    const policy = policyWith({ excludedTypes: ["m5"], allowPreviousGeneration: false });
    const candidates = filterCandidates({ need, market, policy });
    expect(candidates).toEqual([{ pool: samplePool("m5.large"), purchase: "ON_DEMAND" }]);
    // EC2 takes nothing back that was bought On-Demand: no model is asked.
    const model = {
      version: "never-asked",
      probability: () => {
        throw new Error("The model was asked.");
      },
    };
    expect(estimateRisks({ candidates, market, policy, model })).toEqual(candidates);
  });
});
