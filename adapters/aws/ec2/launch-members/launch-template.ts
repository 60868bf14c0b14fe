/**
 * Lists every member of launch template data, as requests and answers have them: what the blueprint of a template
 * carries. What is refused and not at its default is named by blueprintOfTemplate, never dropped.
 */
/* eslint-disable @typescript-eslint/no-deprecated -- every member is listed, deprecated ones among them */
import type {
  CreditSpecification,
  LaunchTemplateBlockDeviceMapping,
  LaunchTemplateCapacityReservationSpecificationResponse,
  LaunchTemplateCpuOptions,
  LaunchTemplateEbsBlockDevice,
  LaunchTemplateEnclaveOptions,
  LaunchTemplateHibernationOptions,
  LaunchTemplateIamInstanceProfileSpecification,
  LaunchTemplateInstanceMaintenanceOptions,
  LaunchTemplateInstanceMetadataOptions,
  LaunchTemplateInstanceNetworkInterfaceSpecification,
  LaunchTemplateNetworkPerformanceOptions,
  LaunchTemplatePlacement,
  LaunchTemplatePrivateDnsNameOptions,
  LaunchTemplatesMonitoring,
  LaunchTemplateTagSpecification,
  OperatorResponse,
  RequestLaunchTemplateData,
  ResponseLaunchTemplateData,
} from "@aws-sdk/client-ec2";
import { tagParts } from "./instance-parts.ts";
import { copied, copiedIn, irrelevant, refused, refusedIn, type MembersOf } from "./member.ts";

const oneMember = "It belongs to one instance: a clone beside a member can't have it too.";
const byOrder = "The launch order names the subnet, and with it the zone.";
const notInBlueprint = "The blueprint has no place for it.";
const sharedHardware = "Spot runs on shared hardware.";

const ebsParts = {
  DeleteOnTermination: copied,
  EbsCardIndex: refused(notInBlueprint, 0),
  Encrypted: copied,
  Iops: copied,
  KmsKeyId: copied,
  SnapshotId: copied,
  Throughput: copied,
  VolumeInitializationRate: refused(notInBlueprint),
  VolumeSize: copied,
  VolumeType: copied,
} as const satisfies MembersOf<LaunchTemplateEbsBlockDevice>;

const deviceParts = {
  DeviceName: copied,
  Ebs: copiedIn(ebsParts),
  NoDevice: copied,
  VirtualName: copied,
} as const satisfies MembersOf<LaunchTemplateBlockDeviceMapping>;

const interfaceParts = {
  AssociateCarrierIpAddress: refused(notInBlueprint, false),
  AssociatePublicIpAddress: copied,
  ConnectionTrackingSpecification: refused(notInBlueprint),
  DeleteOnTermination: copied,
  Description: copied,
  DeviceIndex: copied,
  EnaQueueCount: refused(notInBlueprint),
  EnaSrdSpecification: refused(notInBlueprint),
  Groups: copied,
  InterfaceType: copied,
  Ipv4PrefixCount: refused(notInBlueprint, 0),
  Ipv4Prefixes: refused(oneMember),
  Ipv6AddressCount: copied,
  Ipv6Addresses: refused(oneMember),
  Ipv6PrefixCount: refused(notInBlueprint, 0),
  Ipv6Prefixes: refused(oneMember),
  NetworkCardIndex: copied,
  NetworkInterfaceId: refused(oneMember),
  PrimaryIpv6: refused(notInBlueprint, false),
  PrivateIpAddress: refused(oneMember),
  PrivateIpAddresses: refused(oneMember),
  SecondaryPrivateIpAddressCount: refused(notInBlueprint, 0),
  SubnetId: refused("The launch order names one subnet, for all interfaces."),
} as const satisfies MembersOf<LaunchTemplateInstanceNetworkInterfaceSpecification>;

const placementParts = {
  Affinity: refused(sharedHardware, "default"),
  AvailabilityZone: refused(byOrder),
  AvailabilityZoneId: refused(byOrder),
  GroupId: refused(notInBlueprint),
  GroupName: copied,
  HostId: refused(sharedHardware),
  HostResourceGroupArn: refused(sharedHardware),
  PartitionNumber: copied,
  SpreadDomain: irrelevant("Reserved for future use."),
  Tenancy: refused(sharedHardware, "default"),
} as const satisfies MembersOf<LaunchTemplatePlacement>;

const cpuParts = {
  AmdSevSnp: refused(notInBlueprint, "disabled"),
  CoreCount: copied,
  NestedVirtualization: refused(notInBlueprint, "disabled"),
  ThreadsPerCore: copied,
} as const satisfies MembersOf<LaunchTemplateCpuOptions>;

const metadataParts = {
  HttpEndpoint: copied,
  HttpProtocolIpv6: copied,
  HttpPutResponseHopLimit: copied,
  HttpTokens: copied,
  InstanceMetadataTags: copied,
  State: irrelevant("It says whether the last change has taken hold."),
} as const satisfies MembersOf<LaunchTemplateInstanceMetadataOptions>;

const privateDnsParts = {
  EnableResourceNameDnsAAAARecord: copied,
  EnableResourceNameDnsARecord: copied,
  HostnameType: copied,
} as const satisfies MembersOf<LaunchTemplatePrivateDnsNameOptions>;

const creditParts = { CpuCredits: copied } as const satisfies MembersOf<CreditSpecification>;

const enclaveParts = { Enabled: copied } as const satisfies MembersOf<LaunchTemplateEnclaveOptions>;

const profileParts = {
  Arn: copied,
  Name: copied,
} as const satisfies MembersOf<LaunchTemplateIamInstanceProfileSpecification>;

const maintenanceParts = {
  AutoRecovery: copied,
} as const satisfies MembersOf<LaunchTemplateInstanceMaintenanceOptions>;

/** Those of instances, volumes and interfaces; blueprintOfTemplate names the others. */
const tagSpecificationParts = {
  ResourceType: copied,
  Tags: copiedIn(tagParts),
} as const satisfies MembersOf<LaunchTemplateTagSpecification>;

const monitoringParts = {
  Enabled: copied,
  MetricCategoryIds: refused(notInBlueprint),
} as const satisfies MembersOf<LaunchTemplatesMonitoring>;

const reservationParts = {
  CapacityReservationPreference: refused("Spot runs in no On-Demand reservation.", "open", "none"),
  CapacityReservationTarget: refused("Spot runs in no On-Demand reservation."),
} as const satisfies MembersOf<LaunchTemplateCapacityReservationSpecificationResponse>;

const hibernationParts = {
  Configured: refused("The clone would be interrupted by termination, not hibernation.", false),
} as const satisfies MembersOf<LaunchTemplateHibernationOptions>;

const bandwidthParts = {
  BandwidthWeighting: refused(notInBlueprint, "default"),
} as const satisfies MembersOf<LaunchTemplateNetworkPerformanceOptions>;

const managed = "A service that manages its instances replaces them itself.";

const operatorParts = {
  HiddenByDefault: irrelevant("It follows from the management."),
  Managed: refused(managed, false),
  Principal: refused(managed),
} as const satisfies MembersOf<OperatorResponse>;

export const launchTemplateMembers = {
  BlockDeviceMappings: copiedIn(deviceParts),
  CapacityReservationSpecification: refusedIn(
    "Spot runs in no On-Demand reservation.",
    reservationParts,
  ),
  CpuOptions: copiedIn(cpuParts),
  CreditSpecification: copiedIn(creditParts),
  DisableApiStop: refused("The clone must be ended when the switch is undone.", false),
  DisableApiTermination: refused("Spot does not offer termination protection.", false),
  EbsOptimized: copied,
  ElasticGpuSpecifications: irrelevant("Elastic Graphics ended on January 8, 2024."),
  ElasticInferenceAccelerators: irrelevant("Elastic Inference is no longer available."),
  EnclaveOptions: copiedIn(enclaveParts),
  HibernationOptions: refusedIn("Spot does not hibernate on demand.", hibernationParts),
  IamInstanceProfile: copiedIn(profileParts),
  ImageId: irrelevant("The launch order names the image; a parameter is resolved once per run."),
  InstanceInitiatedShutdownBehavior: irrelevant(
    "A one-time Spot instance can't be stopped: its shutdown ends it†.",
  ),
  InstanceMarketOptions: refused("The template asks for Spot already."),
  InstanceRequirements: refused("The launch order names one type, not what it must have."),
  InstanceType: copied,
  KernelId: refused("Paravirtual guests alone have it: the blueprint has no place for it."),
  KeyName: copied,
  LicenseSpecifications: refused(notInBlueprint),
  MaintenanceOptions: copiedIn(maintenanceParts),
  MetadataOptions: copiedIn(metadataParts),
  Monitoring: copiedIn(monitoringParts),
  NetworkInterfaces: copiedIn(interfaceParts),
  NetworkPerformanceOptions: refusedIn(notInBlueprint, bandwidthParts),
  Operator: refusedIn(managed, operatorParts),
  Placement: copiedIn(placementParts),
  PrivateDnsNameOptions: copiedIn(privateDnsParts),
  RamDiskId: refused("Paravirtual guests alone have it: the blueprint has no place for it."),
  SecondaryInterfaces: refused(notInBlueprint),
  SecurityGroupIds: copied,
  SecurityGroups: refused("A name means one VPC's group, and a launch into a subnet takes ids."),
  TagSpecifications: copiedIn(tagSpecificationParts),
  UserData: copied,
} as const satisfies MembersOf<ResponseLaunchTemplateData> & MembersOf<RequestLaunchTemplateData>;
