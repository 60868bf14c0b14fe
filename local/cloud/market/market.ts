/**
 * What the simulated cloud has to know of the Spot market. Two markets exist: a made-up one from a seed
 * (`seededMarket`) and one read from recorded files (`recordedMarket`). Times are milliseconds since the epoch.
 */
import type { Pool } from "../../../core/model/market.ts";

/** One instance type as DescribeInstanceTypes tells it. */
export interface InstanceTypeRecord {
  readonly instanceType: string;
  readonly vcpu: number;
  readonly threadsPerCore: number;
  readonly memoryMib: number;
  readonly architectures: readonly string[];
  readonly gpu?: { readonly count: number; readonly name: string; readonly memoryMib: number };
  /** Inferentia, Trainium, FPGAs, video transcoders; memory of each. */
  readonly accelerators?: readonly {
    readonly kind: "inference" | "neuron" | "fpga" | "media";
    readonly name: string;
    readonly count: number;
    readonly memoryMib: number;
  }[];
  /** Baseline bandwidth in Gbit/s. */
  readonly networkGbps: number;
  /** Burst bandwidth in Gbit/s. */
  readonly networkPeakGbps: number;
  /** As the API words it: `Up to 10 Gigabit`, `Moderate` … */
  readonly networkPerformance: string;
  /** Baseline EBS bandwidth in Mbit/s; 0 where the type has no dedicated EBS bandwidth. */
  readonly ebsBaselineMbps: number;
  readonly ebsMaximumMbps: number;
  readonly instanceStore?: { readonly disks: number; readonly gbEach: number };
  /** EBS volumes at most, the root included; shared: each network interface but the first takes the place of one. */
  readonly volumeLimit: { readonly volumes: number; readonly isShared: boolean };
  readonly maxInterfaces: number;
  readonly ipv4PerInterface: number;
  /** `nitro`, `xen`, or empty for bare metal. */
  readonly hypervisor: "nitro" | "xen" | "";
  readonly virtualizationTypes: readonly ("hvm" | "paravirtual")[];
  readonly bootModes: readonly ("legacy-bios" | "uefi")[];
  readonly supportsSpot: boolean;
  readonly bareMetal: boolean;
  readonly burstable: boolean;
  readonly currentGeneration: boolean;
  /** True where a limit is not published in the source at hand but derived from the family (see derive-type.ts). */
  readonly derived: boolean;
}

/** A price that began at that time. */
export interface PriceChange {
  readonly zoneId: string;
  readonly instanceType: string;
  readonly product: string;
  readonly hourlyUsd: number;
  readonly atMs: number;
}

export interface PriceQuery {
  readonly region: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Absent: all. */
  readonly instanceTypes?: readonly string[];
  readonly products?: readonly string[];
  readonly zoneIds?: readonly string[];
}

/** The Spot Advisor's document as AWS serves it. `s` = savings in percent, `r` = index into `ranges`. */
export interface AdvisorDocument {
  readonly ranges: readonly {
    readonly index: number;
    readonly label: string;
    readonly dots: number;
    readonly max: number;
  }[];
  readonly instance_types: Readonly<
    Record<string, { readonly emr: boolean; readonly cores: number; readonly ram_gb: number }>
  >;
  readonly spot_advisor: Readonly<
    Record<
      string,
      Readonly<Record<string, Readonly<Record<string, { readonly s: number; readonly r: number }>>>>
    >
  >;
}

export interface Market {
  readonly regions: readonly string[];
  /** Where the market knows prices from and to; absent: at all times. */
  readonly range?: { readonly startMs: number; readonly endMs: number };
  types(): readonly InstanceTypeRecord[];
  findType(instanceType: string): InstanceTypeRecord | undefined;
  /** Zone ids, for instance `use1-az1`. */
  zones(region: string): readonly string[];
  isOffered(region: string, zoneId: string, instanceType: string): boolean;
  /** USD per hour, or undefined where the pool has no price at that time. */
  spotPrice(pool: Pool, atMs: number): number | undefined;
  /** As DescribeSpotPriceHistory: newest first, the last change before `fromMs` included. */
  priceHistory(query: PriceQuery): readonly PriceChange[];
  /** USD per hour for Linux/UNIX, Windows … or undefined where no price is known. */
  onDemand(region: string, instanceType: string, product: string): number | undefined;
  advisor(): AdvisorDocument;
  /** Spot instances that the pool can hold at that time, ours included. */
  capacity(pool: Pool, atMs: number): number;
}

/** Labels and bounds of the feed's ranges as AWS serves them. Source: the Spot Advisor feed, `spot-advisor-data.json`, `ranges`. */
export const advisorRanges: AdvisorDocument["ranges"] = [
  { index: 0, label: "<5%", dots: 0, max: 5 },
  { index: 1, label: "5-10%", dots: 1, max: 11 },
  { index: 2, label: "10-15%", dots: 2, max: 16 },
  { index: 3, label: "15-20%", dots: 3, max: 22 },
  { index: 4, label: ">20%", dots: 4, max: 100 },
];
