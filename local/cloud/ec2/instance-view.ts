/** An instance as DescribeInstances shows it. */
import type {
  CpuOptions,
  Instance as InstanceView,
  InstanceNetworkInterface,
  _InstanceType,
  ArchitectureValues,
  Placement,
  Tenancy,
} from "@aws-sdk/client-ec2";
import type { InstanceState } from "../../../core/model/instance.ts";
import { defined } from "./defined.ts";
import { viewChoice } from "./capacity-choice.ts";
import { metadataOf, privateDnsOptionsOf, switchesOf } from "./instance-options.ts";
import { tagList, type Ec2Context } from "./context.ts";
import { volumesOf } from "./instance-lifecycle.ts";
import { addressOn, interfacesOf } from "./interface-records.ts";
import { groupView } from "./security-group-records.ts";
import type { Instance, NetworkInterfaceRecord, PrivateAddress, RegionState } from "./state.ts";

/** The low byte of the state's number in the API. */
export const stateCodes: Readonly<Record<InstanceState, number>> = {
  pending: 0,
  running: 16,
  "shutting-down": 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

export const privateDnsOf = (region: RegionState, ip: string): string =>
  `ip-${ip.replaceAll(".", "-")}.${region.region === "us-east-1" ? "ec2" : `${region.region}.compute`}.internal`;

const publicDnsOf = (region: RegionState, ip: string): string =>
  `ec2-${ip.replaceAll(".", "-")}.${region.region === "us-east-1" ? "compute-1" : `${region.region}.compute`}.amazonaws.com`;

/** Public association of one private address: an Elastic IP (owner: the account) or a lent one (owner: amazon). */
export const associationOf = (
  region: RegionState,
  record: NetworkInterfaceRecord,
  address: PrivateAddress,
) => {
  const elastic = addressOn(region, record.id, address.ip);
  if (elastic !== undefined) {
    return {
      PublicIp: elastic.publicIp,
      PublicDnsName: publicDnsOf(region, elastic.publicIp),
      IpOwnerId: region.accountId,
    };
  }
  if (!address.primary || record.autoPublicIp === undefined) return undefined;
  return {
    PublicIp: record.autoPublicIp,
    PublicDnsName: publicDnsOf(region, record.autoPublicIp),
    IpOwnerId: "amazon",
  };
};

const primaryOf = (record: NetworkInterfaceRecord): PrivateAddress | undefined =>
  record.addresses.find((address) => address.primary);

const viewInterface = (
  region: RegionState,
  record: NetworkInterfaceRecord,
): InstanceNetworkInterface => {
  const primary = primaryOf(record);
  const { attachment } = record;
  return {
    NetworkInterfaceId: record.id,
    Description: record.description,
    SubnetId: record.subnetId,
    VpcId: region.vpcId,
    OwnerId: region.accountId,
    MacAddress: record.mac,
    Status: "in-use",
    InterfaceType: record.interfaceType,
    SourceDestCheck: record.sourceDestCheck,
    Groups: groupView(region, record.groups),
    Ipv6Addresses: record.ipv6.map((Ipv6Address) => ({ Ipv6Address })),
    PrivateIpAddress: primary?.ip,
    PrivateDnsName: primary === undefined ? undefined : privateDnsOf(region, primary.ip),
    Association: primary === undefined ? undefined : associationOf(region, record, primary),
    PrivateIpAddresses: record.addresses.map((address) => ({
      PrivateIpAddress: address.ip,
      PrivateDnsName: privateDnsOf(region, address.ip),
      Primary: address.primary,
      Association: associationOf(region, record, address),
    })),
    Attachment:
      attachment === undefined
        ? undefined
        : {
            AttachmentId: attachment.attachmentId,
            AttachTime: new Date(attachment.attachedAt),
            DeviceIndex: attachment.deviceIndex,
            NetworkCardIndex: attachment.networkCardIndex,
            DeleteOnTermination: attachment.deleteOnTermination,
            Status: attachment.status,
          },
  };
};

/** EC2 marks Windows alone. */
const platformOf = (instance: Instance): { Platform?: "Windows" } =>
  instance.platformDetails.startsWith("Windows") ? { Platform: "Windows" } : {};

const cpuOf = (context: Ec2Context, instance: Instance): CpuOptions => {
  const { vcpu = 1, threadsPerCore = 1 } = context.market.findType(instance.instanceType) ?? {};
  return {
    CoreCount: Math.max(1, vcpu / threadsPerCore),
    ThreadsPerCore: threadsPerCore,
    ...defined(instance.cpu ?? {}),
  };
};

const reservationOf = ({
  capacityReservationId,
  capacityChoice,
}: Instance): Partial<InstanceView> => ({
  ...defined({ CapacityReservationId: capacityReservationId }),
  CapacityReservationSpecification: viewChoice(capacityChoice),
});

const optionsOf = (context: Ec2Context, instance: Instance): Partial<InstanceView> => ({
  CpuOptions: cpuOf(context, instance),
  MetadataOptions: metadataOf(instance),
  PrivateDnsNameOptions: privateDnsOptionsOf(instance),
  ...switchesOf(instance),
  ...reservationOf(instance),
});

const devicesOf = (region: RegionState, instance: Instance): Partial<InstanceView> => ({
  RootDeviceName: instance.rootDeviceName,
  RootDeviceType: instance.rootDeviceType,
  BlockDeviceMappings: volumesOf(region, instance).flatMap((volume) =>
    volume.attachments
      .filter((attachment) => attachment.instanceId === instance.id)
      .map((attachment) => ({
        DeviceName: attachment.deviceName,
        Ebs: {
          VolumeId: volume.id,
          AttachTime: new Date(attachment.attachedAt),
          DeleteOnTermination: attachment.deleteOnTermination,
          Status: attachment.state,
        },
      })),
  ),
});

/** What the instance shows of its primary interface. */
const primaryNetwork = (
  region: RegionState,
  first: NetworkInterfaceRecord,
): Partial<InstanceView> => {
  const primary = primaryOf(first);
  if (primary === undefined) return {};
  const association = associationOf(region, first, primary);
  return {
    SourceDestCheck: first.sourceDestCheck,
    PrivateIpAddress: primary.ip,
    PrivateDnsName: privateDnsOf(region, primary.ip),
    PublicIpAddress: association?.PublicIp,
    PublicDnsName: association?.PublicDnsName ?? "",
  };
};

const networkOf = (region: RegionState, instance: Instance): Partial<InstanceView> => {
  if (instance.state === "terminated") return { NetworkInterfaces: [], SecurityGroups: [] };
  const interfaces = interfacesOf(region, instance);
  const [first] = interfaces;
  return {
    VpcId: region.vpcId,
    SubnetId: instance.subnetId,
    SecurityGroups: groupView(region, first?.groups ?? instance.groups),
    ...(first === undefined ? {} : primaryNetwork(region, first)),
    NetworkInterfaces: interfaces.map((record) => viewInterface(region, record)),
  };
};

const statusOf = (instance: Instance): Partial<InstanceView> => ({
  State: { Name: instance.state, Code: stateCodes[instance.state] },
  StateTransitionReason: instance.transitionReason,
  ...(instance.stateReason === undefined
    ? {}
    : {
        StateReason: { Code: instance.stateReason.code, Message: instance.stateReason.message },
      }),
  LaunchTime: new Date(instance.launchedAt),
});

const placementOf = (
  region: RegionState,
  { placementGroup: group, zone, tenancy }: Instance,
): Placement => ({
  AvailabilityZone: zone.name,
  AvailabilityZoneId: zone.id,
  GroupId: region.placementGroups.get(group?.name ?? "")?.id,
  GroupName: group?.name ?? "",
  PartitionNumber: group?.partition,
  Tenancy: tenancy as Tenancy,
});

export const viewInstance = (
  context: Ec2Context,
  region: RegionState,
  instance: Instance,
): InstanceView => ({
  InstanceId: instance.id,
  ImageId: instance.imageId,
  InstanceType: instance.instanceType as _InstanceType,
  Architecture: instance.architecture as ArchitectureValues,
  AmiLaunchIndex: 0,
  ClientToken: instance.clientToken ?? "",
  EbsOptimized: instance.ebsOptimized,
  EnaSupport: true,
  Hypervisor: "xen",
  VirtualizationType: instance.virtualizationType,
  BootMode: instance.bootMode,
  ...platformOf(instance),
  PlatformDetails: instance.platformDetails,
  UsageOperation: instance.usageOperation,
  ProductCodes: instance.productCodes.map((ProductCodeId) => ({
    ProductCodeId,
    ProductCodeType: "marketplace",
  })),
  Licenses: instance.licenses.map((LicenseConfigurationArn) => ({ LicenseConfigurationArn })),
  InstanceLifecycle: instance.lifecycle,
  SpotInstanceRequestId: instance.spotRequestId,
  KeyName: instance.keyName,
  ...(instance.profileArn === undefined
    ? {}
    : { IamInstanceProfile: { Arn: instance.profileArn, Id: `AIPA${instance.id.slice(2, 19)}` } }),
  Operator: instance.operatorManaged
    ? { Managed: true, Principal: "eks.amazonaws.com" }
    : { Managed: false },
  Monitoring: { State: instance.monitoring ? "enabled" : "disabled" },
  Placement: placementOf(region, instance),
  Tags: tagList(instance.tags),
  ...statusOf(instance),
  ...devicesOf(region, instance),
  ...networkOf(region, instance),
  ...optionsOf(context, instance),
});
