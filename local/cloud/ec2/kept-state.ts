/** What a region keeps besides its resources: gateways, what is done to snapshots and images, and the Recycle Bin. Times are milliseconds since the epoch. */
import type { PlacementGroupStrategy } from "@aws-sdk/client-ec2";

export interface PlacementGroupRecord {
  readonly id: string;
  readonly name: string;
  readonly strategy: PlacementGroupStrategy;
}

export interface NatGatewayRecord {
  readonly id: string;
  readonly createdAt: number;
  readonly visibleAt: number;
  tags: Record<string, string>;
  readonly connectivity: "public" | "private";
  readonly availability: "zonal" | "regional";
  /** The main route table leads to it. */
  readonly isRouted: boolean;
}

/** Of a snapshot in a zone. */
export interface FastRestoreRecord {
  readonly snapshotId: string;
  readonly zone: { readonly name: string; readonly id: string };
  readonly ownerId: string;
  readonly enablingAt: number;
  state: "enabling" | "optimizing" | "enabled" | "disabling" | "disabled";
  enabledAt?: number;
  disabledAt?: number;
}

/** On the accounts that use an image. */
export interface UsageReport {
  readonly id: string;
  readonly imageId: string;
  readonly createdAt: number;
  /** What it tells: as it was when it was begun. */
  readonly accountIds: readonly string[];
  state: "pending" | "available" | "error";
}

type BinKind = "volume" | "snapshot" | "image";

/** Of the Recycle Bin. Of a region-level rule `tag` is absent. */
export interface BinRule {
  readonly kind: BinKind;
  readonly days: number;
  readonly tag?: { readonly key: string; readonly value?: string };
}

export interface BinEntry {
  readonly kind: BinKind;
  readonly id: string;
  readonly enteredAt: number;
  readonly exitsAt: number;
  /** When a listing begins to show it. */
  readonly visibleAt: number;
  /** Under its id, as it was. */
  readonly comeBack: () => void;
}

export interface KeptState {
  readonly natGateways: Map<string, NatGatewayRecord>;
  /** By id the load balancer that it leads to. */
  readonly endpointServices: Map<string, string>;
  /** Ids of released addresses that another account has by now. */
  readonly addressesElsewhere: Set<string>;
  /** By snapshot and zone. */
  readonly fastRestores: Map<string, FastRestoreRecord>;
  /** By id. */
  readonly usageReports: Map<string, UsageReport>;
  readonly binRules: BinRule[];
  /** By id. */
  readonly bin: Map<string, BinEntry>;
}

export const emptyKeptState = (): KeptState => ({
  natGateways: new Map(),
  endpointServices: new Map(),
  addressesElsewhere: new Set(),
  fastRestores: new Map(),
  usageReports: new Map(),
  binRules: [],
  bin: new Map(),
});
