import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { filterCandidates } from "../../../../core/decide/offers/candidates.ts";
import type { InstanceFacts } from "../../../../core/model/instance.ts";
import {
  poolKey,
  type InstanceTypeFacts,
  type MarketFacts,
  type SubnetEgress,
  type SubnetFacts,
} from "../../../../core/model/market.ts";
import {
  rejectionCodes,
  type Candidate,
  type RejectionCode,
} from "../../../../core/model/offer.ts";
import type { LoadBalancerFacts } from "../../../../core/model/target-group.ts";
import type { Policy } from "../../../../core/policy/policy.ts";
import { advisorBands, hoursBefore, observedAt } from "./choice-samples.ts";
import {
  dataVolume,
  m5Large,
  needing,
  openMarket,
  openPolicy,
  plainInstance,
  primaryEni,
  r5Large,
  rootVolume,
  secondaryEni,
  type OfferFacts,
} from "../linear/eligible-facts.ts";

const candidatesFor = (input: OfferFacts): readonly Candidate[] => filterCandidates(needing(input));

const openInput: OfferFacts = {
  instance: plainInstance,
  market: openMarket,
  policy: openPolicy(),
};
const withMarket = (change: Partial<MarketFacts>): OfferFacts => ({
  ...openInput,
  market: { ...openMarket, ...change },
});
const withInstance = (change: Partial<InstanceFacts>): OfferFacts => ({
  ...openInput,
  instance: { ...plainInstance, ...change },
});
const withTargetGroup = (loadBalancers: readonly LoadBalancerFacts[]): OfferFacts =>
  withInstance({ targetGroups: [{ arn: "tg-1", port: 80, loadBalancers }] });
const withPolicy = (change: Partial<Policy>, input = openInput): OfferFacts => ({
  ...input,
  policy: openPolicy(change),
});
/** r5.large is the candidate under test, m5.large the original's type. */
const withTypes = (
  candidate: Partial<InstanceTypeFacts>,
  original: Partial<InstanceTypeFacts> = {},
): OfferFacts =>
  withMarket({
    types: [
      { ...m5Large, ...original },
      { ...r5Large, ...candidate },
    ],
  });

const rejectionOf = (candidate: Candidate | undefined) => candidate?.rejection;
const r5In = (input: OfferFacts, zoneId: string): Candidate | undefined =>
  candidatesFor(input).find(
    ({ pool }) => pool.instanceType === "r5.large" && pool.zoneId === zoneId,
  );

const t4 = { gpuCount: 1, gpuName: "T4", gpuMemoryMib: 16384 };
const inferentia = { kind: "neuron", name: "Inferentia", count: 1, memoryMib: 8192 } as const;
const general = (number: number) => ({ scale: "general", number });
const quarantine = (until: string): OfferFacts =>
  withMarket({
    quarantined: [
      {
        poolKey: "us-east-1#use1-az1#r5.large#Linux/UNIX",
        until,
        reason: "interrupted a PROD instance",
      },
    ],
  });

/** Three hours before the market was looked at. */
const lossInR5 = { zoneId: "use1-az1", instanceType: "r5.large", at: hoursBefore(3) };

/** The open market's subnets, with another way to the internet for one of them. */
const withEgress = (egress: SubnetEgress, subnetId: string): readonly SubnetFacts[] =>
  openMarket.subnets.map((found) => (found.subnetId === subnetId ? { ...found, egress } : found));

/** Given where the offers are priced, from the risk that this filter does not know. */
const codesOfChoice: readonly RejectionCode[] = [
  "SAVES_TOO_LITTLE",
  "RISK_OVER_LIMIT",
  "TYPE_WITHOUT_ROOM",
  "TYPE_NOT_OF_NODE_GROUP",
  "STANDS_THERE",
];

/** One case for each code: r5.large in use1-az1 is rejected for it, with these words. */
const cases: Readonly<Partial<Record<RejectionCode, readonly [OfferFacts, string]>>> = {
  TYPE_OF_ORIGINAL_UNKNOWN: [withMarket({ types: [r5Large] }), "m5.large"],
  TYPE_NOT_SPOT: [withTypes({ supportsSpot: false }), "is not sold as Spot"],
  TYPE_UNLIKE_VCPU: [withTypes({ vcpu: 1 }), "has 1 vCPU, the original has 2 vCPU"],
  TYPE_UNLIKE_MEMORY: [
    withTypes({ memoryMib: 4096 }),
    "has 4096 MiB of memory, the original has 8192",
  ],
  TYPE_UNLIKE_ARCHITECTURE: [
    withTypes({ architectures: ["arm64"] }),
    "runs arm64, the original is x86_64",
  ],
  TYPE_UNLIKE_GPU: [withTypes({}, t4), "has no GPU, the original has 1 × T4 with 16384 MiB"],
  TYPE_UNLIKE_ACCELERATOR: [
    withTypes({}, { accelerators: [inferentia] }),
    "has no other accelerator, the original has 1 × Inferentia (neuron) with 8192 MiB",
  ],
  TYPE_UNLIKE_NETWORK: [withTypes({ networkGbps: 0.5 }), "has 0.5 Gbit/s of baseline network"],
  TYPE_UNLIKE_EBS: [withTypes({ ebsMbps: 50 }), "has 50 MB/s of baseline EBS throughput"],
  TYPE_UNLIKE_INSTANCE_STORE: [
    withTypes({}, { instanceStoreGb: 75 }),
    "has 0 GB of instance store, the original has 75 GB",
  ],
  TYPE_UNLIKE_INTERFACES: [
    {
      ...withTypes({ maxNetworkInterfaces: 1 }),
      instance: { ...plainInstance, networkInterfaces: [primaryEni, secondaryEni] },
    },
    "takes 1 network interfaces, the original uses 2",
  ],
  TYPE_UNLIKE_ADDRESSES: [
    {
      ...withTypes({ ipv4PerInterface: 1 }),
      instance: {
        ...plainInstance,
        networkInterfaces: [
          {
            ...primaryEni,
            privateAddresses: [
              ...primaryEni.privateAddresses,
              { privateIp: "10.0.0.11", primary: false },
            ],
          },
        ],
      },
    },
    "takes 1 IPv4 addresses per interface, the original uses 2",
  ],
  TYPE_UNLIKE_HYPERVISOR: [withTypes({ hypervisor: "xen" }), "runs on xen, the original on nitro"],
  TYPE_UNLIKE_BOOT_MODE: [withTypes({ bootModes: ["uefi"] }), "does not boot by legacy-bios"],
  TYPE_UNLIKE_ATTACHMENTS: [
    {
      ...withTypes({ attachments: { volumes: 2, isShared: true } }),
      instance: {
        ...plainInstance,
        volumes: [rootVolume, dataVolume],
        networkInterfaces: [primaryEni, secondaryEni],
      },
    },
    "takes 1 EBS volumes beside 2 network interfaces, the original uses 2",
  ],
  TYPE_UNLIKE_CPU_OPTIONS: [
    {
      ...withTypes({}, { defaultCpu: { coreCount: 1, threadsPerCore: 2 } }),
      instance: { ...plainInstance, cpuOptions: { coreCount: 1, threadsPerCore: 1 } },
    },
    "can't be given the original's CPU options (1 cores of 1 threads), which belong to m5.large",
  ],
  TYPE_UNLIKE_PLACEMENT: [
    {
      ...withTypes({ placementStrategies: ["spread"] }),
      instance: { ...plainInstance, placementGroup: { name: "ring", strategy: "partition" } },
    },
    "can't be in a partition placement group, as the original is",
  ],
  TYPE_UNLIKE_TPM: [
    { ...withTypes({ nitroTpm: false }), instance: { ...plainInstance, tpm: "v2.0" } },
    "has no NitroTPM",
  ],
  TYPE_BARE_METAL: [withTypes({ bareMetal: true }), "is bare metal"],
  TYPE_BURSTABLE: [withTypes({ burstable: true }), "allow_burstable"],
  TYPE_PREVIOUS_GENERATION: [withTypes({ currentGeneration: false }), "allow_previous_generation"],
  TYPE_OVERSIZED: [withTypes({ vcpu: 16 }), "has 8 times the vCPU of the original (16 to 2)"],
  TYPE_EXCLUDED_BY_POLICY: [withPolicy({ excludedTypes: ["r5"] }), "excluded_types (r5)"],
  NO_SUBNET_IN_ZONE: [
    withMarket({ subnets: openMarket.subnets.slice(0, 1) }),
    "has no subnet in vpc-1",
  ],
  NO_LIKE_SUBNET_IN_ZONE: [
    withMarket({ subnets: withEgress("internet-gateway", "subnet-2") }),
    "has no subnet with a default route like that of the original's subnet-1 (nat): subnet-2 has internet-gateway",
  ],
  ADDRESS_CANNOT_FOLLOW: [
    {
      ...withMarket({
        subnets: openMarket.subnets.map((found) => ({
          ...found,
          borderGroup: found.subnetId === "subnet-1" ? "us-east-1" : "us-east-1-nyc-1",
        })),
      }),
      instance: {
        ...plainInstance,
        networkInterfaces: [
          {
            ...primaryEni,
            privateAddresses: [
              { privateIp: "10.0.0.10", primary: true, allocationId: "eipalloc-1" },
            ],
          },
        ],
      },
    },
    "is in network border group us-east-1-nyc-1, and the original's Elastic IPs can't leave us-east-1",
  ],
  NO_FREE_ADDRESS: [
    withMarket({ subnets: openMarket.subnets.map((found) => ({ ...found, freeAddresses: 0 })) }),
    "has no free address (subnet-2: 0)",
  ],
  ZONE_PINNED: [
    withInstance({ volumes: [rootVolume, dataVolume] }),
    "is not in use1-az4, where data volume vol-data is",
  ],
  ZONE_NOT_SERVED: [
    withTargetGroup([{ arn: "lb-1", zoneIds: ["use1-az4", "use1-az6"] }]),
    "would get no traffic: load balancer lb-1 of target group tg-1 serves use1-az4, use1-az6",
  ],
  NO_SPOT_PRICE: [withMarket({ spotPrices: [] }), "has no known Linux/UNIX Spot price"],
  NO_ON_DEMAND_PRICE: [
    withMarket({ onDemand: openMarket.onDemand.slice(0, 1) }),
    "has no known Linux/UNIX On-Demand price",
  ],
  NO_INTERRUPTION_BAND: [
    withMarket({ bands: [] }),
    `has no interruption band in the Spot Advisor feed of ${openMarket.bandsFetchedAt}`,
  ],
  BAND_OVER_LIMIT: [
    withMarket({ bands: [{ instanceType: "r5.large", ...advisorBands.over20 }] }),
    "is interrupted >20% a month (from 20 %), and max_band_percent is 20 %",
  ],
  QUARANTINED: [
    quarantine("2025-03-02T00:00:00.000Z"),
    "is in quarantine until 2025-03-02T00:00:00.000Z: interrupted a PROD instance",
  ],
  PRICE_OVER_CAP: [
    withPolicy({ maxPricePercent: 30 }),
    "costs $0.0300/h, over the cap of $0.0288/h (30 % of the original's $0.0960/h)",
  ],
};

describe("the candidate filter", () => {
  it("keeps every pool of like types, with what the market knows of it", () => {
    const candidates = candidatesFor(openInput);
    expect(candidates.map(({ pool }) => `${pool.instanceType} ${pool.zoneId}`)).toEqual([
      "m5.large use1-az1",
      "m5.large use1-az4",
      "r5.large use1-az1",
      "r5.large use1-az4",
    ]);
    expect(candidates.every((candidate) => candidate.rejection === undefined)).toBe(true);
    expect(candidates[2]).toEqual({
      pool: {
        region: "us-east-1",
        zoneId: "use1-az1",
        instanceType: "r5.large",
        product: "Linux/UNIX",
      },
      spotHourlyUsd: 0.03,
      onDemandHourlyUsd: 0.126,
      band: 1,
      bandLabel: "5-10%",
      placementScore: 9,
    });
  });

  it("has a case for every code that it may give", () => {
    const given = rejectionCodes.filter((code) => !codesOfChoice.includes(code));
    expect(Object.keys(cases).sort()).toEqual([...given].sort());
  });

  it.each(Object.entries(cases))("rejects for %s, with the figures", (code, [input, words]) => {
    const rejection = rejectionOf(r5In(input, "use1-az1"));
    expect(rejection?.code).toBe(code);
    expect(rejection?.sentence).toContain(words);
    expect(rejection?.sentence).not.toMatch(/\.$|undefined|NaN/);
  });

  it.each(Object.entries(cases).filter(([code]) => code.startsWith("TYPE_")))(
    "gives one row for a type that is out as a whole: %s",
    (_, [input]) => {
      const rows = candidatesFor(input).filter(({ pool }) => pool.instanceType === "r5.large");
      expect(rows.map(({ pool }) => pool.zoneId)).toEqual(["use1-az1"]);
    },
  );
});

describe("the candidate filter with gaps in the market's lists", () => {
  it("has no row for a type that the region does not offer", () => {
    const offerings = openMarket.offerings.filter(
      ({ instanceType }) => instanceType !== "r5.large",
    );
    expect(candidatesFor(withMarket({ offerings })).map(({ pool }) => pool.instanceType)).toEqual([
      "m5.large",
      "m5.large",
    ]);
  });

  it("takes the latest of several prices of a pool", () => {
    const older = { instanceType: "r5.large", zoneId: "use1-az1", hourlyUsd: 0.09 };
    const input = withMarket({
      spotPrices: [...openMarket.spotPrices, { ...older, since: hoursBefore(30) }],
    });
    expect(r5In(input, "use1-az1")?.spotHourlyUsd).toBe(0.03);
  });

  it("keeps out of a pool for the hours of a ban, counted from its last loss", () => {
    const earlier = { ...lossInR5, at: hoursBefore(9) };
    const elsewhere = { ...lossInR5, zoneId: "use1-az4", at: hoursBefore(1) };
    const input = withMarket({ losses: [lossInR5, earlier, elsewhere] });
    const banned = withPolicy({ quarantine: { mode: "ban", hours: 4 } }, input);
    expect(r5In(banned, "use1-az1")?.rejection).toEqual({
      code: "QUARANTINED",
      sentence: `took an instance 3 h ago (${lossInR5.at}), and the policy bans a pool for 4 h after that`,
    });
  });

  it("can't judge the price cap without the original's own price", () => {
    const input = withMarket({ onDemand: openMarket.onDemand.slice(1) });
    const rejection = rejectionOf(r5In(input, "use1-az4"));
    expect(rejection?.code).toBe("NO_ON_DEMAND_PRICE");
    expect(rejection?.sentence).toContain("the original's m5.large");
  });
});

const secondaryIp = {
  ...primaryEni,
  privateAddresses: [...primaryEni.privateAddresses, { privateIp: "10.0.0.11", primary: false }],
};

describe("the candidate filter takes what is not a reason", () => {
  it.each([
    [
      "a burstable type for a burstable original",
      withTypes({ burstable: true }, { burstable: true }),
    ],
    [
      "a burstable type, if allowed",
      withPolicy({ allowBurstable: true }, withTypes({ burstable: true })),
    ],
    [
      "an old generation, if allowed",
      withPolicy({ allowPreviousGeneration: true }, withTypes({ currentGeneration: false })),
    ],
    [
      "the original's generation, and newer, whatever AWS calls it",
      withTypes(
        { currentGeneration: false, generation: general(6) },
        { currentGeneration: false, generation: general(5) },
      ),
    ],
    [
      "as many volumes where interfaces don't count",
      {
        ...withTypes({ attachments: { volumes: 2, isShared: false } }),
        instance: {
          ...plainInstance,
          zoneId: "use1-az1",
          volumes: [rootVolume, dataVolume],
          networkInterfaces: [primaryEni, primaryEni],
        },
      },
    ],
    [
      "any type for the original's default CPU options",
      {
        ...withTypes({}, { defaultCpu: { coreCount: 1, threadsPerCore: 2 } }),
        instance: { ...plainInstance, cpuOptions: { coreCount: 1, threadsPerCore: 2 } },
      },
    ],
    [
      "the same accelerator",
      withTypes({ accelerators: [inferentia] }, { accelerators: [inferentia] }),
    ],
    ["a quarantine that is over", quarantine(observedAt)],
    ["a loss without a ban", withMarket({ losses: [lossInR5] })],
    [
      "a loss as old as the ban lasts",
      withPolicy({ quarantine: { mode: "ban", hours: 3 } }, withMarket({ losses: [lossInR5] })),
    ],
    ["the same GPU for a GPU", withTypes(t4, t4)],
    ["a price at the cap", withPolicy({ maxPricePercent: 31.25 })],
    ["exactly maxOversize times the size", withTypes({ vcpu: 8, memoryMib: 32768 })],
    [
      "more boot modes than needed",
      withTypes({ bootModes: ["legacy-bios", "uefi", "uefi-preferred"] }),
    ],
    ["an exclusion of another family", withPolicy({ excludedTypes: ["r5a", "r5.xlarge"] })],
    [
      "another zone for data volumes that stay behind",
      withPolicy({ consistency: "stateless" }, withInstance({ volumes: [rootVolume, dataVolume] })),
    ],
  ])("%s", (_, input) => {
    expect(r5In(input, "use1-az1")).toBeDefined();
    expect(rejectionOf(r5In(input, "use1-az1"))).toBeUndefined();
  });
});

describe("the candidate filter keeps the replacement where traffic reaches it", () => {
  const served = (zoneIds: readonly string[]) => ({ arn: `lb-${zoneIds.join("-")}`, zoneIds });

  it("by the zones that every load balancer of every group serves", () => {
    const input = withInstance({
      targetGroups: [
        { arn: "tg-1", port: 80, loadBalancers: [served(["use1-az1", "use1-az4"])] },
        { arn: "tg-2", port: 80, loadBalancers: [served(["use1-az4"])] },
      ],
    });
    expect(rejectionOf(r5In(input, "use1-az4"))).toBeUndefined();
    expect(rejectionOf(r5In(input, "use1-az1"))).toEqual({
      code: "ZONE_NOT_SERVED",
      sentence:
        "would get no traffic: load balancer lb-use1-az4 of target group tg-2 serves use1-az4",
    });
  });

  it.each([
    ["a load balancer that has the zone", [served(["use1-az1", "use1-az4"])]],
    ["no load balancer at all", []],
  ])("and lets %s take the zone", (_, loadBalancers) => {
    expect(rejectionOf(r5In(withTargetGroup(loadBalancers), "use1-az1"))).toBeUndefined();
  });

  it("and judges a record from before load balancers were read as it was judged", () => {
    const input = withInstance({ targetGroups: [{ arn: "tg-1", port: 80 }] });
    expect(rejectionOf(r5In(input, "use1-az1"))).toBeUndefined();
  });

  it("and says so of a load balancer without any zone", () => {
    expect(rejectionOf(r5In(withTargetGroup([served([])]), "use1-az1"))?.sentence).toContain(
      "serves no zone",
    );
  });
});

describe("the candidate filter keeps what moves where it can", () => {
  it("for every kind of pin by one code, in the words of the mode that states the need", () => {
    const interfaces = withInstance({ networkInterfaces: [primaryEni, secondaryEni] });
    expect(rejectionOf(r5In(interfaces, "use1-az1"))).toEqual({
      code: "ZONE_PINNED",
      sentence: "is not in use1-az4, where secondary interface eni-1 must stay",
    });
  });

  it("in the original's zone, if pinned to it", () => {
    const pinned = withInstance({
      volumes: [rootVolume, dataVolume],
      networkInterfaces: [secondaryIp, secondaryEni],
    });
    expect(rejectionOf(r5In(pinned, "use1-az4"))).toBeUndefined();
    expect(rejectionOf(r5In(pinned, "use1-az1"))?.code).toBe("ZONE_PINNED");
  });

  it("in the original's subnet, if it has secondary private addresses", () => {
    const [own] = openMarket.subnets;
    if (own === undefined) throw new Error("The open market has no subnet.");
    const subnets = [
      { ...own, freeAddresses: 0 },
      { ...own, subnetId: "subnet-3", freeAddresses: 9 },
    ];
    const plain = withMarket({ subnets });
    expect(rejectionOf(r5In(plain, "use1-az4"))).toBeUndefined();
    const pinned = {
      ...plain,
      instance: { ...plainInstance, networkInterfaces: [secondaryIp] },
    };
    expect(rejectionOf(r5In(pinned, "use1-az4"))?.code).toBe("NO_FREE_ADDRESS");
  });
});

describe("the candidate filter and the way to the internet", () => {
  it.each<[string, readonly SubnetFacts[]]>([
    ["a public subnet for a private original", withEgress("internet-gateway", "subnet-2")],
    ["a private subnet for a public original", withEgress("internet-gateway", "subnet-1")],
    ["a subnet without a default route", withEgress("none", "subnet-2")],
    ["a subnet of which nothing is known", withEgress("unknown", "subnet-2")],
    [
      "any other subnet when nothing is known of the original's",
      openMarket.subnets.map((found) => ({ ...found, egress: "unknown" })),
    ],
    ["any subnet when the facts lack the original's own", openMarket.subnets.slice(1)],
  ])("never takes %s", (_, subnets) => {
    expect(rejectionOf(r5In(withMarket({ subnets }), "use1-az1"))?.code).toBe(
      "NO_LIKE_SUBNET_IN_ZONE",
    );
  });

  it("takes the original's own subnet, even if its way is not known", () => {
    const input = withMarket({ subnets: withEgress("unknown", "subnet-1") });
    expect(rejectionOf(r5In(input, "use1-az4"))).toBeUndefined();
  });

  it("counts the free addresses of like subnets only", () => {
    const [, other] = openMarket.subnets;
    if (other === undefined) throw new Error("The open market has one subnet.");
    const subnets: readonly SubnetFacts[] = [
      ...openMarket.subnets.slice(0, 1),
      { ...other, freeAddresses: 0 },
      { ...other, subnetId: "subnet-3", egress: "internet-gateway" },
    ];
    const rejection = rejectionOf(r5In(withMarket({ subnets }), "use1-az1"));
    expect(rejection?.code).toBe("NO_FREE_ADDRESS");
    expect(rejection?.sentence).toBe("has no free address (subnet-2: 0)");
  });
});

describe("the candidate filter does not take", () => {
  it.each([
    ["another model", { ...t4, gpuName: "A10G", gpuMemoryMib: 24576 }, t4, "TYPE_UNLIKE_GPU"],
    ["fewer", t4, { ...t4, gpuCount: 2 }, "TYPE_UNLIKE_GPU"],
    ["one that the original lacks", t4, {}, "TYPE_OVERSIZED"],
  ])("a GPU that is %s", (...[, candidate, original, code]) => {
    expect(rejectionOf(r5In(withTypes(candidate, original), "use1-az1"))?.code).toBe(code);
  });

  it.each([
    ["another model", { ...inferentia, name: "Trainium" }, inferentia, "TYPE_UNLIKE_ACCELERATOR"],
    ["another kind", { ...inferentia, kind: "media" }, inferentia, "TYPE_UNLIKE_ACCELERATOR"],
    ["fewer", inferentia, { ...inferentia, count: 2 }, "TYPE_UNLIKE_ACCELERATOR"],
    ["smaller", inferentia, { ...inferentia, memoryMib: 16384 }, "TYPE_UNLIKE_ACCELERATOR"],
    ["one that the original lacks", inferentia, undefined, "TYPE_OVERSIZED"],
  ] as const)("an accelerator that is %s", (...[, candidate, original, code]) => {
    const input = withTypes(
      { accelerators: [candidate] },
      { accelerators: original === undefined ? [] : [original] },
    );
    expect(rejectionOf(r5In(input, "use1-az1"))?.code).toBe(code);
  });

  it.each([
    ["an older generation", general(4), general(5)],
    ["one that counts otherwise", { scale: "i", number: 7 }, general(5)],
    ["one of which it is not known", undefined, general(5)],
    ["any, where it is not known of the original", general(9), undefined],
  ])("%s that AWS calls previous", (...[, candidate, original]) => {
    const aged = (generation: typeof candidate): Partial<InstanceTypeFacts> => ({
      currentGeneration: false,
      ...(generation === undefined ? {} : { generation }),
    });
    expect(rejectionOf(r5In(withTypes(aged(candidate), aged(original)), "use1-az1"))?.code).toBe(
      "TYPE_PREVIOUS_GENERATION",
    );
  });

  it.each([
    [
      "fewer IPv6 addresses",
      { ipv6PerInterface: 1 },
      { networkInterfaces: [{ ...primaryEni, ipv6Count: 2 }] },
      "TYPE_UNLIKE_ADDRESSES",
    ],
    [
      "ENA for a guest without",
      { requiresEna: true },
      { enaSupport: false },
      "TYPE_UNLIKE_NETWORK",
    ],
  ])("a type with %s", (...[, candidate, instance, code]) => {
    const input = { ...withTypes(candidate), instance: { ...plainInstance, ...instance } };
    expect(rejectionOf(r5In(input, "use1-az1"))?.code).toBe(code);
  });

  it("another zone than that of a cluster placement group", () => {
    const placementGroup = { name: "ring", strategy: "cluster" };
    const input = { ...openInput, instance: { ...plainInstance, placementGroup } };
    expect(rejectionOf(r5In(input, "use1-az1"))?.sentence).toBe(
      "is not in use1-az4, where cluster placement group ring is",
    );
  });

  it("a type without a kind of virtualization that the original's has", () => {
    const input = withTypes({}, { virtualizationTypes: ["hvm", "paravirtual"] });
    expect(rejectionOf(r5In(input, "use1-az1"))?.sentence).toBe(
      "does not run paravirtual guests, as the original's type does",
    );
  });

  it("far more memory than the original's", () => {
    const input = withTypes({ memoryMib: 65536 });
    expect(rejectionOf(r5In(input, "use1-az1"))?.sentence).toContain("8 times the memory");
  });
});

const typeNames = ["m5.large", "r5.large", "c5.large", "t3.large", "m5.metal"];
const zoneIds = ["use1-az1", "use1-az2", "use1-az4"];
const allPools = typeNames.flatMap((instanceType) =>
  zoneIds.map((zoneId) => ({ instanceType, zoneId })),
);

/** Figures near the original's and few odd traits, so that some pass and most of them narrowly. */
const anyType = fc.record({
  vcpu: fc.integer({ min: 1, max: 6 }),
  memoryMib: fc.integer({ min: 7000, max: 16000 }),
  networkGbps: fc.double({ min: 0.7, max: 1, noNaN: true }),
  ebsMbps: fc.integer({ min: 75, max: 120 }),
  bareMetal: fc.constantFrom(false, false, false, true),
  supportsSpot: fc.constantFrom(true, true, true, false),
  hypervisor: fc.constantFrom("nitro", "nitro", "nitro", "xen"),
});

const inputs: fc.Arbitrary<OfferFacts> = fc
  .record({
    traits: fc.tuple(...typeNames.slice(1).map(() => anyType)),
    offerings: fc.shuffledSubarray(allPools, { minLength: 8 }),
    priced: fc.shuffledSubarray(allPools, { minLength: 8 }),
    onDemand: fc.shuffledSubarray(typeNames, { minLength: 3 }),
    hourlyUsd: fc.double({ min: 0.001, max: 0.12, noNaN: true }),
  })
  .map(({ traits, offerings, priced, onDemand, hourlyUsd }) =>
    withMarket({
      types: [
        m5Large,
        ...traits.map((drawn, index) => ({
          ...m5Large,
          ...drawn,
          instanceType: typeNames[index + 1] ?? "",
        })),
      ],
      offerings,
      spotPrices: priced.map((pool) => ({ ...pool, hourlyUsd, since: observedAt })),
      onDemand: ["m5.large", ...onDemand].map((instanceType) => ({
        instanceType,
        hourlyUsd: 0.096,
      })),
      bands: typeNames.map((instanceType) => ({ instanceType, ...advisorBands.under5 })),
    }),
  );

/** All that a pool which passed must be at least, by its facts. */
const shortcomings = (type: InstanceTypeFacts, original: InstanceTypeFacts): readonly string[] =>
  (["vcpu", "memoryMib", "networkGbps", "ebsMbps"] as const).filter(
    (dimension) => type[dimension] < original[dimension],
  );

const typeNamed = (input: OfferFacts, name: string): InstanceTypeFacts => {
  const found = input.market.types.find((type) => type.instanceType === name);
  if (found === undefined) throw new Error(`No type ${name} among the facts.`);
  return found;
};

const passedBy = (input: OfferFacts): readonly Candidate[] =>
  candidatesFor(input).filter((candidate) => candidate.rejection === undefined);

describe("the candidate filter, whatever the market", () => {
  it("never passes a pool that is worse than the original, not offered, or without its prices", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        for (const { pool, ...known } of passedBy(input)) {
          const type = typeNamed(input, pool.instanceType);
          expect(shortcomings(type, typeNamed(input, "m5.large"))).toEqual([]);
          expect([type.bareMetal, type.supportsSpot]).toEqual([false, true]);
          const { instanceType, zoneId } = pool;
          expect(input.market.offerings).toContainEqual({ instanceType, zoneId });
          expect(known.spotHourlyUsd).toBeGreaterThan(0);
          expect(known.onDemandHourlyUsd).toBeGreaterThan(0);
          expect(known.band).toBeDefined();
        }
      }),
    );
  });

  it("has each pool once, in one order, however the market's lists are ordered", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const candidates = candidatesFor(input);
        const keys = candidates.map(({ pool }) => poolKey(pool));
        expect(new Set(keys).size).toBe(keys.length);
        const { market } = input;
        const turned = {
          ...market,
          types: [...market.types].reverse(),
          offerings: [...market.offerings].reverse(),
        };
        expect(candidatesFor({ ...input, market: turned })).toEqual(candidates);
      }),
    );
  });

  it("passes no more pools when the owner asks for more", () => {
    const passed = (input: OfferFacts) => passedBy(input).map(({ pool }) => poolKey(pool));
    fc.assert(
      fc.property(inputs, fc.integer({ min: 1, max: 100 }), (input, maxPricePercent) => {
        const all = passed(input);
        const stricter = withPolicy({ maxPricePercent, maxBandPercent: 5, maxOversize: 2 }, input);
        expect(all).toEqual(expect.arrayContaining(passed(stricter)));
      }),
    );
  });
});
