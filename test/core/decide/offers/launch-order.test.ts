import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  emptiedLast,
  nextLaunch,
  quotaClass,
  subnetsFor,
} from "../../../../core/decide/offers/launch-order.ts";
import {
  launchRefusals,
  type FailedOffer,
  type LaunchRefusal,
} from "../../../../core/model/swap.ts";
import type { InstanceFacts } from "../../../../core/model/instance.ts";
import { poolKey, type Pool, type SubnetFacts } from "../../../../core/model/market.ts";
import { needOfInstance } from "../../../../core/decide/linear/need.ts";
import { observedAt, samplePool } from "./choice-samples.ts";
import { openPolicy, plainInstance, primaryEni, secondaryEni } from "../linear/eligible-facts.ts";

/** The code is for readers: no decision depends on it. */
const failed = (
  pool: Pool,
  kind: LaunchRefusal = "NO_CAPACITY",
  code = "AnyCode",
): FailedOffer => ({
  pool,
  kind,
  code,
  at: observedAt,
});

const offers = [
  samplePool("m6i.large", "use1-az1"),
  samplePool("m6i.large", "use1-az2"),
  samplePool("g5.xlarge", "use1-az1"),
  samplePool("c6i.xlarge", "use1-az4"),
  samplePool("gr6.4xlarge", "use1-az4"),
];
const [m6iAz1, m6iAz2, g5, c6i, gr6] = offers as [Pool, Pool, Pool, Pool, Pool];

describe("the order for a call that asks one pool", () => {
  it("has those that had no room a moment ago last, and that in which something may have been launched first", () => {
    const keys = (...pools: readonly Pool[]) => new Set(pools.map(poolKey));
    expect(emptiedLast(offers, { begun: keys(), emptied: keys(m6iAz1, c6i) })).toEqual([
      m6iAz2,
      g5,
      gr6,
      m6iAz1,
      c6i,
    ]);
    expect(emptiedLast(offers, { begun: keys(c6i), emptied: keys(m6iAz1, c6i) })).toEqual([
      c6i,
      m6iAz2,
      g5,
      gr6,
      m6iAz1,
    ]);
    expect(emptiedLast(offers, { begun: keys(), emptied: keys(...offers) })).toEqual(offers);
  });
});

describe("the next launch", () => {
  it.each<{
    readonly when: string;
    readonly before: readonly FailedOffer[];
    readonly pool: Pool;
  }>([
    { when: "nothing was tried", before: [], pool: m6iAz1 },
    { when: "the first pool is empty", before: [failed(m6iAz1)], pool: m6iAz2 },
    {
      when: "both pools of a type are empty",
      before: [failed(m6iAz1), failed(m6iAz2)],
      pool: g5,
    },
    {
      when: "the Standard quota is used up: no pool of that class",
      before: [failed(m6iAz1, "QUOTA")],
      pool: g5,
    },
    {
      when: "the Standard quota is used up, by a code that was not heard of before",
      before: [failed(m6iAz1, "QUOTA", "Client.VcpuLimitExceeded")],
      pool: g5,
    },
    {
      when: "a pool can't serve the request, by a code that sounds like a quota",
      before: [failed(m6iAz1, "UNSUITABLE", "VcpuLimitExceeded")],
      pool: m6iAz2,
    },
    {
      when: "the G and VT quota is used up: the other families of that class are skipped too",
      before: [failed(m6iAz1), failed(m6iAz2), failed(g5, "QUOTA")],
      pool: c6i,
    },
    {
      when: "a subnet was full: the type is tried in its other zone",
      before: [failed(m6iAz1, "NO_ADDRESSES")],
      pool: m6iAz2,
    },
  ])("when $when", ({ before, pool }) => {
    expect(nextLaunch(offers, before)).toEqual({
      kind: "TRY",
      pool,
      attempt: before.length + 1,
    });
  });

  it("does not come when each pool was tried, and says what each answered", () => {
    const next = nextLaunch(
      [m6iAz1, c6i],
      [
        failed(m6iAz1, "NO_CAPACITY", "InsufficientInstanceCapacity"),
        failed(c6i, "UNSUITABLE", "SpotMaxPriceTooLow"),
      ],
    );
    expect(next).toEqual({
      kind: "EXHAUSTED",
      sentence:
        "No offer gave capacity (m6i.large in use1-az1: InsufficientInstanceCapacity; c6i.xlarge in use1-az4: SpotMaxPriceTooLow).",
    });
  });

  it("does not come when the quotas of all classes are used up", () => {
    const next = nextLaunch(offers, [failed(m6iAz1, "QUOTA"), failed(gr6, "QUOTA")]);
    expect(next.kind).toBe("EXHAUSTED");
  });

  it("never tries a pool twice, keeps the order, and comes to an end", () => {
    const kind = fc.constantFrom(...launchRefusals);
    fc.assert(
      fc.property(fc.infiniteStream(kind), (kinds) => {
        const tried: FailedOffer[] = [];
        for (const answer of kinds) {
          const next = nextLaunch(offers, tried);
          if (next.kind === "EXHAUSTED") break;
          tried.push(failed(next.pool, answer));
        }
        const keys = tried.map(({ pool }) => poolKey(pool));
        const places = tried.map(({ pool }) => offers.indexOf(pool));
        expect(new Set(keys).size).toBe(keys.length);
        expect(places).toEqual([...places].sort((one, other) => one - other));
      }),
    );
  });
});

describe("the quota class of a type", () => {
  it.each([
    ["m5.large", "standard"],
    ["c7gn.medium", "standard"],
    ["r6id.xlarge", "standard"],
    ["t3.micro", "standard"],
    ["i4i.large", "standard"],
    ["im4gn.large", "standard"],
    ["d3en.xlarge", "standard"],
    ["z1d.large", "standard"],
    ["a1.large", "standard"],
    ["h1.2xlarge", "standard"],
    ["g5.xlarge", "g-and-vt"],
    ["gr6.4xlarge", "g-and-vt"],
    ["vt1.3xlarge", "g-and-vt"],
    ["p4d.24xlarge", "p"],
    ["x2idn.16xlarge", "x"],
    ["f1.2xlarge", "f"],
    ["dl1.24xlarge", "dl"],
    ["inf2.xlarge", "inf"],
    ["trn1.2xlarge", "trn"],
    ["hpc7a.12xlarge", "hpc"],
    ["u-6tb1.112xlarge", "high-memory"],
    ["u7i-12tb.224xlarge", "high-memory"],
  ])("%s is %s", (instanceType, expected) => {
    expect(quotaClass(instanceType)).toBe(expected);
  });
});

describe("the subnets of a pool", () => {
  const subnet = (
    subnetId: string,
    zoneId: string,
    rest: Partial<SubnetFacts> = {},
  ): SubnetFacts => ({
    subnetId,
    zoneId,
    zoneName: zoneId,
    freeAddresses: 20,
    egress: "nat",
    ...rest,
  });
  const pool = samplePool("m6i.large", "use1-az4");
  const own = subnet("subnet-1", "use1-az4", { freeAddresses: 3 });
  const original: InstanceFacts = { ...plainInstance, subnetId: "subnet-1" };
  const subnetsOf = (of: InstanceFacts, into: Pool, subnets: readonly SubnetFacts[]) =>
    subnetsFor(into, needOfInstance(of, openPolicy(), subnets), subnets);
  const ids = (subnets: readonly SubnetFacts[], of: InstanceFacts = original): readonly string[] =>
    subnetsOf(of, pool, subnets).map(({ subnetId }) => subnetId);

  it("are the original's own first, then those with most free addresses", () => {
    const others = [
      subnet("subnet-small", "use1-az4", { freeAddresses: 5 }),
      subnet("subnet-b", "use1-az4", { freeAddresses: 50 }),
      subnet("subnet-a", "use1-az4", { freeAddresses: 50 }),
    ];
    expect(ids([...others, own])).toEqual(["subnet-1", "subnet-a", "subnet-b", "subnet-small"]);
  });

  it("lie in the pool's zone, and have a free address", () => {
    const others = [
      subnet("subnet-elsewhere", "use1-az1"),
      subnet("subnet-full", "use1-az4", { freeAddresses: 0 }),
    ];
    expect(ids([own, ...others])).toEqual(["subnet-1"]);
    expect(ids([{ ...own, freeAddresses: 0 }, ...others])).toEqual([]);
  });

  it("have the same way to the internet as the original's", () => {
    const publicOne = subnet("subnet-public", "use1-az4", { egress: "internet-gateway" });
    expect(ids([own, publicOne])).toEqual(["subnet-1"]);
  });

  it("are none when the facts do not show the original's own", () => {
    expect(ids([subnet("subnet-other", "use1-az4")])).toEqual([]);
  });

  it("are its own only, when its way to the internet is not known", () => {
    const unknown = { egress: "unknown" } as const;
    const others = [subnet("subnet-other", "use1-az4", unknown)];
    expect(ids([{ ...own, ...unknown }, ...others])).toEqual(["subnet-1"]);
  });

  it("never change the way to the internet, whatever the VPC", () => {
    const anySubnet = fc.record({
      subnetId: fc.constantFrom("subnet-1", "subnet-2", "subnet-3", "subnet-4"),
      zoneId: fc.constantFrom("use1-az1", "use1-az4"),
      zoneName: fc.constant("us-east-1a"),
      freeAddresses: fc.integer({ min: 0, max: 3 }),
      egress: fc.constantFrom("internet-gateway", "nat", "other", "none", "unknown"),
    } as const);
    const vpcs = fc.uniqueArray(anySubnet, { selector: ({ subnetId }) => subnetId });
    fc.assert(
      fc.property(vpcs, fc.constantFrom("use1-az1", "use1-az4"), (subnets, zoneId) => {
        const before = subnets.find(({ subnetId }) => subnetId === original.subnetId);
        const chosen = subnetsOf(original, samplePool("m5.large", zoneId), subnets);
        for (const { subnetId, egress } of chosen) {
          expect(egress).toBe(before?.egress);
          expect(egress !== "unknown" || subnetId === before?.subnetId).toBe(true);
        }
      }),
    );
  });

  it("are none in a zone that a load balancer of the original does not serve", () => {
    const behind = (zoneIds: readonly string[]): InstanceFacts => ({
      ...original,
      targetGroups: [{ arn: "tg-1", port: 80, loadBalancers: [{ arn: "lb-1", zoneIds }] }],
    });
    expect(ids([own], behind(["use1-az1"]))).toEqual([]);
    expect(ids([own], behind(["use1-az1", "use1-az4"]))).toEqual(["subnet-1"]);
  });

  it("are its own only, where secondary private addresses travel", () => {
    const bound: InstanceFacts = {
      ...original,
      networkInterfaces: [
        {
          ...primaryEni,
          privateAddresses: [
            ...primaryEni.privateAddresses,
            { privateIp: "10.0.0.11", primary: false },
          ],
        },
      ],
    };
    expect(ids([own, subnet("subnet-other", "use1-az4")], bound)).toEqual(["subnet-1"]);
    expect(ids([{ ...own, freeAddresses: 0 }, subnet("subnet-other", "use1-az4")], bound)).toEqual(
      [],
    );
  });

  it("may be others of the zone where only a secondary interface travels, which keeps its own subnet", () => {
    const withInterface: InstanceFacts = {
      ...original,
      networkInterfaces: [primaryEni, secondaryEni],
    };
    expect(ids([own, subnet("subnet-other", "use1-az4")], withInterface)).toEqual([
      "subnet-1",
      "subnet-other",
    ]);
  });
});
