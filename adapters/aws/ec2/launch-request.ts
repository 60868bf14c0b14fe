/** From a blueprint to the RunInstances request of its Spot clone. Pure, and the same for the same input. */
import { hash } from "node:crypto";
import type {
  BlockDeviceMapping,
  CpuOptionsRequest,
  EbsBlockDevice,
  Image,
  InstanceNetworkInterfaceSpecification,
  Placement,
  RunInstancesCommandInput,
  TagSpecification,
  _InstanceType,
} from "@aws-sdk/client-ec2";
import { canonicalJson } from "../../../core/canonical.ts";
import { besideOwners, purposeTag } from "../../../core/model/tags.ts";
import { withoutUndefined } from "../without-undefined.ts";
import { tagList } from "./describe.ts";
import {
  isPrimary,
  type DeviceBlueprint,
  type InterfaceBlueprint,
  type LaunchBlueprint,
} from "./blueprint.ts";

/**
 * `root`: the root volume and the primary interface, because data volumes and secondary interfaces move to the clone
 * later. `all-devices`: every device and interface anew, as a group launches a member.
 */
type Keep = "root" | "all-devices";

export interface SpotLaunch {
  readonly blueprint: LaunchBlueprint;
  readonly keep: Keep;
  /** Absent: Spot. */
  readonly purchase?: "ON_DEMAND";
  readonly instanceType: string;
  readonly imageId: string;
  readonly subnetId: string;
  /** At most 64 characters. EC2 compares parameters per token *and zone*. */
  readonly clientToken: string;
  /** Ours; they win over tags of the same key that the original carries, its owner's own `ManagedBy` aside. */
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Equal digests: the same request but for its token. User data are left out: a digest of what may hold a password helps whoever
 * guesses it.
 */
export const digestOfLaunch = ({
  clientToken: _token,
  blueprint,
  ...launch
}: SpotLaunch): string => {
  const { userData: _secret, ...described } = blueprint;
  return hash("sha256", canonicalJson({ ...launch, blueprint: described }));
};

/** The original's choice; for an original without one, what can't run up a bill (Spot defaults to unlimited). */
const defaultCpuCredits = "standard";

const isBurstable = (instanceType: string): boolean => /^t\d/.test(instanceType);

type Tags = Readonly<Record<string, string>>;

const keptDevices = ({ blueprint, keep }: SpotLaunch): readonly DeviceBlueprint[] =>
  keep === "all-devices"
    ? blueprint.devices
    : blueprint.devices.filter(({ deviceName }) => deviceName === blueprint.rootDeviceName);

const keptInterfaces = ({ blueprint, keep }: SpotLaunch): readonly InterfaceBlueprint[] =>
  keep === "all-devices" ? blueprint.interfaces : blueprint.interfaces.filter(isPrimary);

/**
 * Root and primary interface of a provisional replacement are ours until it is verified, and go with it: the owner's `false`
 * would leave a volume and an interface behind for each replacement that is given up. A member is the group's from its
 * launch on, and has what the group's template says.
 */
const deletionFlag = (keep: Keep, asInSource: boolean | undefined): boolean | undefined =>
  keep === "root" ? true : asInSource;

const volume = (keep: Keep, device: DeviceBlueprint): EbsBlockDevice =>
  withoutUndefined({
    VolumeType: device.volumeType as EbsBlockDevice["VolumeType"],
    VolumeSize: device.sizeGib,
    DeleteOnTermination: deletionFlag(keep, device.deleteOnTermination),
    Iops: device.iops,
    Throughput: device.throughput,
    // Encryption can only be kept or added; the account's default applies where the source has none.
    Encrypted: device.encrypted === true ? true : undefined,
    KmsKeyId: device.kmsKeyId,
    SnapshotId: device.snapshotId,
  });

/** Nothing where the blueprint states nothing of the device: the image has it all. */
const mappingOf = (
  keep: Keep,
  deviceName: string,
  device: DeviceBlueprint,
): BlockDeviceMapping[] => {
  if (device.virtualName !== undefined) {
    return [{ DeviceName: deviceName, VirtualName: device.virtualName }];
  }
  const Ebs = volume(keep, device);
  return Object.keys(Ebs).length === 0 ? [] : [{ DeviceName: deviceName, Ebs }];
};

/** The kept devices as the blueprint has them, the root under the image's name for it, and no other of the image. */
const blockDevices = (launch: SpotLaunch, image: Image): BlockDeviceMapping[] => {
  const { rootDeviceName } = launch.blueprint;
  const nameOf = ({ deviceName }: DeviceBlueprint): string =>
    deviceName === rootDeviceName ? (image.RootDeviceName ?? rootDeviceName) : deviceName;
  const kept = keptDevices(launch);
  const names = new Set(kept.map(nameOf));
  const others = (image.BlockDeviceMappings ?? [])
    .flatMap(({ DeviceName }) => DeviceName ?? [])
    .filter((deviceName) => !names.has(deviceName))
    .sort();
  return [
    ...kept.flatMap((device) => mappingOf(launch.keep, nameOf(device), device)),
    ...others.map((DeviceName) => ({ DeviceName, NoDevice: "" })),
  ];
};

/**
 * EC2 takes a choice of public address for a launch with one interface, and gives none by itself to a launch with
 * several. A public one of several is asked for all the same: EC2 refuses that by name, nobody loses it unseen.
 */
const publicAddress = (found: InterfaceBlueprint, isAlone: boolean): boolean | undefined =>
  isAlone || found.hasPublicIp === true ? found.hasPublicIp : undefined;

const networkInterface = (
  { subnetId, keep }: SpotLaunch,
  found: InterfaceBlueprint,
  isAlone: boolean,
): InstanceNetworkInterfaceSpecification =>
  withoutUndefined({
    DeviceIndex: found.deviceIndex,
    SubnetId: subnetId,
    Groups: found.securityGroupIds.length === 0 ? undefined : [...found.securityGroupIds],
    DeleteOnTermination: deletionFlag(keep, found.deleteOnTermination),
    Description: found.description,
    AssociatePublicIpAddress: publicAddress(found, isAlone),
    Ipv6AddressCount: found.ipv6Count === 0 ? undefined : found.ipv6Count,
    NetworkCardIndex: found.networkCardIndex === 0 ? undefined : found.networkCardIndex,
    InterfaceType: found.interfaceType === "interface" ? undefined : found.interfaceType,
  });

/** The primary one is always written out: left out, the subnet's default could make a private instance public. */
const networkInterfaces = (launch: SpotLaunch): InstanceNetworkInterfaceSpecification[] => {
  const kept = keptInterfaces(launch);
  return kept.map((found) => networkInterface(launch, found, kept.length === 1));
};

/** A launch gives all its volumes, or all its interfaces, the same tags: of several those that they share. */
const sharedTags = ([first, ...others]: readonly { readonly tags: Tags }[]): Tags =>
  Object.fromEntries(
    Object.entries(first?.tags ?? {}).filter(([key, value]) =>
      others.every(({ tags }) => tags[key] === value),
    ),
  );

const tagSpecifications = (launch: SpotLaunch): TagSpecification[] => {
  const { blueprint, tags, purchase } = launch;
  const isSpot = purchase === undefined;
  // Without it the customer's role lets nothing but Spot be launched.
  const purpose = isSpot ? {} : { [purposeTag.key]: purposeTag.value };
  const volumes = keptDevices(launch).filter(({ virtualName }) => virtualName === undefined);
  return [
    {
      ResourceType: "instance",
      Tags: tagList(besideOwners(blueprint.tags, { ...tags, ...purpose })),
    },
    { ResourceType: "volume", Tags: tagList(besideOwners(sharedTags(volumes), tags)) },
    ...(isSpot ? [{ ResourceType: "spot-instances-request" as const, Tags: tagList(tags) }] : []),
    {
      ResourceType: "network-interface",
      Tags: tagList(besideOwners(sharedTags(keptInterfaces(launch)), tags)),
    },
  ];
};

const cpuCredits = ({ blueprint, instanceType }: SpotLaunch): string | undefined =>
  isBurstable(instanceType) ? (blueprint.cpuCredits ?? defaultCpuCredits) : undefined;

/** CPU options belong to a type and are kept for the same type only. */
const cpuOptions = ({ blueprint, instanceType }: SpotLaunch): CpuOptionsRequest | undefined =>
  blueprint.cpuOptions === undefined || blueprint.instanceType !== instanceType
    ? undefined
    : {
        CoreCount: blueprint.cpuOptions.coreCount,
        ThreadsPerCore: blueprint.cpuOptions.threadsPerCore,
      };

const placement = ({ blueprint }: SpotLaunch): Placement | undefined =>
  blueprint.placement === undefined
    ? undefined
    : withoutUndefined({
        ...(blueprint.placement.groupId === undefined
          ? { GroupName: blueprint.placement.groupName }
          : { GroupId: blueprint.placement.groupId }),
        PartitionNumber: blueprint.placement.partitionNumber,
      });

const licenses = ({
  blueprint: { licenseConfigurations },
}: SpotLaunch): RunInstancesCommandInput["LicenseSpecifications"] =>
  licenseConfigurations.length === 0
    ? undefined
    : licenseConfigurations.map((LicenseConfigurationArn) => ({ LicenseConfigurationArn }));

/** The parameter with its one member, where that member has a value. */
const holding = <Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): Readonly<Record<Key, Value>> | undefined =>
  value === undefined ? undefined : ({ [key]: value } as Record<Key, Value>);

const profile = ({ blueprint }: SpotLaunch): RunInstancesCommandInput["IamInstanceProfile"] => {
  const { instanceProfile: found } = blueprint;
  if (found === undefined) return undefined;
  return "arn" in found ? { Arn: found.arn } : { Name: found.name };
};

/** What the source may or may not have. */
const optionalParts = (launch: SpotLaunch): Partial<RunInstancesCommandInput> => {
  const { blueprint } = launch;
  return withoutUndefined({
    MetadataOptions: blueprint.metadataOptions,
    UserData: blueprint.userData?.reveal(),
    IamInstanceProfile: profile(launch),
    KeyName: blueprint.keyName,
    PrivateDnsNameOptions: blueprint.privateDnsNameOptions,
    MaintenanceOptions: holding("AutoRecovery", blueprint.autoRecovery),
    CpuOptions: cpuOptions(launch),
    CreditSpecification: holding("CpuCredits", cpuCredits(launch)),
    EbsOptimized: blueprint.ebsOptimized ? true : undefined,
    Monitoring: blueprint.detailedMonitoring ? { Enabled: true } : undefined,
    EnclaveOptions: blueprint.enclaveEnabled ? { Enabled: true } : undefined,
    Placement: placement(launch),
    LicenseSpecifications: licenses(launch),
  });
};

const oneTimeSpot = {
  MarketType: "spot",
  SpotOptions: { SpotInstanceType: "one-time", InstanceInterruptionBehavior: "terminate" },
} as const;

/**
 * One-time and terminate: a persistent request would launch again after we terminate. No maximum price: AWS's
 * own, the On-Demand price, holds. Left behind on purpose: `aws:*` tags, termination and stop protection
 * (impossible on Spot), host tenancy, hibernation, capacity reservations, shutdown behaviour.
 */
export const spotRequest = (launch: SpotLaunch, image: Image): RunInstancesCommandInput => ({
  MinCount: 1,
  MaxCount: 1,
  ClientToken: launch.clientToken,
  ImageId: launch.imageId,
  InstanceType: launch.instanceType as _InstanceType,
  ...(launch.purchase === undefined && { InstanceMarketOptions: oneTimeSpot }),
  NetworkInterfaces: networkInterfaces(launch),
  BlockDeviceMappings: blockDevices(launch, image),
  TagSpecifications: tagSpecifications(launch),
  ...optionalParts(launch),
});
