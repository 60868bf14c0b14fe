/** Lists every member of the SDK's RunInstancesRequest: what the request of a clone holds, and why not the rest. */
/* eslint-disable @typescript-eslint/no-deprecated -- every member is listed, deprecated ones among them */
import type {
  BlockDeviceMapping,
  CpuOptionsRequest,
  CreditSpecificationRequest,
  EbsBlockDevice,
  EnclaveOptionsRequest,
  IamInstanceProfileSpecification,
  InstanceMaintenanceOptionsRequest,
  InstanceMetadataOptionsRequest,
  InstanceNetworkInterfaceSpecification,
  Placement,
  PrivateDnsNameOptionsRequest,
  RunInstancesMonitoringEnabled,
  RunInstancesRequest,
  TagSpecification,
} from "@aws-sdk/client-ec2";
import { tagParts } from "./instance-parts.ts";
import { copied, copiedIn, irrelevant, refused, told, type MembersOf } from "./member.ts";

const byOrder = "The launch order says it.";
const atInterface = "It stands at the interface.";
const chosenByEc2 = "EC2 chooses addresses; those that must stay move to the clone later.";
const bySubnet = "The subnet says it.";

const ebsParts = {
  AvailabilityZone: irrelevant(bySubnet),
  AvailabilityZoneId: irrelevant(bySubnet),
  DeleteOnTermination: copied,
  EbsCardIndex: refused("All volumes are attached by the first EBS card."),
  Encrypted: copied,
  Iops: copied,
  KmsKeyId: copied,
  OutpostArn: irrelevant("Outposts sell no Spot†."),
  SnapshotId: copied,
  Throughput: copied,
  VolumeInitializationRate: told("First reads of each block are as slow as by default."),
  VolumeSize: copied,
  VolumeType: copied,
} as const satisfies MembersOf<EbsBlockDevice>;

const deviceParts = {
  DeviceName: copied,
  Ebs: copiedIn(ebsParts),
  NoDevice: copied,
  VirtualName: copied,
} as const satisfies MembersOf<BlockDeviceMapping>;

const prefixes = refused("The clone's interfaces have no prefixes.");

const interfaceParts = {
  AssociateCarrierIpAddress: refused("In a Wavelength Zone the clone has no carrier address."),
  AssociatePublicIpAddress: copied,
  ConnectionTrackingSpecification: refused("Idle connections end after the default times."),
  DeleteOnTermination: copied,
  Description: copied,
  DeviceIndex: copied,
  EnaQueueCount: told("The interfaces have the default number of queues."),
  EnaSrdSpecification: refused("The interfaces do without ENA Express."),
  Groups: copied,
  InterfaceType: copied,
  Ipv4PrefixCount: prefixes,
  Ipv4Prefixes: prefixes,
  Ipv6AddressCount: copied,
  Ipv6Addresses: irrelevant("An address can't be at two instances; the number is copied."),
  Ipv6PrefixCount: prefixes,
  Ipv6Prefixes: prefixes,
  NetworkCardIndex: copied,
  NetworkInterfaceId: irrelevant("An interface can't be at two instances: a clone gets new ones."),
  PrimaryIpv6: refused("The first IPv6 address of the clone is not fixed as the primary one."),
  PrivateIpAddress: irrelevant(chosenByEc2),
  PrivateIpAddresses: irrelevant(chosenByEc2),
  SecondaryPrivateIpAddressCount: irrelevant(chosenByEc2),
  SubnetId: irrelevant(byOrder),
} as const satisfies MembersOf<InstanceNetworkInterfaceSpecification>;

const sharedHardware = refused("Spot runs on shared hardware.");

const placementParts = {
  Affinity: sharedHardware,
  AvailabilityZone: irrelevant(bySubnet),
  AvailabilityZoneId: irrelevant(bySubnet),
  GroupId: copied,
  GroupName: copied,
  HostId: sharedHardware,
  HostResourceGroupArn: sharedHardware,
  PartitionNumber: copied,
  SpreadDomain: irrelevant("Reserved for future use."),
  Tenancy: sharedHardware,
} as const satisfies MembersOf<Placement>;

const cpuParts = {
  AmdSevSnp: refused("The clone's memory is not encrypted by SEV-SNP."),
  CoreCount: copied,
  NestedVirtualization: refused("The clone can't run virtual machines of its own."),
  ThreadsPerCore: copied,
} as const satisfies MembersOf<CpuOptionsRequest>;

const monitoringParts = {
  Enabled: copied,
  MetricCategoryIds: told("The clone reports the default categories of metrics."),
} as const satisfies MembersOf<RunInstancesMonitoringEnabled>;

const metadataParts = {
  HttpEndpoint: copied,
  HttpProtocolIpv6: copied,
  HttpPutResponseHopLimit: copied,
  HttpTokens: copied,
  InstanceMetadataTags: copied,
} as const satisfies MembersOf<InstanceMetadataOptionsRequest>;

const privateDnsParts = {
  EnableResourceNameDnsAAAARecord: copied,
  EnableResourceNameDnsARecord: copied,
  HostnameType: copied,
} as const satisfies MembersOf<PrivateDnsNameOptionsRequest>;

const creditParts = { CpuCredits: copied } as const satisfies MembersOf<CreditSpecificationRequest>;

const enclaveParts = { Enabled: copied } as const satisfies MembersOf<EnclaveOptionsRequest>;

const profileParts = {
  Arn: copied,
  Name: copied,
} as const satisfies MembersOf<IamInstanceProfileSpecification>;

const maintenanceParts = {
  AutoRecovery: copied,
} as const satisfies MembersOf<InstanceMaintenanceOptionsRequest>;

const tagSpecificationParts = {
  ResourceType: copied,
  Tags: copiedIn(tagParts),
} as const satisfies MembersOf<TagSpecification>;

export const runInstancesMembers = {
  AdditionalInfo: irrelevant("Reserved, says the API."),
  BlockDeviceMappings: copiedIn(deviceParts),
  CapacityReservationSpecification: irrelevant("Spot runs in no On-Demand reservation."),
  ClientToken: irrelevant(byOrder),
  CpuOptions: copiedIn(cpuParts),
  CreditSpecification: copiedIn(creditParts),
  DisableApiStop: refused("Stop protection says that the owner wants no switch."),
  DisableApiTermination: refused("Spot does not offer termination protection."),
  DryRun: irrelevant("A launch is meant; the permission check has requests of its own."),
  EbsOptimized: copied,
  ElasticGpuSpecification: irrelevant("Elastic Graphics ended on January 8, 2024."),
  ElasticInferenceAccelerators: irrelevant("Elastic Inference is no longer available."),
  EnablePrimaryIpv6: refused("The first IPv6 address of the clone is not fixed as primary."),
  EnclaveOptions: copiedIn(enclaveParts),
  HibernationOptions: refused("The clone would be interrupted by termination, not hibernation."),
  IamInstanceProfile: copiedIn(profileParts),
  ImageId: irrelevant(byOrder),
  InstanceInitiatedShutdownBehavior: irrelevant(
    "A one-time Spot instance can't be stopped: its shutdown ends it†.",
  ),
  InstanceMarketOptions: irrelevant("Always one-time Spot, ended by an interruption."),
  InstanceType: irrelevant(byOrder),
  Ipv6AddressCount: irrelevant(atInterface),
  Ipv6Addresses: irrelevant(atInterface),
  KernelId: irrelevant("The image carries it."),
  KeyName: copied,
  LaunchTemplate: irrelevant(
    "The request is written out, so that a template edited meanwhile changes nothing.",
  ),
  LicenseSpecifications: copiedIn({ LicenseConfigurationArn: copied }),
  MaintenanceOptions: copiedIn(maintenanceParts),
  MaxCount: irrelevant("One instance is launched at a time."),
  MetadataOptions: copiedIn(metadataParts),
  MinCount: irrelevant("One instance is launched at a time."),
  Monitoring: copiedIn(monitoringParts),
  NetworkInterfaces: copiedIn(interfaceParts),
  NetworkPerformanceOptions: refused("The clone has the default weighting of bandwidth."),
  Operator: refused("A service that manages its instances replaces them itself."),
  Placement: copiedIn(placementParts),
  PrivateDnsNameOptions: copiedIn(privateDnsParts),
  PrivateIpAddress: irrelevant(atInterface),
  RamdiskId: irrelevant("The image carries it."),
  SecondaryInterfaces: refused("The clone has no interfaces of a secondary network."),
  SecurityGroupIds: irrelevant(atInterface),
  SecurityGroups: irrelevant(atInterface),
  SubnetId: irrelevant(atInterface),
  TagSpecifications: copiedIn(tagSpecificationParts),
  UserData: copied,
} as const satisfies MembersOf<RunInstancesRequest>;
