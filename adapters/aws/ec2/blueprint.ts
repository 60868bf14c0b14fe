/**
 * What a clone must have in common with the original: everything that AWS would otherwise silently set to a
 * default (metadata options, key of the encryption, gp3 throughput, credits …). Pure: the calls stand in launch.ts.
 */
import type {
  Instance,
  InstanceMetadataOptionsRequest,
  NetworkInterface,
  Placement,
  PrivateDnsNameOptionsRequest,
  Volume,
} from "@aws-sdk/client-ec2";
import { required } from "../required.ts";
import { withoutUndefined } from "../without-undefined.ts";
import { tagRecord } from "./describe.ts";

/** Text that may hold passwords: not seen by JSON, by a logger, or by an error message. */
interface SecretText {
  readonly reveal: () => string;
}

const secretText = (text: string): SecretText => ({ reveal: () => text });

interface RootVolumeBlueprint {
  readonly deviceName: string;
  readonly volumeType: string;
  readonly sizeGib: number;
  /** Absent where the type has none to choose. */
  readonly iops?: number;
  /** MiB/s, gp3 only. */
  readonly throughput?: number;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string;
  readonly deleteOnTermination: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

interface PrimaryInterfaceBlueprint {
  readonly securityGroupIds: readonly string[];
  readonly description?: string;
  readonly deleteOnTermination: boolean;
  readonly ipv6Count: number;
  /** Any public IPv4 on the primary private address, Elastic or assigned. */
  readonly hasPublicIp: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/** All that a clone needs. Read when it is needed; never stored or logged. */
export interface LaunchBlueprint {
  readonly instanceId: string;
  readonly instanceType: string;
  /** Base64, as EC2 keeps it. */
  readonly userData?: SecretText;
  readonly instanceProfileArn?: string;
  readonly keyName?: string;
  readonly ebsOptimized: boolean;
  readonly detailedMonitoring: boolean;
  readonly metadataOptions: InstanceMetadataOptionsRequest;
  readonly privateDnsNameOptions?: PrivateDnsNameOptionsRequest;
  readonly cpuOptions?: { readonly coreCount: number; readonly threadsPerCore: number };
  readonly enclaveEnabled: boolean;
  readonly autoRecovery?: "default" | "disabled";
  /** `standard` or `unlimited`; absent for an original that is not burstable. */
  readonly cpuCredits?: string;
  readonly placement?: { readonly groupName: string; readonly partitionNumber?: number };
  readonly primaryInterface: PrimaryInterfaceBlueprint;
  readonly rootVolume: RootVolumeBlueprint;
  /** Without `aws:*`, which nobody but AWS may set. */
  readonly tags: Readonly<Record<string, string>>;
}

const ownTags = (tags: Parameters<typeof tagRecord>[0]): Record<string, string> =>
  Object.fromEntries(Object.entries(tagRecord(tags)).filter(([key]) => !key.startsWith("aws:")));

/** Types whose IOPS are chosen, not derived from the size. */
const typesWithIops = ["io1", "io2", "gp3"];

const rootVolumeBlueprint = (instance: Instance, volume: Volume): RootVolumeBlueprint => {
  const volumeId = required(volume.VolumeId, "the root volume's id");
  const mapping = instance.BlockDeviceMappings?.find(({ Ebs }) => Ebs?.VolumeId === volumeId);
  const volumeType = required(volume.VolumeType, `the type of ${volumeId}`);
  return withoutUndefined({
    deviceName: required(mapping?.DeviceName, `the device of ${volumeId}`),
    volumeType,
    sizeGib: required(volume.Size, `the size of ${volumeId}`),
    iops: typesWithIops.includes(volumeType) ? volume.Iops : undefined,
    throughput: volumeType === "gp3" ? volume.Throughput : undefined,
    encrypted: volume.Encrypted ?? false,
    kmsKeyId: volume.KmsKeyId,
    deleteOnTermination: mapping?.Ebs?.DeleteOnTermination ?? true,
    tags: ownTags(volume.Tags),
  });
};

const hasPublicIp = (networkInterface: NetworkInterface): boolean => {
  const primary = networkInterface.PrivateIpAddresses?.find(({ Primary }) => Primary === true);
  const association = primary?.Association ?? networkInterface.Association;
  return association?.PublicIp !== undefined;
};

/** EC2 sends an empty string where nothing was given. */
const given = (text: string | undefined): string | undefined => (text === "" ? undefined : text);

const primaryInterfaceBlueprint = (primary: NetworkInterface): PrimaryInterfaceBlueprint => {
  const id = required(primary.NetworkInterfaceId, "the primary interface's id");
  return withoutUndefined({
    securityGroupIds: (primary.Groups ?? []).map(({ GroupId }) =>
      required(GroupId, `a security group of ${id}`),
    ),
    description: given(primary.Description),
    deleteOnTermination: primary.Attachment?.DeleteOnTermination ?? true,
    ipv6Count: primary.Ipv6Addresses?.length ?? 0,
    hasPublicIp: hasPublicIp(primary),
    tags: ownTags(primary.TagSet),
  });
};

/** Without the state of the last change, which no request takes. */
const metadataOptions = (instance: Instance): InstanceMetadataOptionsRequest => {
  const options = required(instance.MetadataOptions, "the instance's metadata options");
  return withoutUndefined({
    HttpTokens: options.HttpTokens,
    HttpPutResponseHopLimit: options.HttpPutResponseHopLimit,
    HttpEndpoint: options.HttpEndpoint,
    HttpProtocolIpv6: options.HttpProtocolIpv6,
    InstanceMetadataTags: options.InstanceMetadataTags,
  });
};

/** Tenancy, host and affinity are left behind: Spot runs on shared hardware. */
const placementBlueprint = (
  placement: Placement | undefined,
): LaunchBlueprint["placement"] | undefined => {
  const groupName = given(placement?.GroupName);
  if (groupName === undefined) return undefined;
  return withoutUndefined({ groupName, partitionNumber: placement?.PartitionNumber });
};

const cpuBlueprint = (instance: Instance): LaunchBlueprint["cpuOptions"] | undefined => {
  const { CoreCount, ThreadsPerCore } = instance.CpuOptions ?? {};
  if (CoreCount === undefined || ThreadsPerCore === undefined) return undefined;
  return { coreCount: CoreCount, threadsPerCore: ThreadsPerCore };
};

const isMonitored = (instance: Instance): boolean =>
  ["enabled", "pending"].includes(instance.Monitoring?.State ?? "");

export interface BlueprintReadings {
  readonly instance: Instance;
  readonly rootVolume: Volume;
  readonly primaryInterface: NetworkInterface;
  /** Base64; undefined or empty when the instance has none. */
  readonly userData: string | undefined;
  readonly cpuCredits: string | undefined;
}

/** @throws BrokenFacts when EC2 leaves out what it always sends */
export const toBlueprint = (readings: BlueprintReadings): LaunchBlueprint => {
  const { instance } = readings;
  const instanceId = required(instance.InstanceId, "the instance's id");
  const userData = given(readings.userData);
  return withoutUndefined({
    instanceId,
    instanceType: required(instance.InstanceType, `the type of ${instanceId}`),
    userData: userData === undefined ? undefined : secretText(userData),
    instanceProfileArn: instance.IamInstanceProfile?.Arn,
    keyName: instance.KeyName,
    ebsOptimized: instance.EbsOptimized ?? false,
    detailedMonitoring: isMonitored(instance),
    metadataOptions: metadataOptions(instance),
    privateDnsNameOptions: instance.PrivateDnsNameOptions,
    cpuOptions: cpuBlueprint(instance),
    enclaveEnabled: instance.EnclaveOptions?.Enabled ?? false,
    autoRecovery: instance.MaintenanceOptions?.AutoRecovery,
    cpuCredits: readings.cpuCredits,
    placement: placementBlueprint(instance.Placement),
    primaryInterface: primaryInterfaceBlueprint(readings.primaryInterface),
    rootVolume: rootVolumeBlueprint(instance, readings.rootVolume),
    tags: ownTags(instance.Tags),
  });
};
