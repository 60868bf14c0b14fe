/**
 * The shape of what a clone must have in common with its source: everything that AWS would otherwise silently set to a
 * default (metadata options, key of the encryption, gp3 throughput, credits …). Read in blueprint-of-instance.ts and
 * blueprint-of-template.ts, written out as a request in launch-request.ts.
 */
import type {
  InstanceMetadataOptionsRequest,
  PrivateDnsNameOptionsRequest,
} from "@aws-sdk/client-ec2";
import { tagRecord } from "./describe.ts";

/** Text that may hold passwords: not seen by JSON, by a logger, or by an error message. */
interface SecretText {
  readonly reveal: () => string;
}

export const secretText = (text: string): SecretText => ({ reveal: () => text });

/** A volume of the source. What is absent is left to the image that is launched, or to EC2. */
export interface DeviceBlueprint {
  readonly deviceName: string;
  /** `ephemeral0` …: an instance store, which has none of what follows. */
  readonly virtualName?: string;
  readonly volumeType?: string;
  readonly sizeGib?: number;
  /** Absent where the type has none to choose. */
  readonly iops?: number;
  /** MiB/s, gp3 only. */
  readonly throughput?: number;
  readonly encrypted?: boolean;
  readonly kmsKeyId?: string;
  /** Where a template names one; the clone of an instance takes the snapshots of its image. */
  readonly snapshotId?: string;
  readonly deleteOnTermination?: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/** A network interface of the source. Its subnet is not kept: the launch order names the clone's. */
export interface InterfaceBlueprint {
  readonly deviceIndex: number;
  readonly networkCardIndex: number;
  /** As EC2 spells it: `interface`, `efa` … */
  readonly interfaceType: string;
  /** Empty: the default group of the VPC. */
  readonly securityGroupIds: readonly string[];
  readonly description?: string;
  readonly deleteOnTermination?: boolean;
  readonly ipv6Count: number;
  /** Any public IPv4 on the primary private address, Elastic or assigned. Absent: as the subnet has it. */
  readonly hasPublicIp?: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

type BlueprintSource =
  | { readonly kind: "INSTANCE"; readonly instanceId: string }
  | { readonly kind: "TEMPLATE"; readonly templateId: string; readonly version: number };

/** All that a clone needs. Read when it is needed, and never logged; stored without its user data alone. */
export interface LaunchBlueprint {
  readonly source: BlueprintSource;
  /** Absent where a template leaves it to its user. */
  readonly instanceType?: string;
  /** Base64, as EC2 keeps it. */
  readonly userData?: SecretText;
  /** A template may name it either way. */
  readonly instanceProfile?: { readonly arn: string } | { readonly name: string };
  readonly keyName?: string;
  readonly ebsOptimized: boolean;
  readonly detailedMonitoring: boolean;
  /** Absent where a template leaves them to the account and the image. */
  readonly metadataOptions?: InstanceMetadataOptionsRequest;
  readonly privateDnsNameOptions?: PrivateDnsNameOptionsRequest;
  readonly cpuOptions?: { readonly coreCount: number; readonly threadsPerCore: number };
  readonly enclaveEnabled: boolean;
  readonly autoRecovery?: "default" | "disabled";
  /** `standard` or `unlimited`; absent for a source that is not burstable or does not say. */
  readonly cpuCredits?: string;
  readonly placement?: {
    readonly groupName: string;
    /** By which a group that another account shares is found. */
    readonly groupId?: string;
    readonly partitionNumber?: number;
  };
  /** ARNs, sorted. */
  readonly licenseConfigurations: readonly string[];
  readonly rootDeviceName: string;
  /** The root first, then by name. */
  readonly devices: readonly DeviceBlueprint[];
  /** The primary first, then by card and index. */
  readonly interfaces: readonly InterfaceBlueprint[];
  /** Without `aws:*`, which nobody but AWS may set. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Without `aws:*`. */
export const ownTags = (tags: Parameters<typeof tagRecord>[0]): Record<string, string> =>
  Object.fromEntries(Object.entries(tagRecord(tags)).filter(([key]) => !key.startsWith("aws:")));

/** EC2 sends an empty string where nothing was given. */
export const given = (text: string | undefined): string | undefined =>
  text === "" ? undefined : text;

/** The root first, then by name: the same devices are always listed alike. */
export const sortDevices = (
  devices: readonly DeviceBlueprint[],
  rootDeviceName: string,
): readonly DeviceBlueprint[] =>
  [...devices].sort((one, other) => {
    if (one.deviceName === rootDeviceName) return -1;
    if (other.deviceName === rootDeviceName) return 1;
    return one.deviceName < other.deviceName ? -1 : 1;
  });

/** The primary first, then by card and index. */
export const sortInterfaces = (
  interfaces: readonly InterfaceBlueprint[],
): readonly InterfaceBlueprint[] =>
  [...interfaces].sort(
    (one, other) =>
      one.networkCardIndex - other.networkCardIndex || one.deviceIndex - other.deviceIndex,
  );

/** Index 0 of card 0: the interface that EC2 never detaches. */
export const isPrimary = (
  found: Pick<InterfaceBlueprint, "deviceIndex" | "networkCardIndex">,
): boolean => found.deviceIndex === 0 && found.networkCardIndex === 0;

/** The blueprint with a primary interface that is public or not, where the caller knows better than EC2 does now. */
export const withPublicIp = (
  blueprint: LaunchBlueprint,
  hasPublicIp: boolean,
): LaunchBlueprint => ({
  ...blueprint,
  interfaces: blueprint.interfaces.map((found) =>
    isPrimary(found) ? { ...found, hasPublicIp } : found,
  ),
});

/**
 * The blueprint without CPU options that are the type's own: EC2 shows them of every instance, and some types (T2, those of one
 * vCPU) refuse to be given any. `defaultCpu` undefined: it is not known, and they stay.
 */
export const withChosenCpu = (
  blueprint: LaunchBlueprint,
  defaultCpu: LaunchBlueprint["cpuOptions"],
): LaunchBlueprint => {
  const { cpuOptions, ...others } = blueprint;
  const isChosen =
    cpuOptions?.coreCount !== defaultCpu?.coreCount ||
    cpuOptions?.threadsPerCore !== defaultCpu?.threadsPerCore;
  return isChosen ? blueprint : others;
};
