/**
 * All that the simulated EC2 knows, per account and region. Records are mutable and hold each fact once: what
 * can be derived (an instance's volumes, a subnet's free addresses) is derived when it is asked for.
 */
import type {
  CreditSpecificationRequest,
  EnclaveOptionsRequest,
  CpuOptionsRequest,
  HibernationOptionsRequest,
  InstanceMaintenanceOptionsRequest,
  InstanceMetadataOptionsRequest,
  InstanceStatusEvent,
  LaunchPermission,
  PrivateDnsNameOptionsRequest,
  ReservedInstances,
  ResponseLaunchTemplateData,
  RunInstancesCommandInput,
} from "@aws-sdk/client-ec2";
import type { InstanceState } from "../../../core/model/instance.ts";
import type { KeptState, PlacementGroupRecord } from "./kept-state.ts";
import type { Traits } from "./traits.ts";
import type { ManagedTraits } from "./managed-traits.ts";

export type Tags = Record<string, string>;

/** Every resource: `visibleAt` is when reads begin to see it, in milliseconds since the epoch. */
export interface Resource {
  readonly id: string;
  readonly createdAt: number;
  readonly visibleAt: number;
  tags: Tags;
}

export interface Zone {
  name: string;
  readonly id: string;
  /** Of a Local Zone; else it is the region's. */
  borderGroup?: string;
}

/** Where a subnet's default route leads; `other` is an instance that forwards. */
export type Egress = "internet-gateway" | "nat" | "other" | "none";

export interface Subnet extends Resource {
  readonly vpcId: string;
  readonly zone: Zone;
  /** First three numbers of its /24. */
  readonly prefix: string;
  readonly mapPublicIp: boolean;
  readonly egress: Egress;
  /** Addresses that somebody else uses: they are not free. */
  takenElsewhere: number;
}

export interface VolumeAttachmentRecord {
  readonly instanceId: string;
  readonly deviceName: string;
  readonly attachedAt: number;
  state: "attaching" | "attached" | "detaching";
  deleteOnTermination: boolean;
}

export interface Volume extends Resource {
  readonly zone: Zone;
  readonly sizeGib: number;
  readonly volumeType: string;
  readonly iops?: number;
  readonly throughput?: number;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string;
  readonly multiAttach: boolean;
  readonly snapshotId?: string;
  /** What is on the disk: how many acknowledged writes. Carried through snapshots, images and replaced roots. */
  readonly content: { writes: number };
  readonly traits?: Traits["volume"];
  state: "creating" | "available" | "in-use" | "deleting";
  attachments: VolumeAttachmentRecord[];
}

/** May be used by others than its account. */
export interface Shared {
  sharedWith?: readonly LaunchPermission[];
}

export interface Snapshot extends Resource, Shared {
  readonly ownerId: string;
  readonly volumeId: string;
  readonly sizeGib: number;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string;
  readonly description: string;
  readonly content: { writes: number };
  /** By a scenario, not by a call. */
  readonly isDeclared?: boolean;
  readonly traits?: Traits["snapshot"];
  /** When it is completed, if nothing goes wrong. */
  readonly dueAt: number;
  state: "pending" | "completed" | "error";
  stateMessage?: string;
}

export interface ImageDevice {
  readonly deviceName: string;
  /** Absent: an instance store device. */
  readonly snapshotId?: string;
  readonly virtualName?: string;
  readonly sizeGib?: number;
  readonly volumeType?: string;
  readonly iops?: number;
  readonly throughput?: number;
  readonly encrypted?: boolean;
  readonly deleteOnTermination?: boolean;
}

/** What an image passes on to its instances. */
export interface SystemTraits {
  readonly architecture: string;
  readonly platformDetails: string;
  readonly usageOperation: string;
  readonly productCodes: readonly string[];
  readonly virtualizationType: "hvm" | "paravirtual";
  readonly rootDeviceName: string;
  readonly rootDeviceType: "ebs" | "instance-store";
  readonly bootMode?: "legacy-bios" | "uefi" | "uefi-preferred";
}

export interface Image extends Resource, SystemTraits, Shared {
  readonly name: string;
  readonly description: string;
  readonly ownerId: string;
  readonly isPublic: boolean;
  readonly devices: readonly ImageDevice[];
  readonly sourceInstanceId?: string;
  readonly traits?: Traits["image"];
  state: "pending" | "available" | "failed" | "disabled";
  stateReason?: string;
}

export interface InterfaceAttachment {
  readonly attachmentId: string;
  readonly instanceId: string;
  readonly deviceIndex: number;
  readonly networkCardIndex: number;
  readonly attachedAt: number;
  status: "attaching" | "attached" | "detaching";
  deleteOnTermination: boolean;
}

export interface PrivateAddress {
  readonly ip: string;
  readonly primary: boolean;
}

export interface NetworkInterfaceRecord extends Resource {
  readonly subnetId: string;
  readonly mac: string;
  readonly interfaceType: string;
  readonly ipv6: readonly string[];
  description: string;
  groups: readonly string[];
  sourceDestCheck: boolean;
  addresses: PrivateAddress[];
  /** Public IPv4 that EC2 lent (owner `amazon`); lost at stop, or when an Elastic IP takes its place. */
  autoPublicIp?: string | undefined;
  attachment?: InterfaceAttachment | undefined;
  readonly traits?: Traits["networkInterface"];
}

export interface ElasticAddress extends Resource {
  readonly publicIp: string;
  readonly borderGroup: string;
  readonly traits?: Traits["address"];
  association?:
    | {
        readonly associationId: string;
        readonly networkInterfaceId: string;
        readonly privateIp: string;
      }
    | undefined;
}

export interface Instance extends Resource, SystemTraits, ManagedTraits {
  readonly reservationId: string;
  readonly clientToken?: string | undefined;
  /** The version that it was launched from, if any. */
  readonly launchTemplate?: LaunchedFrom | undefined;
  readonly subnetId: string;
  readonly zone: Zone;
  readonly tenancy: string;
  readonly placementGroup?: { readonly name: string; readonly partition?: number | undefined };
  readonly lifecycle?: "spot" | "scheduled" | "capacity-block" | undefined;
  spotRequestId?: string | undefined;
  readonly keyName?: string | undefined;
  profileArn?: string | undefined;
  readonly groups: readonly string[];
  /** Where it takes its capacity from at its next start. */
  capacityChoice: CapacityChoice;
  /** The capacity reservation that it runs in. */
  capacityReservationId?: string | undefined;
  readonly licenses: readonly string[];
  /** EC2 lends it a public IPv4 address at each start. */
  readonly lendsPublicIp: boolean;
  imageId: string;
  instanceType: string;
  userData?: string | undefined;
  monitoring: boolean;
  ebsOptimized: boolean;
  metadata: InstanceMetadataOptionsRequest;
  cpu?: CpuOptionsRequest | undefined;
  credits?: CreditSpecificationRequest | undefined;
  enclave?: EnclaveOptionsRequest | undefined;
  hibernation?: HibernationOptionsRequest | undefined;
  maintenance?: InstanceMaintenanceOptionsRequest | undefined;
  privateDns?: PrivateDnsNameOptionsRequest | undefined;
  disableApiTermination: boolean;
  disableApiStop: boolean;
  shutdownBehavior: "stop" | "terminate";
  state: InstanceState;
  /** Raised with each transition: a job that finds another number was overtaken. */
  transition: number;
  transitionReason: string;
  stateReason?: { readonly code: string; readonly message: string } | undefined;
  launchedAt: number;
  /** When the checks began to count: at `running`, and after a reboot. */
  checksFrom?: number | undefined;
  rebootingUntil?: number | undefined;
  /** When its software answers after the last boot, and the checks pass. Absent: the settings do not tell of it. */
  answersFrom?: number | undefined;
  terminatedAt?: number | undefined;
  /** Root volumes that it has had: their snapshots are of its lineage. */
  rootVolumes: string[];
  /** Snapshot of the root volume at launch, from the image. */
  readonly launchSnapshotId?: string | undefined;
  events: InstanceStatusEvent[];
}

/** Where an instance takes its capacity from when it starts. */
export type CapacityChoice =
  | { readonly preference: "open" | "none" | "capacity-reservations-only" }
  | { readonly reservationId: string }
  | { readonly groupArn: string };

export interface SecurityGroupRule {
  /** `sgr-…` */
  readonly id: string;
  /** `-1` is every protocol. */
  readonly protocol: string;
  readonly fromPort?: number | undefined;
  readonly toPort?: number | undefined;
  /** Range of IPv4 or IPv6 addresses, or a security group. */
  readonly peer: string;
}

export interface SecurityGroup extends Resource {
  readonly name: string;
  readonly description: string;
  /** The VPC's own, or one of a scenario: no call made it. */
  readonly isDeclared: boolean;
  readonly ingress: readonly SecurityGroupRule[];
  egress: readonly SecurityGroupRule[];
}

/** An On-Demand capacity reservation. */
export interface CapacityReservation extends Resource {
  readonly instanceType: string;
  readonly platform: string;
  readonly zone: Zone;
  readonly tenancy: string;
  readonly total: number;
  readonly matches: "open" | "targeted";
  readonly endsAt?: number | undefined;
  state: "pending" | "active" | "cancelled" | "expired";
}

/** Why EC2 takes a Spot Instance: for want of capacity, above its maximum price, or for an experiment of its owner's. */
export type TakenFor = "capacity" | "price" | "experiment";

export interface SpotRequest extends Resource {
  readonly type: "one-time" | "persistent";
  readonly interruptionBehavior: "terminate" | "stop" | "hibernate";
  readonly maxPrice: string;
  readonly zone: Zone;
  readonly product: string;
  /** What a persistent request launches again. */
  readonly launch: RunInstancesCommandInput;
  instanceId?: string | undefined;
  state: "open" | "active" | "closed" | "cancelled" | "disabled" | "failed";
  /** EC2 has announced that it takes the instance, and why. Absent: it has not, or it runs again. */
  taking?: TakenFor | undefined;
  status: { code: string; message: string; at: number };
}

export interface LaunchedFrom {
  readonly id: string;
  readonly name: string;
  readonly version: number;
}

export interface LaunchTemplate extends Resource {
  readonly name: string;
  defaultVersion: number;
  /** The highest number that a version has had: none is given twice. */
  lastVersion: number;
  versions: {
    readonly number: number;
    readonly createdAt: number;
    readonly description: string;
    readonly data: ResponseLaunchTemplateData;
  }[];
}

export interface ReplaceRootTask extends Resource {
  readonly instanceId: string;
  readonly imageId?: string | undefined;
  readonly snapshotId?: string | undefined;
  readonly volumeId?: string | undefined;
  readonly deleteReplaced: boolean;
  /** Seven; the SDK's list lacks `failing-detached`. Source: EC2 API reference, ReplaceRootVolumeTask. */
  state:
    | "pending"
    | "in-progress"
    | "succeeded"
    | "failing"
    | "failed"
    | "failing-detached"
    | "failed-detached";
  completedAt?: number;
}

export interface RegionState {
  readonly accountId: string;
  readonly region: string;
  readonly zones: readonly Zone[];
  readonly vpcId: string;
  readonly subnets: Map<string, Subnet>;
  readonly instances: Map<string, Instance>;
  readonly volumes: Map<string, Volume>;
  readonly snapshots: Map<string, Snapshot>;
  readonly images: Map<string, Image>;
  readonly deregisteredImages: Set<string>;
  readonly kept: KeptState;
  readonly interfaces: Map<string, NetworkInterfaceRecord>;
  readonly securityGroups: Map<string, SecurityGroup>;
  readonly addresses: Map<string, ElasticAddress>;
  readonly spotRequests: Map<string, SpotRequest>;
  readonly capacityReservations: Map<string, CapacityReservation>;
  readonly templates: Map<string, LaunchTemplate>;
  readonly keyPairs: Set<string>;
  /** ARNs of instance profiles. */
  readonly profiles: Set<string>;
  /** ARNs of licence configurations. */
  readonly licenses: Set<string>;
  /** By name. */
  readonly placementGroups: Map<string, PlacementGroupRecord>;
  readonly rootTasks: Map<string, ReplaceRootTask>;
  /** How many the account may have here. */
  snapshotQuota: number;
  /** Of new volumes: unasked, and under which key (its ARN) where none is named. */
  readonly encryption: { isByDefault: boolean; defaultKeyId?: string };
  readonly reserved: ReservedInstances[];
  /** Client tokens: scope#token → the parameters' canonical form and the ids made. */
  readonly tokens: Map<string, { readonly parameters: string; readonly ids: readonly string[] }>;
}

export interface AccountState {
  readonly accountId: string;
  readonly regions: Map<string, RegionState>;
  spotVcpus: Record<string, number>;
  onDemandVcpus: Record<string, number>;
}
