/** From EC2's shapes to InstanceFacts. Pure: what is read, and in which calls, stands in instances.ts. */
import type {
  Image,
  Instance,
  InstanceStatus,
  NetworkInterface,
  NetworkInterfacePrivateIpAddress,
  Volume,
} from "@aws-sdk/client-ec2";
import type { AccountId, InstanceId } from "../../../core/model/ids.ts";
import type {
  InstanceFacts,
  LackingMember,
  NetworkInterfaceFacts,
  PrivateAddressFacts,
  ReplacementFacts,
  VolumeFacts,
} from "../../../core/model/instance.ts";
import { isEnrolled } from "../../../core/model/tags.ts";
import { required } from "../required.ts";
import { withoutUndefined } from "../without-undefined.ts";
import { given } from "./blueprint.ts";
import { capacityChoiceOf } from "./capacity-reservations.ts";
import { instanceState, tagRecord } from "./describe.ts";
import { volumeMembers } from "./launch-members/instance-parts.ts";
import { instanceMembers } from "./launch-members/instance.ts";
import { networkInterfaceMembers } from "./launch-members/network-interface.ts";
import { lackingIn } from "./launch-members/not-carried.ts";

/** Owner of an address that the subnet assigned; an Elastic IP is owned by the account. */
export const addressOwnerAmazon = "amazon";

/**
 * EC2 does not know whether a guest joined a directory. What can be seen is the tag that a seamless join leaves†,
 * and the owner's own word. Without either the answer is "no", which for a Windows guest is an assumption.
 * († from general knowledge, without a source: correct it here.)
 */
const domainTags = ["aws:seamless-domain-join", "spot-optimizer:domain-joined"];

export interface InstanceReadings {
  readonly accountId: AccountId;
  readonly region: string;
  readonly instance: Instance;
  readonly volumes: readonly Volume[];
  readonly interfaces: readonly NetworkInterface[];
  readonly image: Image | undefined;
  readonly status: InstanceStatus | undefined;
  readonly disableApiTermination: boolean;
  readonly disableApiStop: boolean;
  readonly zoneId: string;
}

/** What the instance says counts; EC2 repeats it at the volume. */
const diesWithInstance = (volume: Volume, instance: Instance): boolean => {
  const mapping = instance.BlockDeviceMappings?.find(
    ({ Ebs }) => Ebs?.VolumeId === volume.VolumeId,
  );
  const attachment = volume.Attachments?.find(
    ({ InstanceId }) => InstanceId === instance.InstanceId,
  );
  return mapping?.Ebs?.DeleteOnTermination ?? attachment?.DeleteOnTermination ?? false;
};

const volumeFacts = (volume: Volume, instance: Instance): VolumeFacts => {
  const volumeId = required(volume.VolumeId, "a volume's id");
  const mapping = instance.BlockDeviceMappings?.find(({ Ebs }) => Ebs?.VolumeId === volumeId);
  const deviceName = required(mapping?.DeviceName, `the device of ${volumeId}`);
  return withoutUndefined({
    volumeId,
    deviceName,
    isRoot: deviceName === instance.RootDeviceName,
    sizeGib: required(volume.Size, `the size of ${volumeId}`),
    volumeType: required(volume.VolumeType, `the type of ${volumeId}`),
    encrypted: volume.Encrypted ?? false,
    multiAttach: volume.MultiAttachEnabled ?? false,
    deleteOnTermination: diesWithInstance(volume, instance),
    zoneName: required(volume.AvailabilityZone, `the zone of ${volumeId}`),
    tags: tagRecord(volume.Tags),
    kmsKeyId: volume.Encrypted === true ? volume.KmsKeyId : undefined,
  });
};

const privateAddressFacts = (address: NetworkInterfacePrivateIpAddress): PrivateAddressFacts =>
  withoutUndefined({
    privateIp: required(address.PrivateIpAddress, "a private address"),
    primary: address.Primary ?? false,
    allocationId: address.Association?.AllocationId,
    publicIp: address.Association?.PublicIp,
  });

type AttachmentFacts = Pick<
  NetworkInterfaceFacts,
  "attachmentId" | "deviceIndex" | "networkCardIndex" | "deleteOnTermination"
>;

const attachmentFacts = (networkInterface: NetworkInterface, id: string): AttachmentFacts => {
  const attachment = required(networkInterface.Attachment, `the attachment of ${id}`);
  return {
    attachmentId: required(attachment.AttachmentId, `the attachment of ${id}`),
    deviceIndex: required(attachment.DeviceIndex, `the device index of ${id}`),
    networkCardIndex: attachment.NetworkCardIndex ?? 0,
    deleteOnTermination: attachment.DeleteOnTermination ?? false,
  };
};

/** It is read a moment after the instance: what was detached in between no longer belongs to it. */
const isStillAttached = ({ Attachment }: NetworkInterface, instanceId: string): boolean =>
  Attachment !== undefined && (Attachment.InstanceId ?? instanceId) === instanceId;

const interfaceFacts = (networkInterface: NetworkInterface): NetworkInterfaceFacts => {
  const id = required(networkInterface.NetworkInterfaceId, "a network interface's id");
  return {
    networkInterfaceId: id,
    ...attachmentFacts(networkInterface, id),
    subnetId: required(networkInterface.SubnetId, `the subnet of ${id}`),
    securityGroupIds: (networkInterface.Groups ?? []).map(({ GroupId }) =>
      required(GroupId, `a security group of ${id}`),
    ),
    sourceDestCheck: networkInterface.SourceDestCheck ?? true,
    interfaceType: networkInterface.InterfaceType ?? "interface",
    ipv6Count: networkInterface.Ipv6Addresses?.length ?? 0,
    tags: tagRecord(networkInterface.TagSet),
    privateAddresses: (networkInterface.PrivateIpAddresses ?? []).map(privateAddressFacts),
  };
};

/** In the order of its cards and devices. */
export const byCardAndDevice = (one: NetworkInterfaceFacts, other: NetworkInterfaceFacts): number =>
  one.networkCardIndex - other.networkCardIndex || one.deviceIndex - other.deviceIndex;

export const byDeviceName = (one: VolumeFacts, other: VolumeFacts): number =>
  one.deviceName < other.deviceName ? -1 : 1;

/** Those that are attached to the instance. */
const interfacesOf = (
  interfaces: readonly NetworkInterface[],
  instanceId: string,
): readonly NetworkInterfaceFacts[] =>
  interfaces
    .filter((networkInterface) => isStillAttached(networkInterface, instanceId))
    .map(interfaceFacts)
    .sort(byCardAndDevice);

const autoAssignedPublicIp = (interfaces: readonly NetworkInterface[]): string | undefined =>
  interfaces
    .flatMap(({ Association, PrivateIpAddresses }) => [
      Association,
      ...(PrivateIpAddresses ?? []).map((address) => address.Association),
    ])
    .find((association) => association?.IpOwnerId === addressOwnerAmazon)?.PublicIp;

/** EC2 keeps past events in the list and marks them in the text only. */
const pendingEvents = (status: InstanceStatus | undefined): string[] =>
  (status?.Events ?? [])
    .filter(({ Description }) => !/^\[(Completed|Canceled)\]/.test(Description ?? ""))
    .map(({ Code }) => required(Code, "the code of a scheduled event"));

const isDomainJoined = (tags: Readonly<Record<string, string>>): boolean =>
  domainTags.some((key) => tags[key] !== undefined && tags[key] !== "false");

const placementFacts = (
  instance: Instance,
): Pick<InstanceFacts, "vpcId" | "subnetId" | "zoneName" | "tenancy"> => ({
  vpcId: instance.VpcId ?? "",
  subnetId: instance.SubnetId ?? "",
  zoneName: required(instance.Placement?.AvailabilityZone, "the instance's zone"),
  tenancy: instance.Placement?.Tenancy ?? "default",
});

const softwareFacts = (
  instance: Instance,
  image: Image | undefined,
): Pick<
  InstanceFacts,
  "architecture" | "platformDetails" | "imageId" | "imageExists" | "productCodes"
> => ({
  architecture: required(instance.Architecture, "the instance's architecture"),
  platformDetails: required(instance.PlatformDetails, "the instance's platform"),
  imageId: required(instance.ImageId, "the instance's image"),
  imageExists: image?.State === "available",
  productCodes: (instance.ProductCodes ?? []).flatMap(({ ProductCodeId }) =>
    ProductCodeId === undefined ? [] : [ProductCodeId],
  ),
});

const lifecycleFacts = (
  instance: Instance,
): Pick<
  InstanceFacts,
  | "lifecycle"
  | "operatorManaged"
  | "hibernationConfigured"
  | "enclaveEnabled"
  | "capacityReservationId"
  | "capacityChoice"
> =>
  withoutUndefined({
    lifecycle: instance.InstanceLifecycle,
    operatorManaged: instance.Operator?.Managed ?? false,
    hibernationConfigured: instance.HibernationOptions?.Configured ?? false,
    enclaveEnabled: instance.EnclaveOptions?.Enabled ?? false,
    capacityReservationId: instance.CapacityReservationId,
    capacityChoice: capacityChoiceOf(instance),
  });

const cpuOptions = ({ CpuOptions: cpu }: Instance): InstanceFacts["cpuOptions"] =>
  cpu?.CoreCount === undefined || cpu.ThreadsPerCore === undefined
    ? undefined
    : { coreCount: cpu.CoreCount, threadsPerCore: cpu.ThreadsPerCore };

const placementGroup = ({ Placement: placement }: Instance): InstanceFacts["placementGroup"] => {
  const [name, groupId] = [given(placement?.GroupName), given(placement?.GroupId)];
  return name === undefined ? undefined : withoutUndefined({ name, groupId });
};

/** What a launch names, and what it must be given. */
const launchFacts = (
  instance: Instance,
): Pick<InstanceFacts, "cpuOptions" | "placementGroup" | "keyName" | "tpm" | "enaSupport"> =>
  withoutUndefined({
    cpuOptions: cpuOptions(instance),
    placementGroup: placementGroup(instance),
    keyName: given(instance.KeyName),
    tpm: given(instance.TpmSupport),
    enaSupport: instance.EnaSupport,
  });

const spelt = (...values: readonly unknown[]): string => values.map(String).join(" ");

const metadataOptions = ({ MetadataOptions: metadata }: Instance): string =>
  spelt(
    metadata?.HttpEndpoint,
    metadata?.HttpTokens,
    metadata?.HttpPutResponseHopLimit,
    metadata?.HttpProtocolIpv6,
    metadata?.InstanceMetadataTags,
  );

const privateNames = ({ PrivateDnsNameOptions: names }: Instance): string =>
  spelt(
    names?.HostnameType,
    names?.EnableResourceNameDnsARecord,
    names?.EnableResourceNameDnsAAAARecord,
  );

const isMonitored = ({ Monitoring: monitoring }: Instance): boolean =>
  monitoring?.State === "enabled" || monitoring?.State === "pending";

/** What the owner can change of a running instance, and a clone copies. Source: EC2 API reference, Modify… actions. */
const launchSettings = (instance: Instance): Readonly<Record<string, string>> => ({
  "instance profile": instance.IamInstanceProfile?.Arn ?? "none",
  "detailed monitoring": isMonitored(instance) ? "on" : "off",
  "metadata options": metadataOptions(instance),
  "private DNS names": privateNames(instance),
  "automatic recovery": instance.MaintenanceOptions?.AutoRecovery ?? "default",
});

const unenrolledOf = ({ instance, volumes, interfaces }: InstanceReadings): readonly string[] =>
  [
    { id: instance.InstanceId, tags: instance.Tags },
    ...volumes.map(({ VolumeId: id, Tags: tags }) => ({ id, tags })),
    ...interfaces.map(({ NetworkInterfaceId: id, TagSet: tags }) => ({ id, tags })),
  ].flatMap(({ id, tags }) => (id === undefined || isEnrolled(tagRecord(tags)) ? [] : [id]));

/** Of those that move, EC2 takes the settings along; whose they are matters all the same. */
const { Operator, RequesterManaged } = networkInterfaceMembers;
const movedInterfaceMembers = { Operator, RequesterManaged };

const lackingOf = ({
  instance,
  volumes,
  interfaces,
}: InstanceReadings): readonly LackingMember[] => [
  ...lackingIn(instanceMembers, instance),
  ...volumes.flatMap((volume) => lackingIn(volumeMembers, volume, `${String(volume.VolumeId)}.`)),
  ...interfaces.flatMap((found) =>
    lackingIn(
      found.Attachment?.DeviceIndex === 0 ? networkInterfaceMembers : movedInterfaceMembers,
      found,
      `${String(found.NetworkInterfaceId)}.`,
    ),
  ),
];

const volumesOf = (volumes: readonly Volume[], instance: Instance): InstanceFacts["volumes"] =>
  volumes.map((volume) => volumeFacts(volume, instance)).sort(byDeviceName);

/**
 * What a replacement is compared by.
 * @throws BrokenFacts when EC2 leaves out what it always sends
 */
export const toReplacementFacts = ({
  instance,
  volumes,
  interfaces,
}: Pick<InstanceReadings, "instance" | "volumes" | "interfaces">): ReplacementFacts => {
  const instanceId = required(instance.InstanceId, "the instance's id") as InstanceId;
  return {
    instanceId,
    volumes: volumesOf(volumes, instance),
    networkInterfaces: interfacesOf(interfaces, instanceId),
    tags: tagRecord(instance.Tags),
    launchSettings: launchSettings(instance),
  };
};

/**
 * A terminated instance has lost its network: `vpcId` and `subnetId` are then empty strings. Target groups are
 * read elsewhere and stay empty here.
 * @throws BrokenFacts when EC2 leaves out what it always sends
 */
export const toInstanceFacts = (readings: InstanceReadings): InstanceFacts => {
  const { instance, image } = readings;
  const parts = toReplacementFacts(readings);
  const { instanceId, tags } = parts;
  const publicIp = autoAssignedPublicIp(readings.interfaces);
  return {
    accountId: readings.accountId,
    region: readings.region,
    ...parts,
    instanceType: required(instance.InstanceType, `the type of ${instanceId}`),
    state: required(instanceState(instance.State?.Name), `the state of ${instanceId}`),
    launchedAt: required(instance.LaunchTime, `the launch of ${instanceId}`).toISOString(),
    ...softwareFacts(instance, image),
    ...lifecycleFacts(instance),
    ...placementFacts(instance),
    ...launchFacts(instance),
    notCarried: lackingOf(readings),
    zoneId: readings.zoneId,
    rootDeviceType: instance.RootDeviceType ?? "ebs",
    rootDeviceName: instance.RootDeviceName ?? "",
    disableApiTermination: readings.disableApiTermination,
    disableApiStop: readings.disableApiStop,
    domainJoined: isDomainJoined(tags),
    ebsOptimized: instance.EbsOptimized ?? false,
    ...(publicIp === undefined ? {} : { autoAssignedPublicIp: publicIp }),
    targetGroups: [],
    scheduledEvents: pendingEvents(readings.status),
    unenrolled: unenrolledOf(readings),
  };
};
