import { describe, expect, it } from "@jest/globals";
import { comparableTypes } from "../../../../core/decide/offers/comparable-types.ts";
import {
  m5Large,
  needing,
  openMarket,
  openPolicy,
  plainInstance,
  r5Large,
  type OfferFacts,
} from "../linear/eligible-facts.ts";

const typesFor = (facts: OfferFacts): readonly string[] => comparableTypes(needing(facts));

const input: OfferFacts = { instance: plainInstance, market: openMarket, policy: openPolicy() };

describe("the types whose placement score is asked for", () => {
  it("are all that could take the instance, each once, sorted", () => {
    expect(typesFor(input)).toEqual(["m5.large", "r5.large"]);
  });

  it("do not depend on prices, bands, scores, losses or quarantine: AWS limits new sets of types", () => {
    const emptied = {
      ...openMarket,
      spotPrices: [],
      bands: [],
      placementScores: [],
      losses: [],
      quarantined: [
        {
          poolKey: "us-east-1#use1-az1#m5.large#Linux/UNIX",
          until: "2030-01-01T00:00:00.000Z",
          reason: "lost",
        },
      ],
    };
    expect(typesFor({ ...input, market: emptied })).toEqual(typesFor(input));
  });

  it("leave out what is unlike the original, or excluded by the policy", () => {
    const small = { ...m5Large, instanceType: "m5.small", vcpu: 1 };
    const market = {
      ...openMarket,
      types: [m5Large, r5Large, small],
      offerings: [...openMarket.offerings, { instanceType: "m5.small", zoneId: "use1-az1" }],
    };
    const policy = openPolicy({ excludedTypes: ["r5"] });
    expect(typesFor({ ...input, market })).toEqual(["m5.large", "r5.large"]);
    expect(typesFor({ ...input, market, policy })).toEqual(["m5.large"]);
  });

  it("are none where the original's type is not known", () => {
    const market = { ...openMarket, types: [r5Large] };
    expect(typesFor({ ...input, market })).toEqual([]);
  });
});
