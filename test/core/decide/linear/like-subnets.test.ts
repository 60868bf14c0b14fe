import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { likeSubnets } from "../../../../core/decide/linear/like-subnets.ts";
import type { InstanceFacts } from "../../../../core/model/instance.ts";
import type { SubnetFacts } from "../../../../core/model/market.ts";
import { plainInstance } from "../linear/eligible-facts.ts";
import { fullInstance } from "../linear/full-instance.ts";

const subnet = (subnetId: string, change: Partial<SubnetFacts> = {}): SubnetFacts => ({
  subnetId,
  zoneId: "use1-az4",
  zoneName: "us-east-1a",
  freeAddresses: 9,
  egress: "nat",
  ...change,
});

const own = subnet(plainInstance.subnetId);

const idsFor = (
  subnets: readonly SubnetFacts[],
  instance: InstanceFacts = plainInstance,
): readonly string[] => likeSubnets(instance, subnets).map(({ subnetId }) => subnetId);

describe("subnets like the original's", () => {
  it("are its own and those with the same way to the internet, in any zone", () => {
    const subnets = [
      subnet("subnet-8", { zoneId: "use1-az1" }),
      subnet("subnet-9", { egress: "internet-gateway" }),
      own,
    ];
    expect(idsFor(subnets)).toEqual(["subnet-8", own.subnetId]);
  });

  it("are only its own where a private address travels", () => {
    expect(idsFor([own, subnet("subnet-9")], fullInstance)).toEqual([own.subnetId]);
  });

  it("are only its own when the way of it is not known, though others are not known either", () => {
    const egress = "unknown";
    expect(idsFor([subnet("subnet-9", { egress }), { ...own, egress }])).toEqual([own.subnetId]);
  });

  it("are none when the facts do not show its own", () => {
    expect(idsFor([subnet("subnet-9")])).toEqual([]);
  });
});

const anySubnet = fc.record({
  subnetId: fc.constantFrom("subnet-1", "subnet-2", "subnet-3", "subnet-4"),
  zoneId: fc.constantFrom("use1-az1", "use1-az4"),
  zoneName: fc.constant("us-east-1a"),
  freeAddresses: fc.integer({ min: 0, max: 3 }),
  egress: fc.constantFrom("internet-gateway", "nat", "other", "none", "unknown"),
} as const);

describe("subnets like the original's, whatever the VPC", () => {
  it("never change the way to the internet", () => {
    const vpcs = fc.uniqueArray(anySubnet, { selector: ({ subnetId }) => subnetId });
    fc.assert(
      fc.property(vpcs, (subnets) => {
        const before = subnets.find(({ subnetId }) => subnetId === plainInstance.subnetId);
        for (const { subnetId, egress } of likeSubnets(plainInstance, subnets)) {
          expect(egress).toBe(before?.egress);
          expect(egress !== "unknown" || subnetId === before?.subnetId).toBe(true);
        }
      }),
    );
  });
});
