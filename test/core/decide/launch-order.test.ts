import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { subnetsFor } from "../../../core/decide/launch-order.ts";
import type { SubnetFacts } from "../../../core/model/market.ts";
import { samplePool } from "./choice-samples.ts";
import { plainInstance } from "./eligible-facts.ts";
import { fullInstance } from "./full-instance.ts";

const subnet = (subnetId: string, change: Partial<SubnetFacts> = {}): SubnetFacts => ({
  subnetId,
  zoneId: "use1-az4",
  zoneName: "us-east-1a",
  freeAddresses: 9,
  egress: "nat",
  ...change,
});

const idsFor = (
  subnets: readonly SubnetFacts[],
  { zoneId = "use1-az4", instance = plainInstance } = {},
): readonly string[] =>
  subnetsFor(samplePool("m5.large", zoneId), instance, subnets).map(({ subnetId }) => subnetId);

const own = subnet(plainInstance.subnetId);
const elsewhere = { zoneId: "use1-az1", zoneName: "us-east-1b" };

describe("the subnets of a launch", () => {
  it("begin with the original's own, then go by free addresses", () => {
    const subnets = [subnet("subnet-8", { freeAddresses: 3 }), subnet("subnet-9"), own];
    expect(idsFor(subnets)).toEqual([own.subnetId, "subnet-9", "subnet-8"]);
  });

  it("are of the pool's zone, and have a free address", () => {
    const subnets = [own, subnet("subnet-2", elsewhere), subnet("subnet-3", { freeAddresses: 0 })];
    expect(idsFor(subnets)).toEqual([own.subnetId]);
    expect(idsFor(subnets, elsewhere)).toEqual(["subnet-2"]);
  });

  it("are only the original's own where a private address travels", () => {
    expect(idsFor([own, subnet("subnet-9")], { instance: fullInstance })).toEqual([own.subnetId]);
  });

  it("are none when the facts do not show the original's own", () => {
    expect(idsFor([subnet("subnet-9")])).toEqual([]);
  });

  it("are only the original's own when its way to the internet is not known", () => {
    const egress = "unknown";
    const subnets = [
      { ...own, egress } as const,
      subnet("subnet-9", { egress }),
      subnet("subnet-2", { ...elsewhere, egress }),
    ];
    expect(idsFor(subnets)).toEqual([own.subnetId]);
    expect(idsFor(subnets, elsewhere)).toEqual([]);
  });
});

const anySubnet = fc.record({
  subnetId: fc.constantFrom("subnet-1", "subnet-2", "subnet-3", "subnet-4"),
  zoneId: fc.constantFrom("use1-az1", "use1-az4"),
  zoneName: fc.constant("us-east-1a"),
  freeAddresses: fc.integer({ min: 0, max: 3 }),
  egress: fc.constantFrom("internet-gateway", "nat", "other", "none", "unknown"),
} as const);

describe("the subnets of a launch, whatever the VPC", () => {
  it("never change the way to the internet", () => {
    const vpcs = fc.uniqueArray(anySubnet, { selector: ({ subnetId }) => subnetId });
    fc.assert(
      fc.property(vpcs, fc.constantFrom("use1-az1", "use1-az4"), (subnets, zoneId) => {
        const before = subnets.find(({ subnetId }) => subnetId === plainInstance.subnetId);
        const chosen = subnetsFor(samplePool("m5.large", zoneId), plainInstance, subnets);
        for (const { subnetId, egress } of chosen) {
          expect(egress).toBe(before?.egress);
          expect(egress !== "unknown" || subnetId === before?.subnetId).toBe(true);
        }
      }),
    );
  });
});
