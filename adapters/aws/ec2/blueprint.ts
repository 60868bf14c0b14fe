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
import { tagRecord } from "./describe.ts";

/** Text that may hold passwords: not seen by JSON, by a logger, or by an error message. */
export interface SecretText {
  readonly reveal: () => string;
}

const secretText = (text: string): SecretText => ({ reveal: () => text });

export interface RootVolumeBlueprint {
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

export interface PrimaryInterfaceBlueprint {
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
  /** Attached now, the primary one included. */
  readonly interfaceCount: number;
  readonly primaryInterface: PrimaryInterfaceBlueprint;
  readonly rootVolume: RootVolumeBlueprint;
  /** Without `aws:*`, which nobody but AWS may set. */
  readonly tags: Readonly<Record<string, string>>;
}

const ownTags = (tags: Parameters<typeof tagRecord>[0]): Record<string, string> =>
  Object.fromEntries(Object.entries(tagRecord(tags)).filter(([key]) => !key.startsWith("aws:")));

const rootVolumeBlueprint = (instance: Instance, volume: Volume): RootVolumeBlueprint => {
  const volumeId = required(volume.VolumeId, "the root volume's id");
  const mapping = instance.BlockDeviceMappings?.find(({ Ebs }) => Ebs?.VolumeId === volumeId);
  const volumeType = required(volume.VolumeType, `the type of ${volumeId}`);
  const choosesIops = ["io1", "io2", "gp3"].includes(volumeType);
  return {
    deviceName: required(mapping?.DeviceName, `the device of ${volumeId}`),
    volumeType,
    sizeGib: required(volume.Size, `the size of ${volumeId}`),
    ...(choosesIops && volume.Iops !== undefined ? { iops: volume.Iops } : {}),
    ...(volumeType === "gp3" && volume.Throughput !== undefined
      ? { throughput: volume.Throughput }
      : {}),
    encrypted: volume.Encrypted ?? false,
    ...(volume.KmsKeyId === undefined ? {} : { kmsKeyId: volume.KmsKeyId }),
    deleteOnTermination: mapping?.Ebs?.DeleteOnTermination ?? true,
    tags: ownTags(volume.Tags),
  };
};

const primaryInterfaceBlueprint = (primary: NetworkInterface): PrimaryInterfaceBlueprint => {
  const id = required(primary.NetworkInterfaceId, "the primary interface's id");
  const address = primary.PrivateIpAddresses?.find(({ Primary }) => Primary === true);
  const publicIp = address?.Association?.PublicIp ?? primary.Association?.PublicIp;
  return {
    securityGroupIds: (primary.Groups ?? []).map(({ GroupId }) =>
      required(GroupId, `a security group of ${id}`),
    ),
    ...(primary.Description === undefined || primary.Description === ""
      ? {}
      : { description: primary.Description }),
    deleteOnTermination: primary.Attachment?.DeleteOnTermination ?? true,
    ipv6Count: primary.Ipv6Addresses?.length ?? 0,
    hasPublicIp: publicIp !== undefined,
    tags: ownTags(primary.TagSet),
  };
};

const metadataOptions = (instance: Instance): InstanceMetadataOptionsRequest => {
  const options = required(instance.MetadataOptions, "the instance's metadata options");
  const { HttpTokens, HttpEndpoint, HttpPutResponseHopLimit } = options;
  const { HttpProtocolIpv6, InstanceMetadataTags } = options;
  return {
    ...(HttpTokens === undefined ? {} : { HttpTokens }),
    ...(HttpEndpoint === undefined ? {} : { HttpEndpoint }),
    ...(HttpPutResponseHopLimit === undefined ? {} : { HttpPutResponseHopLimit }),
    ...(HttpProtocolIpv6 === undefined ? {} : { HttpProtocolIpv6 }),
    ...(InstanceMetadataTags === undefined ? {} : { InstanceMetadataTags }),
  };
};

/** Tenancy, host and affinity are left behind: Spot runs on shared hardware. */
const placementBlueprint = (
  placement: Placement | undefined,
): Pick<LaunchBlueprint, "placement"> => {
  const groupName = placement?.GroupName;
  if (groupName === undefined || groupName === "") return {};
  const partitionNumber = placement?.PartitionNumber;
  return {
    placement: { groupName, ...(partitionNumber === undefined ? {} : { partitionNumber }) },
  };
};

const optionalParts = (
  instance: Instance,
): Pick<
  LaunchBlueprint,
  "instanceProfileArn" | "keyName" | "cpuOptions" | "autoRecovery" | "privateDnsNameOptions"
> => {
  const { CoreCount, ThreadsPerCore } = instance.CpuOptions ?? {};
  const profile = instance.IamInstanceProfile?.Arn;
  const autoRecovery = instance.MaintenanceOptions?.AutoRecovery;
  const dns = instance.PrivateDnsNameOptions;
  return {
    ...(profile === undefined ? {} : { instanceProfileArn: profile }),
    ...(instance.KeyName === undefined ? {} : { keyName: instance.KeyName }),
    ...(CoreCount === undefined || ThreadsPerCore === undefined
      ? {}
      : { cpuOptions: { coreCount: CoreCount, threadsPerCore: ThreadsPerCore } }),
    ...(autoRecovery === undefined ? {} : { autoRecovery }),
    ...(dns === undefined ? {} : { privateDnsNameOptions: dns }),
  };
};

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
  const { instance, userData, cpuCredits } = readings;
  const instanceId = required(instance.InstanceId, "the instance's id");
  return {
    instanceId,
    instanceType: required(instance.InstanceType, `the type of ${instanceId}`),
    ...(userData === undefined || userData === "" ? {} : { userData: secretText(userData) }),
    ...optionalParts(instance),
    ebsOptimized: instance.EbsOptimized ?? false,
    detailedMonitoring: ["enabled", "pending"].includes(instance.Monitoring?.State ?? ""),
    metadataOptions: metadataOptions(instance),
    enclaveEnabled: instance.EnclaveOptions?.Enabled ?? false,
    ...(cpuCredits === undefined ? {} : { cpuCredits }),
    ...placementBlueprint(instance.Placement),
    interfaceCount: instance.NetworkInterfaces?.length ?? 0,
    primaryInterface: primaryInterfaceBlueprint(readings.primaryInterface),
    rootVolume: rootVolumeBlueprint(instance, readings.rootVolume),
    tags: ownTags(instance.Tags),
  };
};
