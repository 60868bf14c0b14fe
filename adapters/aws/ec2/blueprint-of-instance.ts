/** From EC2's description of a live instance to its blueprint. Pure: the calls stand in launch.ts. */
import type {
  Instance,
  InstanceBlockDeviceMapping,
  InstanceMetadataOptionsRequest,
  NetworkInterface,
  Placement,
  Volume,
} from "@aws-sdk/client-ec2";
import { required } from "../required.ts";
import { withoutUndefined } from "../without-undefined.ts";
import {
  given,
  isPrimary,
  ownTags,
  secretText,
  sortDevices,
  sortInterfaces,
  type DeviceBlueprint,
  type InterfaceBlueprint,
  type LaunchBlueprint,
} from "./blueprint.ts";

/** Types whose IOPS are chosen, not derived from the size. */
const typesWithIops = ["io1", "io2", "gp3"];

const deviceBlueprint = (
  mapping: InstanceBlockDeviceMapping,
  volumes: readonly Volume[],
): DeviceBlueprint => {
  const deviceName = required(mapping.DeviceName, "the name of a device");
  const volumeId = required(mapping.Ebs?.VolumeId, `the volume on ${deviceName}`);
  const volume = required(
    volumes.find((found) => found.VolumeId === volumeId),
    `the volume ${volumeId} on ${deviceName}`,
  );
  const volumeType = required(volume.VolumeType, `the type of ${volumeId}`);
  const encrypted = volume.Encrypted ?? false;
  return withoutUndefined({
    deviceName,
    volumeType,
    sizeGib: required(volume.Size, `the size of ${volumeId}`),
    iops: typesWithIops.includes(volumeType) ? volume.Iops : undefined,
    throughput: volumeType === "gp3" ? volume.Throughput : undefined,
    encrypted,
    kmsKeyId: encrypted ? volume.KmsKeyId : undefined,
    deleteOnTermination: mapping.Ebs?.DeleteOnTermination ?? true,
    tags: ownTags(volume.Tags),
  });
};

/** An instance does not tell which instance stores its image maps: its devices are volumes. */
const deviceBlueprints = (
  instance: Instance,
  volumes: readonly Volume[],
  rootDeviceName: string,
): readonly DeviceBlueprint[] => {
  const devices = (instance.BlockDeviceMappings ?? []).map((mapping) =>
    deviceBlueprint(mapping, volumes),
  );
  required(
    devices.find(({ deviceName }) => deviceName === rootDeviceName),
    `the root volume of ${instance.InstanceId ?? "an instance"}`,
  );
  return sortDevices(devices, rootDeviceName);
};

const hasPublicIp = (networkInterface: NetworkInterface): boolean => {
  const primary = networkInterface.PrivateIpAddresses?.find(({ Primary }) => Primary === true);
  const association = primary?.Association ?? networkInterface.Association;
  return association?.PublicIp !== undefined;
};

const interfaceBlueprint = (found: NetworkInterface, id: string): InterfaceBlueprint => {
  const attachment = required(found.Attachment, `the attachment of ${id}`);
  return withoutUndefined({
    deviceIndex: required(attachment.DeviceIndex, `the device index of ${id}`),
    networkCardIndex: attachment.NetworkCardIndex ?? 0,
    interfaceType: found.InterfaceType ?? "interface",
    securityGroupIds: (found.Groups ?? []).map(({ GroupId }) =>
      required(GroupId, `a security group of ${id}`),
    ),
    description: given(found.Description),
    deleteOnTermination: attachment.DeleteOnTermination ?? true,
    ipv6Count: found.Ipv6Addresses?.length ?? 0,
    hasPublicIp: hasPublicIp(found),
    tags: ownTags(found.TagSet),
  });
};

const interfaceBlueprints = (
  instance: Instance,
  interfaces: readonly NetworkInterface[],
): readonly InterfaceBlueprint[] => {
  const blueprints = (instance.NetworkInterfaces ?? []).map(({ NetworkInterfaceId }) => {
    const id = required(NetworkInterfaceId, "the id of an interface");
    const found = interfaces.find((one) => one.NetworkInterfaceId === id);
    return interfaceBlueprint(required(found, `the interface ${id}`), id);
  });
  required(
    blueprints.find(isPrimary),
    `the primary interface of ${instance.InstanceId ?? "an instance"}`,
  );
  return sortInterfaces(blueprints);
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
  return withoutUndefined({
    groupName,
    groupId: given(placement?.GroupId),
    partitionNumber: placement?.PartitionNumber,
  });
};

const cpuBlueprint = (instance: Instance): LaunchBlueprint["cpuOptions"] | undefined => {
  const { CoreCount, ThreadsPerCore } = instance.CpuOptions ?? {};
  if (CoreCount === undefined || ThreadsPerCore === undefined) return undefined;
  return { coreCount: CoreCount, threadsPerCore: ThreadsPerCore };
};

const profileBlueprint = (instance: Instance): LaunchBlueprint["instanceProfile"] | undefined => {
  const arn = instance.IamInstanceProfile?.Arn;
  return arn === undefined ? undefined : { arn };
};

const isMonitored = (instance: Instance): boolean =>
  ["enabled", "pending"].includes(instance.Monitoring?.State ?? "");

export interface InstanceBlueprintReadings {
  readonly instance: Instance;
  readonly volumes: readonly Volume[];
  readonly interfaces: readonly NetworkInterface[];
  /** Base64; undefined or empty when the instance has none. */
  readonly userData: string | undefined;
  readonly cpuCredits: string | undefined;
}

/**
 * @throws BrokenFacts when EC2 leaves out what it always sends, when there is no root volume or no primary interface,
 *   or when a volume or interface that the instance names is not among the readings
 */
export const blueprintOfInstance = (readings: InstanceBlueprintReadings): LaunchBlueprint => {
  const { instance } = readings;
  const instanceId = required(instance.InstanceId, "the instance's id");
  const userData = given(readings.userData);
  const rootDeviceName = required(instance.RootDeviceName, `the root device of ${instanceId}`);
  return withoutUndefined({
    source: { kind: "INSTANCE" as const, instanceId },
    instanceType: required(instance.InstanceType, `the type of ${instanceId}`),
    userData: userData === undefined ? undefined : secretText(userData),
    instanceProfile: profileBlueprint(instance),
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
    licenseConfigurations: (instance.Licenses ?? [])
      .flatMap(({ LicenseConfigurationArn: arn }) => arn ?? [])
      .sort(),
    rootDeviceName,
    devices: deviceBlueprints(instance, readings.volumes, rootDeviceName),
    interfaces: interfaceBlueprints(instance, readings.interfaces),
    tags: ownTags(instance.Tags),
  });
};
