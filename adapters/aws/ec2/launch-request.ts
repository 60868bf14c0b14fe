/** From a blueprint to the RunInstances request of its Spot clone. Pure, and the same for the same input. */
import type {
  BlockDeviceMapping,
  EbsBlockDevice,
  Image,
  InstanceNetworkInterfaceSpecification,
  RunInstancesCommandInput,
  TagSpecification,
  _InstanceType,
} from "@aws-sdk/client-ec2";
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

const rootVolume = ({ rootVolume: root }: LaunchBlueprint): EbsBlockDevice => ({
  VolumeType: root.volumeType as NonNullable<EbsBlockDevice["VolumeType"]>,
  VolumeSize: root.sizeGib,
  DeleteOnTermination: root.deleteOnTermination,
  ...(root.iops === undefined ? {} : { Iops: root.iops }),
  ...(root.throughput === undefined ? {} : { Throughput: root.throughput }),
  // Encryption can only be kept or added; the account's default applies where the original has none.
  ...(root.encrypted ? { Encrypted: true } : {}),
  ...(root.encrypted && root.kmsKeyId !== undefined ? { KmsKeyId: root.kmsKeyId } : {}),
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
 * alone at the launch; still the public address is asked for only if the original has one interface, because
 * with more EC2 lets none of them have an assigned one.
 */
const primaryInterface = (launch: SpotLaunch): InstanceNetworkInterfaceSpecification => {
  const { primaryInterface: primary, interfaceCount } = launch.blueprint;
  return {
    DeviceIndex: 0,
    SubnetId: launch.subnetId,
    Groups: [...primary.securityGroupIds],
    DeleteOnTermination: primary.deleteOnTermination,
    ...(primary.description === undefined ? {} : { Description: primary.description }),
    ...(interfaceCount === 1 ? { AssociatePublicIpAddress: primary.hasPublicIp } : {}),
    ...(primary.ipv6Count === 0 ? {} : { Ipv6AddressCount: primary.ipv6Count }),
  };
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

/** What the original may or may not have. CPU options belong to a type and are kept for the same type only. */
const optionalParts = ({
  blueprint,
  instanceType,
}: SpotLaunch): Partial<RunInstancesCommandInput> => ({
  ...(blueprint.userData === undefined ? {} : { UserData: blueprint.userData.reveal() }),
  ...(blueprint.instanceProfileArn === undefined
    ? {}
    : { IamInstanceProfile: { Arn: blueprint.instanceProfileArn } }),
  ...(blueprint.keyName === undefined ? {} : { KeyName: blueprint.keyName }),
  ...(blueprint.privateDnsNameOptions === undefined
    ? {}
    : { PrivateDnsNameOptions: blueprint.privateDnsNameOptions }),
  ...(blueprint.cpuOptions === undefined || blueprint.instanceType !== instanceType
    ? {}
    : {
        CpuOptions: {
          CoreCount: blueprint.cpuOptions.coreCount,
          ThreadsPerCore: blueprint.cpuOptions.threadsPerCore,
        },
      }),
  ...(blueprint.autoRecovery === undefined
    ? {}
    : { MaintenanceOptions: { AutoRecovery: blueprint.autoRecovery } }),
});

const switchedOnParts = ({
  blueprint,
  instanceType,
}: SpotLaunch): Partial<RunInstancesCommandInput> => ({
  ...(blueprint.ebsOptimized ? { EbsOptimized: true } : {}),
  ...(blueprint.detailedMonitoring ? { Monitoring: { Enabled: true } } : {}),
  ...(blueprint.enclaveEnabled ? { EnclaveOptions: { Enabled: true } } : {}),
  ...(isBurstable(instanceType)
    ? { CreditSpecification: { CpuCredits: blueprint.cpuCredits ?? defaultCpuCredits } }
    : {}),
});

const placement = ({ blueprint }: SpotLaunch): Partial<RunInstancesCommandInput> => {
  if (blueprint.placement === undefined) return {};
  const { groupName, partitionNumber } = blueprint.placement;
  return {
    Placement: {
      GroupName: groupName,
      ...(partitionNumber === undefined ? {} : { PartitionNumber: partitionNumber }),
    },
  };
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
  ...switchedOnParts(launch),
  ...placement(launch),
});
