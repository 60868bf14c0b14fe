/**
 * Lists every member of the SDK's InstanceNetworkInterface. The members are read from DescribeNetworkInterfaces, whose
 * NetworkInterface has them all and a few more.
 */
import type {
  GroupIdentifier,
  InstanceIpv6Address,
  InstanceNetworkInterface,
  InstanceNetworkInterfaceAssociation,
  InstanceNetworkInterfaceAttachment,
  InstancePrivateIpAddress,
  NetworkInterface,
  NetworkInterfaceAssociation,
  NetworkInterfaceAttachment,
  NetworkInterfaceIpv6Address,
  NetworkInterfacePrivateIpAddress,
} from "@aws-sdk/client-ec2";
import { tagParts } from "./instance-parts.ts";
import {
  compared,
  comparedIn,
  copied,
  copiedIn,
  irrelevant,
  refusedBy,
  unhandled,
  type MembersOf,
} from "./member.ts";

const attachmentParts = {
  AttachTime: irrelevant("The clone's interface is attached at its launch."),
  AttachmentId: compared,
  DeleteOnTermination: copied,
  DeviceIndex: copied,
  EnaQueueCount: unhandled("The clone's interface has the default number of queues."),
  EnaSrdSpecification: unhandled("The clone's interface does without ENA Express."),
  NetworkCardIndex: copied,
  Status: irrelevant("It says how far an attachment is."),
} as const satisfies MembersOf<InstanceNetworkInterfaceAttachment>;

const describedAttachmentParts = {
  ...attachmentParts,
  InstanceId: compared,
  InstanceOwnerId: irrelevant("It is the account of the instance."),
} as const satisfies MembersOf<NetworkInterfaceAttachment>;

const followsAddress = "It follows from the address, whose change is accepted or refused.";
const lostPrefixes =
  "The clone's primary interface has no prefixes: what is addressed by them is not reached.";
const lostAddress = "Neither moved nor asked for: the clone lacks the address.";

/** Of an interface, and so of its primary address. */
const associationParts = {
  CarrierIp: unhandled(lostAddress),
  CustomerOwnedIp: unhandled(lostAddress),
  IpOwnerId: compared,
  PublicDnsName: irrelevant(followsAddress),
  PublicIp: copied,
} as const satisfies MembersOf<InstanceNetworkInterfaceAssociation>;

const describedAssociationParts = {
  ...associationParts,
  AllocationId: irrelevant("PrivateIpAddresses says it of each address, and is read."),
  AssociationId: irrelevant("An address that moves is associated anew."),
} as const satisfies MembersOf<NetworkInterfaceAssociation>;

const addressParts = {
  Association: comparedIn({ ...associationParts, PublicIp: compared }),
  Primary: compared,
  PrivateDnsName: irrelevant(followsAddress),
  PrivateIpAddress: compared,
} as const satisfies MembersOf<InstancePrivateIpAddress>;

const describedAddressParts = {
  ...addressParts,
  Association: comparedIn({
    ...describedAssociationParts,
    AllocationId: compared,
    PublicIp: compared,
  }),
} as const satisfies MembersOf<NetworkInterfacePrivateIpAddress>;

const ipv6Parts = {
  Ipv6Address: irrelevant("The clone gets as many, and other ones."),
  IsPrimaryIpv6: unhandled("None of the clone's IPv6 addresses is fixed as the primary one."),
} as const satisfies MembersOf<InstanceIpv6Address>;

const describedIpv6Parts = {
  ...ipv6Parts,
  PublicIpv6DnsName: irrelevant(followsAddress),
} as const satisfies MembersOf<NetworkInterfaceIpv6Address>;

const groupParts = {
  GroupId: copied,
  GroupName: irrelevant("The id says the group."),
} as const satisfies MembersOf<GroupIdentifier>;

const shared = {
  ConnectionTrackingConfiguration: unhandled(
    "The clone's primary interface forgets idle connections after the default times.",
  ),
  Description: copied,
  Groups: copiedIn(groupParts),
  InterfaceType: refusedBy("INTERFACE_NOT_MOVABLE", "The service that made it alone may move it."),
  Ipv4Prefixes: unhandled(lostPrefixes),
  Ipv6Prefixes: unhandled(lostPrefixes),
  MacAddress: irrelevant("It belongs to the interface: a new one has another."),
  NetworkInterfaceId: compared,
  Operator: unhandled(
    "A service runs the interface and may refuse its move: the switch is then undone.",
  ),
  OwnerId: irrelevant("It is the account of the instance."),
  PrivateDnsName: irrelevant(followsAddress),
  PrivateIpAddress: irrelevant("PrivateIpAddresses lists it, marked as primary."),
  SourceDestCheck: refusedBy("ROUTER_OR_NAT", "Others lose their way while it moves."),
  Status: irrelevant("An interface that an instance lists is in use."),
  SubnetId: compared,
  VpcId: irrelevant("It is the VPC of the instance, which is compared."),
} as const satisfies Omit<
  MembersOf<InstanceNetworkInterface>,
  "Association" | "Attachment" | "Ipv6Addresses" | "PrivateIpAddresses"
>;

export const instanceInterfaceMembers = {
  ...shared,
  Association: copiedIn(associationParts),
  Attachment: copiedIn(attachmentParts),
  Ipv6Addresses: copiedIn(ipv6Parts),
  PrivateIpAddresses: comparedIn(addressParts),
} as const satisfies MembersOf<InstanceNetworkInterface>;

/** As DescribeNetworkInterfaces shows it. */
export const networkInterfaceMembers = {
  ...shared,
  Association: copiedIn(describedAssociationParts),
  AssociatedSubnets: unhandled("The clone's primary interface is in one subnet alone."),
  Attachment: copiedIn(describedAttachmentParts),
  AvailabilityZone: irrelevant("It is the zone of the instance, which is compared."),
  AvailabilityZoneId: irrelevant("It is the zone of the instance, which is compared."),
  DenyAllIgwTraffic: unhandled("The internet may reach the IPv6 addresses of the clone."),
  Ipv6Address: irrelevant("Ipv6Addresses lists it."),
  Ipv6Addresses: copiedIn(describedIpv6Parts),
  Ipv6Native: irrelevant(
    "An IPv6-only subnet has no free IPv4 address, so that no subnet of the kind is taken†.",
  ),
  OutpostArn: irrelevant("The instance says it, and is refused by every launch."),
  PrivateIpAddresses: comparedIn(describedAddressParts),
  PublicDnsName: irrelevant(followsAddress),
  PublicIpDnsNameOptions: unhandled("The clone's public name is of the default kind."),
  RequesterId: irrelevant("RequesterManaged says what matters of it."),
  RequesterManaged: unhandled(
    "A service runs the interface and may refuse its move: the switch is then undone.",
  ),
  TagSet: copiedIn(tagParts),
} as const satisfies MembersOf<NetworkInterface>;
