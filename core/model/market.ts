/** The Spot market: what a region sells, which an evaluation shares with others, and what it sees for itself. */

/** Inferentia and Trainium, FPGAs, video transcoders: all that is neither CPU nor GPU, and that a load is built for. */
export interface AcceleratorFacts {
  readonly kind: "inference" | "neuron" | "fpga" | "media";
  readonly name: string;
  readonly count: number;
  /** Of all of them together. */
  readonly memoryMib: number;
}

/** Age of a type among those that count in the same way: 5 of `general` for m5, c5d and t3; 2 of `inf` for inf2. */
export interface Generation {
  readonly scale: string;
  readonly number: number;
}

/** How many EBS volumes a type takes at most. */
export interface AttachmentLimit {
  /** Root included; with one network interface where the limit is shared. */
  readonly volumes: number;
  /** Each further network interface takes the place of a volume. */
  readonly isShared: boolean;
}

/** An instance's processor as its owner sees it. */
export interface CpuOptionsFacts {
  readonly coreCount: number;
  readonly threadsPerCore: number;
}

export interface InstanceTypeFacts {
  readonly instanceType: string;
  readonly vcpu: number;
  /** What an instance has whose launch asked for nothing else. Absent in facts that were read before this was. */
  readonly defaultCpu?: CpuOptionsFacts;
  readonly memoryMib: number;
  readonly architectures: readonly string[];
  readonly gpuCount: number;
  readonly gpuMemoryMib: number;
  readonly gpuName?: string;
  /** Absent in facts that were read before this was. */
  readonly accelerators?: readonly AcceleratorFacts[];
  /** Baseline bandwidth in Gbit/s. */
  readonly networkGbps: number;
  /** Baseline EBS throughput in MB/s; 0 where the type has no dedicated EBS bandwidth. */
  readonly ebsMbps: number;
  /** Absent where EC2 does not say it, and in facts that were read before this was. */
  readonly attachments?: AttachmentLimit;
  readonly instanceStoreGb: number;
  readonly maxNetworkInterfaces: number;
  readonly ipv4PerInterface: number;
  /** 0 without IPv6. Absent in facts that were read before this was. */
  readonly ipv6PerInterface?: number;
  /** The guest must have an ENA driver. Absent in facts that were read before this was. */
  readonly requiresEna?: boolean;
  /** Of traffic with other instances that do so as well. Absent in facts that were read before this was. */
  readonly encryptsTraffic?: boolean;
  /** Strategies of placement groups that take it. Absent in facts that were read before this was. */
  readonly placementStrategies?: readonly string[];
  /** Absent in facts that were read before this was. */
  readonly nitroTpm?: boolean;
  readonly supportsSpot: boolean;
  readonly bareMetal: boolean;
  readonly burstable: boolean;
  /** AWS's word, which it takes away from types that sell well (m5, r6i) as soon as there are newer ones. */
  readonly currentGeneration: boolean;
  /** Absent in facts that were read before this was. */
  readonly generation?: Generation;
  /** `nitro`, `xen` or empty: a Xen guest may not boot on Nitro and the reverse. */
  readonly hypervisor: string;
  readonly virtualizationTypes: readonly string[];
  readonly bootModes: readonly string[];
}

/** Pool = region + zone id + instance type + product. */
export interface Pool {
  readonly region: string;
  readonly zoneId: string;
  readonly instanceType: string;
  readonly product: string;
}

/** `region#zoneId#type#product`. */
export const poolKey = (pool: Pool): string =>
  `${pool.region}#${pool.zoneId}#${pool.instanceType}#${pool.product}`;

export interface SpotPrice {
  readonly zoneId: string;
  readonly instanceType: string;
  readonly hourlyUsd: number;
  /** ISO 8601: when this price began. */
  readonly since: string;
}

/** Spot Advisor: band of the interruption frequency over the last month, region-wide. */
export interface AdvisorBand {
  readonly instanceType: string;
  /** Index into the feed's ranges, 0 = lowest. */
  readonly band: number;
  /** As the feed labels it, for instance `5-10%`. */
  readonly label: string;
  /** Bounds of the range, in percent; max of the last range is 100. */
  readonly minPercent: number;
  readonly maxPercent: number;
}

/** A loss of an instance in a pool, from the herd memory. ISO 8601. */
export interface PoolLoss {
  readonly zoneId: string;
  readonly instanceType: string;
  readonly at: string;
  /**
   * How many instances of the target that is judged the pool held right after: for as many it had capacity still. Absent: none, or
   * it was another target's loss, which speaks against the pool however many are wanted.
   */
  readonly held?: number;
}

/** A launch that a pool refused for want of capacity, from the herd memory. ISO 8601. */
type CapacityRefusal = PoolLoss;

export interface PlacementScore {
  readonly zoneId: string;
  /** 1 (unlikely) to 10 (very likely). */
  readonly score: number;
}

/**
 * Where a subnet's IPv4 default route leads: to an internet gateway (a public subnet), a NAT gateway, anything else
 * (an instance, an interface, a transit or virtual private gateway …), or nowhere. `unknown`: EC2 shows no route
 * table for it.
 */
export type SubnetEgress = "internet-gateway" | "nat" | "other" | "none" | "unknown";

/** A subnet that a replacement could be launched into. */
export interface SubnetFacts {
  readonly subnetId: string;
  readonly zoneId: string;
  readonly zoneName: string;
  readonly freeAddresses: number;
  readonly egress: SubnetEgress;
  /** Within which Elastic IPs of its zone may move. Absent in facts that were read before this was, or where EC2 does not say it. */
  readonly borderGroup?: string;
}

export interface ReservedCoverage {
  /** Instances of this type and platform that Reserved Instances cover in the region. */
  readonly reservedCount: number;
  /** Running On-Demand instances of that type in the region, this one included. Not counted, and 0, where nothing is reserved. */
  readonly runningCount: number;
  /** Those that other switches of the region were about to take away, and that are not counted. Absent: none was asked for. */
  readonly leaving?: readonly string[];
}

/** What a region's market sells one product for: the same for all who ask within a quarter of an hour. */
export interface RegionMarket {
  readonly region: string;
  /** Spot product description, for instance `Linux/UNIX`. */
  readonly product: string;
  /** When it was read, ISO 8601. A feed that could not be read then is older: each has its own time. */
  readonly readAt: string;
  readonly types: readonly InstanceTypeFacts[];
  /** Zone ids in which a type is offered at all. */
  readonly offerings: readonly { readonly instanceType: string; readonly zoneId: string }[];
  readonly spotPrices: readonly SpotPrice[];
  /** When the Spot prices were fetched, ISO 8601; that of the last good copy when it was used. */
  readonly spotPricesFetchedAt: string;
  readonly onDemand: readonly { readonly instanceType: string; readonly hourlyUsd: number }[];
  /** When the On-Demand prices were fetched, ISO 8601. */
  readonly onDemandFetchedAt: string;
  readonly bands: readonly AdvisorBand[];
  /** When the bands were fetched, ISO 8601. */
  readonly bandsFetchedAt: string;
}

/** Losses and refusals of pools, from the herd memory: read anew for each evaluation, because a loss of a minute ago counts. */
export interface PoolMemory {
  readonly losses: readonly PoolLoss[];
  /** Absent in records older than the feature. */
  readonly refusals?: readonly CapacityRefusal[];
  readonly quarantined: readonly {
    readonly poolKey: string;
    readonly until: string;
    readonly reason: string;
  }[];
}

/** Where one target's replacement could go: what the customer has there, and what was asked for its types alone. */
export interface PlacementFacts {
  readonly subnets: readonly SubnetFacts[];
  readonly reserved: ReservedCoverage;
  /** By type, of members of a group that have another than its template. Absent: none has. */
  readonly reservedOthers?: Readonly<Record<string, ReservedCoverage>>;
  readonly placementScores: readonly PlacementScore[];
}

/** What an evaluation saw for itself when it looked at the market. */
export interface MarketView extends PoolMemory, PlacementFacts {
  /** ISO 8601; the "now" of every decision made from these facts. */
  readonly observedAt: string;
}

/** All that offers are judged on beside need and policy: the region's market, and the evaluation's own view of it. */
export interface MarketFacts extends RegionMarket, MarketView {}

/** Names the stored market of a region. */
export interface MarketReference {
  readonly region: string;
  readonly product: string;
  /** Of its canonical JSON, hexadecimal SHA-256. */
  readonly digest: string;
}
