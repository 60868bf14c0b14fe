/** A network interface as DescribeNetworkInterfaces shows it. */
import type { NetworkInterface, NetworkInterfaceType } from "@aws-sdk/client-ec2";
import { tagList } from "./context.ts";
import { associationOf, privateDnsOf } from "./instance-view.ts";
import { addressOn } from "./interface-records.ts";
import { groupView } from "./security-group-records.ts";
import type {
  InterfaceAttachment,
  NetworkInterfaceRecord,
  PrivateAddress,
  RegionState,
} from "./state.ts";
import { operatorView } from "./traits.ts";

const associationView = (
  region: RegionState,
  record: NetworkInterfaceRecord,
  address: PrivateAddress,
) => {
  const association = associationOf(region, record, address);
  if (association === undefined) return undefined;
  const elastic = addressOn(region, record.id, address.ip);
  return {
    ...association,
    ...(elastic === undefined
      ? {}
      : { AllocationId: elastic.id, AssociationId: elastic.association?.associationId }),
  };
};

const viewAttachment = (region: RegionState, attachment: InterfaceAttachment) => ({
  AttachmentId: attachment.attachmentId,
  AttachTime: new Date(attachment.attachedAt),
  InstanceId: attachment.instanceId,
  InstanceOwnerId: region.accountId,
  DeviceIndex: attachment.deviceIndex,
  NetworkCardIndex: attachment.networkCardIndex,
  DeleteOnTermination: attachment.deleteOnTermination,
  Status: attachment.status,
});

export const statusOf = (record: NetworkInterfaceRecord): "available" | "in-use" =>
  record.attachment === undefined ? "available" : "in-use";

/** Whose it is, and who manages it. */
const standingOf = ({ accountId }: RegionState, { traits = {} }: NetworkInterfaceRecord) => ({
  OwnerId: traits.ownerId ?? accountId,
  RequesterManaged: traits.isRequesterManaged === true,
  ...operatorView(traits.operator),
});

export const viewInterface = (
  region: RegionState,
  record: NetworkInterfaceRecord,
): NetworkInterface => {
  const primary = record.addresses.find((address) => address.primary);
  const zone = region.subnets.get(record.subnetId)?.zone;
  return {
    NetworkInterfaceId: record.id,
    Description: record.description,
    SubnetId: record.subnetId,
    VpcId: region.vpcId,
    AvailabilityZone: zone?.name,
    AvailabilityZoneId: zone?.id,
    ...standingOf(region, record),
    Status: statusOf(record),
    MacAddress: record.mac,
    InterfaceType: record.interfaceType as NetworkInterfaceType,
    SourceDestCheck: record.sourceDestCheck,
    Groups: groupView(region, record.groups),
    Ipv6Addresses: record.ipv6.map((Ipv6Address) => ({ Ipv6Address })),
    PrivateIpAddress: primary?.ip,
    PrivateDnsName: primary === undefined ? undefined : privateDnsOf(region, primary.ip),
    Association: primary === undefined ? undefined : associationView(region, record, primary),
    PrivateIpAddresses: record.addresses.map((address) => ({
      PrivateIpAddress: address.ip,
      PrivateDnsName: privateDnsOf(region, address.ip),
      Primary: address.primary,
      Association: associationView(region, record, address),
    })),
    Attachment:
      record.attachment === undefined ? undefined : viewAttachment(region, record.attachment),
    TagSet: tagList(record.tags),
  };
};
