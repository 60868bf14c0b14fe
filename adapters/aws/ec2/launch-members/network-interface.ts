/**
 * Lists every member of the SDK's InstanceNetworkInterface. The members are read from DescribeNetworkInterfaces, whose
 * NetworkInterface has them all and a few more.
 */
import type {
  ConnectionTrackingConfiguration,
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
  notCarriedBut,
  refusedBy,
  refusedIn,
  told,
  type MembersOf,
} from "./member.ts";

const noExpress = "The clone's interface does without ENA Express.";

const attachmentParts = {
  AttachTime: irrelevant("The clone's interface is attached at its launch."),
  AttachmentId: compared,
  DeleteOnTermination: copied,
  DeviceIndex: copied,
  EnaQueueCount: told("The clone's interface has the default number of queues."),
  EnaSrdSpecification: refusedIn(noExpress, {
    EnaSrdEnabled: notCarriedBut(noExpress, false),
    EnaSrdUdpSpecification: refusedIn(noExpress, {
      EnaSrdUdpEnabled: notCarriedBut(noExpress, false),
    }),
  }),
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
  CarrierIp: notCarriedBut(lostAddress),
  CustomerOwnedIp: notCarriedBut(lostAddress),
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
  IsPrimaryIpv6: notCarriedBut("None of the clone's IPv6 addresses is the primary one.", false),
} as const satisfies MembersOf<InstanceIpv6Address>;

const describedIpv6Parts = {
  ...ipv6Parts,
  PublicIpv6DnsName: irrelevant(followsAddress),
} as const satisfies MembersOf<NetworkInterfaceIpv6Address>;

const groupParts = {
  GroupId: copied,
  GroupName: irrelevant("The id says the group."),
} as const satisfies MembersOf<GroupIdentifier>;

const managedInterface = "A service runs the interface, and may refuse its move.";

const forgets = (defaultSeconds: number) =>
  notCarriedBut("The clone's primary interface has the default times.", defaultSeconds);

/** Source of the defaults: EC2 user guide, "Connection tracking"; that of TCP depends on the type. */
const trackingParts = {
  TcpEstablishedTimeout: notCarriedBut(
    "The clone's primary interface has the default times.",
    432_000,
    350,
  ),
  UdpStreamTimeout: forgets(180),
  UdpTimeout: forgets(30),
} as const satisfies MembersOf<ConnectionTrackingConfiguration>;

const shared = {
  ConnectionTrackingConfiguration: refusedIn("The clone has the default times.", trackingParts),
  Description: copied,
  Groups: copiedIn(groupParts),
  InterfaceType: refusedBy("INTERFACE_NOT_MOVABLE", "The service that made it alone may move it."),
  Ipv4Prefixes: notCarriedBut(lostPrefixes),
  Ipv6Prefixes: notCarriedBut(lostPrefixes),
  MacAddress: irrelevant("It belongs to the interface: a new one has another."),
  NetworkInterfaceId: compared,
  Operator: refusedIn(managedInterface, {
    HiddenByDefault: irrelevant("It says how a service's own are listed."),
    Managed: notCarriedBut(managedInterface, false),
    Principal: irrelevant("It names the service; Managed says whether there is one."),
  }),
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
  AssociatedSubnets: notCarriedBut("The clone's primary interface is in one subnet alone."),
  Attachment: copiedIn(describedAttachmentParts),
  AvailabilityZone: irrelevant("It is the zone of the instance, which is compared."),
  AvailabilityZoneId: irrelevant("It is the zone of the instance, which is compared."),
  DenyAllIgwTraffic: notCarriedBut(
    "The internet may reach the IPv6 addresses of the clone.",
    false,
  ),
  Ipv6Address: irrelevant("Ipv6Addresses lists it."),
  Ipv6Addresses: copiedIn(describedIpv6Parts),
  Ipv6Native: irrelevant(
    "An IPv6-only subnet has no free IPv4 address, so that no subnet of the kind is taken†.",
  ),
  OutpostArn: irrelevant("The instance says it, and is refused by every launch."),
  PrivateIpAddresses: comparedIn(describedAddressParts),
  PublicDnsName: irrelevant(followsAddress),
  PublicIpDnsNameOptions: told("The clone's public name is of the default kind."),
  RequesterId: irrelevant("RequesterManaged says what matters of it."),
  RequesterManaged: notCarriedBut(managedInterface, false),
  TagSet: copiedIn(tagParts),
} as const satisfies MembersOf<NetworkInterface>;
