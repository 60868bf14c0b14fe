/** The Spot market as one evaluation saw it: instance types, prices, bands, scores. */

export interface InstanceTypeFacts {
  readonly instanceType: string;
  readonly vcpu: number;
  readonly memoryMib: number;
  readonly architectures: readonly string[];
  readonly gpuCount: number;
  readonly gpuMemoryMib: number;
  readonly gpuName?: string;
  /** Baseline bandwidth in Gbit/s. */
  readonly networkGbps: number;
  /** Baseline EBS throughput in MB/s; 0 where the type has no dedicated EBS bandwidth. */
  readonly ebsMbps: number;
  readonly instanceStoreGb: number;
  readonly maxNetworkInterfaces: number;
  readonly ipv4PerInterface: number;
  readonly supportsSpot: boolean;
  readonly bareMetal: boolean;
  readonly burstable: boolean;
  readonly currentGeneration: boolean;
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
}

export interface ReservedCoverage {
  /** Instances of this type and platform that Reserved Instances cover in the region. */
  readonly reservedCount: number;
  /** Running On-Demand instances of that type in the region, this one included. */
  readonly runningCount: number;
}

export interface MarketFacts {
  readonly region: string;
  /** Spot product description, for instance `Linux/UNIX`. */
  readonly product: string;
  /** ISO 8601; the "now" of every decision made from these facts. */
  readonly observedAt: string;
  readonly types: readonly InstanceTypeFacts[];
  /** Zone ids in which a type is offered at all. */
  readonly offerings: readonly { readonly instanceType: string; readonly zoneId: string }[];
  readonly spotPrices: readonly SpotPrice[];
  readonly onDemand: readonly { readonly instanceType: string; readonly hourlyUsd: number }[];
  readonly bands: readonly AdvisorBand[];
  /** When the bands were fetched, ISO 8601; older than `observedAt` when the last good copy was used. */
  readonly bandsFetchedAt: string;
  /** When the On-Demand prices were fetched, ISO 8601. */
  readonly onDemandFetchedAt: string;
  /** When the Spot prices were fetched, ISO 8601; earlier than `observedAt` when the last good copy was used. */
  readonly spotPricesFetchedAt: string;
  readonly placementScores: readonly PlacementScore[];
  readonly losses: readonly PoolLoss[];
  /** Absent in records older than the feature. */
  readonly refusals?: readonly CapacityRefusal[];
  readonly quarantined: readonly {
    readonly poolKey: string;
    readonly until: string;
    readonly reason: string;
  }[];
  readonly subnets: readonly SubnetFacts[];
  readonly reserved: ReservedCoverage;
}
