/** From a blueprint to the RunInstances request of its Spot clone. Pure, and the same for the same input. */
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
import { withoutUndefined } from "../without-undefined.ts";
import { tagList } from "./describe.ts";
import type { LaunchBlueprint } from "./blueprint.ts";

export interface SpotLaunch {
  readonly blueprint: LaunchBlueprint;
  readonly instanceType: string;
  readonly imageId: string;
  readonly subnetId: string;
  /** At most 64 characters. EC2 compares parameters per token *and zone*. */
  readonly clientToken: string;
  /** Ours; they win over tags of the same key that the original carries. */
  readonly tags: Readonly<Record<string, string>>;
}

/** The original's choice; for an original without one, what can't run up a bill (Spot defaults to unlimited). */
const defaultCpuCredits = "standard";

const isBurstable = (instanceType: string): boolean => /^t\d/.test(instanceType);

const rootVolume = ({ rootVolume: root }: LaunchBlueprint): EbsBlockDevice =>
  withoutUndefined({
    VolumeType: root.volumeType as NonNullable<EbsBlockDevice["VolumeType"]>,
    VolumeSize: root.sizeGib,
    DeleteOnTermination: root.deleteOnTermination,
    Iops: root.iops,
    Throughput: root.throughput,
    // Encryption can only be kept or added; the account's default applies where the original has none.
    Encrypted: root.encrypted ? true : undefined,
    KmsKeyId: root.encrypted ? root.kmsKeyId : undefined,
  });

/** The root as the original has it, and no other device of the image: data volumes move, they are not copied. */
const blockDevices = (blueprint: LaunchBlueprint, image: Image): BlockDeviceMapping[] => {
  const rootDevice = image.RootDeviceName ?? blueprint.rootVolume.deviceName;
  const others = (image.BlockDeviceMappings ?? [])
    .flatMap(({ DeviceName }) => DeviceName ?? [])
    .filter((deviceName) => deviceName !== rootDevice)
    .sort();
  return [
    { DeviceName: rootDevice, Ebs: rootVolume(blueprint) },
    ...others.map((DeviceName) => ({ DeviceName, NoDevice: "" })),
  ];
};

/**
 * The primary interface with the groups of the original's. Secondary interfaces move later, so that this one is
 * alone at the launch and EC2 takes the choice of a public address. It is always made: left out, the subnet's
 * default would hold, and give a private instance a public address.
 */
const primaryInterface = (launch: SpotLaunch): InstanceNetworkInterfaceSpecification => {
  const { primaryInterface: primary } = launch.blueprint;
  return withoutUndefined({
    DeviceIndex: 0,
    SubnetId: launch.subnetId,
    Groups: [...primary.securityGroupIds],
    DeleteOnTermination: primary.deleteOnTermination,
    Description: primary.description,
    AssociatePublicIpAddress: primary.hasPublicIp,
    Ipv6AddressCount: primary.ipv6Count === 0 ? undefined : primary.ipv6Count,
  });
};

const tagSpecifications = ({ blueprint, tags }: SpotLaunch): TagSpecification[] => [
  { ResourceType: "instance", Tags: tagList({ ...blueprint.tags, ...tags }) },
  { ResourceType: "volume", Tags: tagList({ ...blueprint.rootVolume.tags, ...tags }) },
  { ResourceType: "spot-instances-request", Tags: tagList(tags) },
  {
    ResourceType: "network-interface",
    Tags: tagList({ ...blueprint.primaryInterface.tags, ...tags }),
  },
];

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
        GroupName: blueprint.placement.groupName,
        PartitionNumber: blueprint.placement.partitionNumber,
      });

/** The parameter with its one member, where that member has a value. */
const holding = <Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): Readonly<Record<Key, Value>> | undefined =>
  value === undefined ? undefined : ({ [key]: value } as Record<Key, Value>);

/** What the original may or may not have. */
const optionalParts = (launch: SpotLaunch): Partial<RunInstancesCommandInput> => {
  const { blueprint } = launch;
  return withoutUndefined({
    UserData: blueprint.userData?.reveal(),
    IamInstanceProfile: holding("Arn", blueprint.instanceProfileArn),
    KeyName: blueprint.keyName,
    PrivateDnsNameOptions: blueprint.privateDnsNameOptions,
    MaintenanceOptions: holding("AutoRecovery", blueprint.autoRecovery),
    CpuOptions: cpuOptions(launch),
    CreditSpecification: holding("CpuCredits", cpuCredits(launch)),
    EbsOptimized: blueprint.ebsOptimized ? true : undefined,
    Monitoring: blueprint.detailedMonitoring ? { Enabled: true } : undefined,
    EnclaveOptions: blueprint.enclaveEnabled ? { Enabled: true } : undefined,
    Placement: placement(launch),
  });
};

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
  InstanceMarketOptions: {
    MarketType: "spot",
    SpotOptions: { SpotInstanceType: "one-time", InstanceInterruptionBehavior: "terminate" },
  },
  MetadataOptions: { ...launch.blueprint.metadataOptions },
  NetworkInterfaces: [primaryInterface(launch)],
  BlockDeviceMappings: blockDevices(launch.blueprint, image),
  TagSpecifications: tagSpecifications(launch),
  ...optionalParts(launch),
});
