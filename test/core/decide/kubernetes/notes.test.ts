import { describe, expect, it } from "@jest/globals";
import { notesOnNodes } from "../../../../core/decide/kubernetes/notes.ts";
import type { MarketedFacts } from "../../../../core/model/evaluation.ts";
import { openMarket } from "../linear/eligible-facts.ts";
import { nodesPolicy, plainView, podOn, selfManaged } from "./plain-nodes.ts";

/** So many pods on the first node, and so many free addresses in each subnet of the market. */
const crowded = (pods: number, freeAddresses: number): MarketedFacts<"KUBERNETES"> => ({
  ...selfManaged,
  view: {
    ...plainView,
    pods: Array.from({ length: pods }, (_, index) => ({
      ...podOn(1),
      name: `web-${String(index)}`,
      uid: `uid-web-${String(index)}`,
    })),
  },
  market: {
    ...openMarket,
    subnets: openMarket.subnets.map((subnet) => ({ ...subnet, freeAddresses })),
  },
});

const told = (facts: MarketedFacts<"KUBERNETES">, version: 4 | 5 = 5): string =>
  notesOnNodes(facts, nodesPolicy(), version) ?? "";

describe("a node with more pods than its subnets have free addresses", () => {
  it("is told of, with both numbers, and is not refused: nobody can tell whether pods take these", () => {
    expect(told(crowded(12, 5))).toContain(
      "Node node-1 runs 12 pods, and no subnet of its group in use1-az4 has more than 5 free addresses",
    );
  });

  it("and nothing is told where as many are free", () => {
    expect(told(crowded(12, 12))).not.toContain("free address");
  });

  it("and nothing is told by the rules of an older record", () => {
    expect(told(crowded(12, 5), 4)).not.toContain("free address");
  });
});

describe("nodes behind classic load balancers", () => {
  const facts = {
    ...selfManaged,
    market: openMarket,
    classicLoadBalancers: [
      { name: "shop", instanceIds: ["i-1"] },
      { name: "web", instanceIds: ["i-1", "i-2"] },
    ],
  };

  it("are told of by the names of these", () => {
    expect(told(facts)).toContain("Classic load balancers (shop and web) send requests");
  });

  it("are not, by the rules of an older record, nor where there are none", () => {
    expect(told(facts, 4)).not.toContain("Classic");
    expect(told({ ...selfManaged, market: openMarket })).not.toContain("Classic");
  });
});
