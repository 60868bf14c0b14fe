/** What is known of one live EC2 instance. Never holds user data: that is re-read when it is needed. */
import type { AccountId, InstanceId } from "./ids.ts";
import type { CpuOptionsFacts } from "./market.ts";
import type { TargetGroupFacts } from "./target-group.ts";

export type InstanceState =
  "pending" | "running" | "stopping" | "stopped" | "shutting-down" | "terminated";

/** It is going away, or gone: nothing brings it back. */
export const hasEnded = (
  state: InstanceState | undefined,
): state is "shutting-down" | "terminated" => state === "shutting-down" || state === "terminated";

/** Why EC2 shows an instance as stopped or stopping. */
export interface InstanceStop {
  /** `Client.UserInitiatedShutdown`, `Client.InstanceInitiatedShutdown`, `Server.ScheduledStop` … */
  readonly code?: string;
  /** ISO 8601, whole seconds; absent where EC2 gives none. */
  readonly at?: string;
}

export interface VolumeFacts {
  readonly volumeId: string;
  readonly deviceName: string;
  readonly isRoot: boolean;
  readonly sizeGib: number;
  readonly volumeType: string;
  readonly encrypted: boolean;
  /** ARN of the key of an encrypted volume. Absent in facts that were read before this was. */
  readonly kmsKeyId?: string;
  readonly multiAttach: boolean;
  /** Absent in facts that were read before this was. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly deleteOnTermination: boolean;
  readonly zoneName: string;
}

export interface PrivateAddressFacts {
  readonly privateIp: string;
  readonly primary: boolean;
  /** Elastic IP bound to this private address. */
  readonly allocationId?: string;
  readonly publicIp?: string;
}

export interface NetworkInterfaceFacts {
  readonly networkInterfaceId: string;
  readonly attachmentId: string;
  readonly deviceIndex: number;
  readonly networkCardIndex: number;
  readonly subnetId: string;
  readonly securityGroupIds: readonly string[];
  readonly sourceDestCheck: boolean;
  readonly interfaceType: string;
  readonly deleteOnTermination: boolean;
  readonly ipv6Count: number;
  /** Absent in facts that were read before this was. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly privateAddresses: readonly PrivateAddressFacts[];
}

/** Where an instance takes its On-Demand capacity from when it starts. */
export interface CapacityChoice {
  /** `open`: an open reservation where one fits; `none`: in no case a reservation; `capacity-reservations-only`. */
  readonly preference?: string;
  /** The one reservation that it must start in. */
  readonly reservationId?: string;
  /** A group of reservations: without one that fits it starts outside. */
  readonly groupArn?: string;
}

/** A member of EC2's description that a clone is not given, set to something else than its default. */
export interface LackingMember {
  /** As the API spells it: `NetworkPerformanceOptions.BandwidthWeighting`. */
  readonly member: string;
  /** A sentence without its full stop. */
  readonly reason: string;
}

/** Where EC2 puts an instance among others. */
export interface PlacementGroupFacts {
  readonly name: string;
  /** By which a group that another account shares is found. Absent where EC2 does not say it. */
  readonly groupId?: string;
  /** `cluster`, `spread`, `partition`. Absent: EC2 shows no such group, or it was not asked. */
  readonly strategy?: string;
  /** Of a spread group: `rack` or `host`. Absent in facts that were read before this was. */
  readonly spreadLevel?: string;
}

export interface InstanceFacts {
  readonly accountId: AccountId;
  readonly region: string;
  readonly instanceId: InstanceId;
  readonly instanceType: string;
  readonly state: InstanceState;
  /** ISO 8601. Moves when the instance is stopped and started. */
  readonly launchedAt: string;
  readonly architecture: string;
  /** As EC2 spells it: `Linux/UNIX`, `Windows`, `Red Hat Enterprise Linux` … */
  readonly platformDetails: string;
  readonly imageId: string;
  readonly imageExists: boolean;
  readonly productCodes: readonly string[];
  /** Absent for On-Demand; else spot, scheduled, capacity-block … */
  readonly lifecycle?: string;
  readonly operatorManaged: boolean;
  readonly tenancy: string;
  readonly rootDeviceType: string;
  readonly rootDeviceName: string;
  readonly hibernationConfigured: boolean;
  readonly disableApiTermination: boolean;
  readonly disableApiStop: boolean;
  readonly enclaveEnabled: boolean;
  readonly domainJoined: boolean;
  /** The domain's name, where the agent of a Windows guest reports it. */
  readonly directoryDomain?: string;
  /** The capacity reservation that it runs in. */
  readonly capacityReservationId?: string;
  /** Where it takes its capacity from when it starts. Absent in facts that were read before this was. */
  readonly capacityChoice?: CapacityChoice;
  readonly vpcId: string;
  readonly subnetId: string;
  readonly zoneName: string;
  /** Same for every account; the name is not. */
  readonly zoneId: string;
  readonly ebsOptimized: boolean;
  /** Absent in facts that were read before this was. */
  readonly cpuOptions?: CpuOptionsFacts;
  /** Absent: it is in none, or the facts were read before this was. */
  readonly placementGroup?: PlacementGroupFacts;
  /** Absent: it was launched without one, or the facts were read before this was. */
  readonly keyName?: string;
  /** What its clone would lack, each with what that means. Absent in facts that were read before this was. */
  readonly notCarried?: readonly LackingMember[];
  /** `v2.0`. Absent: its image asks for none, or the facts were read before this was. */
  readonly tpm?: string;
  /** Absent where EC2 does not say it, and in facts that were read before this was. */
  readonly enaSupport?: boolean;
  /**
   * Devices that the image maps to instance store. Only in facts of older records: EC2 ignores such a mapping on a type without
   * instance store, so that it tells nothing of the instance.
   */
  readonly instanceStoreDevices?: readonly string[];
  readonly volumes: readonly VolumeFacts[];
  readonly networkInterfaces: readonly NetworkInterfaceFacts[];
  /** Public IPv4 assigned by the subnet (owner `amazon`), lost with the instance. */
  readonly autoAssignedPublicIp?: string;
  /** Those that hold this instance by id. */
  readonly targetGroups: readonly TargetGroupFacts[];
  /** Names of the classic load balancers that have it. Absent in facts that were read before these were. */
  readonly classicLoadBalancers?: readonly string[];
  /** Codes of scheduled events that are not completed or cancelled. */
  readonly scheduledEvents: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  /**
   * Of the instance and what hangs on it, ids and ARNs of what lacks the owner's tag of enrolment, without which the role may not
   * change it. Absent in facts that were read before this was.
   */
  readonly unenrolled?: readonly string[];
  /**
   * What its owner can change while it runs and a replacement is launched with, each spelled under its name. Absent in facts that
   * were read before this was.
   */
  readonly launchSettings?: Readonly<Record<string, string>>;
}

/** What an instance itself shows of an interface that is attached to it. */
export type AttachedInterface = Pick<
  NetworkInterfaceFacts,
  "networkInterfaceId" | "deviceIndex" | "privateAddresses"
>;

/** What is read of a replacement to compare it with its original. */
export type ReplacementFacts = Pick<
  InstanceFacts,
  "instanceId" | "volumes" | "networkInterfaces" | "tags" | "launchSettings"
>;

/** One reading of EC2's checks. `unknown` is a value of its own and never a pass. */
export type CheckStatus =
  "ok" | "impaired" | "initializing" | "insufficient-data" | "not-applicable" | "unknown";

export interface InstanceHealth {
  readonly instanceId: string;
  /** Absent when EC2 does not show the instance (not yet, or no longer). */
  readonly state?: InstanceState;
  /** Why EC2 ended it, if it did: `Client.InternalError`, `Server.SpotInstanceTermination` … */
  readonly stateReason?: string;
  readonly system: CheckStatus;
  readonly instance: CheckStatus;
  readonly attachedEbs: CheckStatus;
  /** Spot request status code, such as `fulfilled` or `marked-for-termination`. */
  readonly spotStatus?: string;
}
