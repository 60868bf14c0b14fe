/** Lists every member of the SDK's Instance: what a clone takes of it, and what is refused or left. */
import type { Instance } from "@aws-sdk/client-ec2";
import {
  blockDeviceMappingParts,
  cpuOptionsParts,
  instanceProfileParts,
  maintenanceParts,
  metadataParts,
  monitoringParts,
  placementParts,
  privateDnsParts,
  tagParts,
} from "./instance-parts.ts";
import {
  compared,
  copied,
  copiedIn,
  irrelevant,
  refusedBy,
  unhandled,
  type MembersOf,
} from "./member.ts";

const imageCarries = "The image carries it, and CreateImage takes it over from the instance.";
const saidByInterface = "The primary interface says the same, and is read.";
const followsAddress =
  "It follows from an address, whose change is refused unless the policy accepts it.";

export const instanceMembers = {
  AmiLaunchIndex: irrelevant("It numbers the instances of one launch; a clone is launched alone."),
  Architecture: compared,
  BlockDeviceMappings: copiedIn(blockDeviceMappingParts),
  BootMode: irrelevant(`${imageCarries} The types' boot modes are compared.`),
  CapacityBlockId: irrelevant("It comes with the lifecycle capacity-block, which is refused."),
  CapacityReservationId: refusedBy(
    "CAPACITY_RESERVATION",
    "The reservation is paid whether it is used or not.",
  ),
  CapacityReservationSpecification: refusedBy(
    "CAPACITY_RESERVATION",
    "Spot runs in no On-Demand reservation, and one that is named by its id may keep a stopped instance from starting again.",
  ),
  ClientToken: irrelevant("It names the launch that made the original; each launch has its own."),
  CpuOptions: copiedIn(cpuOptionsParts),
  CurrentInstanceBootMode: irrelevant("It follows from the image's boot mode and the type."),
  EbsOptimized: copied,
  ElasticGpuAssociations: irrelevant("Elastic Graphics ended on January 8, 2024."),
  ElasticInferenceAcceleratorAssociations: irrelevant("Elastic Inference is no longer available."),
  EnaSupport: unhandled(
    "A Xen guest without ENA gets less network on a type whose bandwidth needs it.",
  ),
  EnclaveOptions: refusedBy("ENCLAVE_ENABLED", "Whether another type carries them is not known."),
  HibernationOptions: refusedBy("HIBERNATION_CONFIGURED", "The clone would not have it."),
  Hypervisor: irrelevant("EC2 says xen for Nitro as well; the types' hypervisors are compared."),
  IamInstanceProfile: copiedIn(instanceProfileParts),
  ImageId: compared,
  InstanceId: compared,
  InstanceLifecycle: refusedBy("LIFECYCLE_NOT_ON_DEMAND", "Only On-Demand capacity is replaced."),
  InstanceType: compared,
  Ipv6Address: irrelevant("The primary interface lists its IPv6 addresses, and is read."),
  KernelId: irrelevant(`Paravirtual guests alone have it. ${imageCarries}`),
  KeyName: copied,
  LaunchTime: compared,
  Licenses: unhandled(
    "The clone starts without the licence configurations, so that the licence manager does not count it.",
  ),
  MaintenanceOptions: copiedIn(maintenanceParts),
  MetadataOptions: copiedIn(metadataParts),
  Monitoring: copiedIn(monitoringParts),
  /** Each by itself: network-interface.ts. */
  NetworkInterfaces: copied,
  NetworkPerformanceOptions: unhandled(
    "The clone has the default weighting of network and EBS bandwidth.",
  ),
  Operator: refusedBy("OPERATOR_MANAGED", "The service alone may change it."),
  OutpostArn: unhandled("Outposts sell no Spot†: EC2 refuses each launch, and the original stays."),
  Placement: copiedIn(placementParts),
  Platform: irrelevant("It says windows or nothing; PlatformDetails says more, and is compared."),
  PlatformDetails: compared,
  PrivateDnsName: irrelevant(followsAddress),
  PrivateDnsNameOptions: copiedIn(privateDnsParts),
  PrivateIpAddress: irrelevant(saidByInterface),
  ProductCodes: refusedBy("PRODUCT_CODES", "The licence may not cover a clone on Spot."),
  PublicDnsName: irrelevant(followsAddress),
  PublicIpAddress: irrelevant(saidByInterface),
  RamdiskId: irrelevant(`Paravirtual guests alone have it. ${imageCarries}`),
  RootDeviceName: copied,
  RootDeviceType: refusedBy("ROOT_ON_INSTANCE_STORE", "It can't be stopped, nor imaged."),
  SecondaryInterfaces: unhandled(
    "Interfaces of a secondary network are neither moved nor made anew: the clone lacks them.",
  ),
  SecurityGroups: irrelevant(saidByInterface),
  SourceDestCheck: irrelevant(`${saidByInterface} Without the check it is refused there.`),
  SpotInstanceRequestId: irrelevant("An original on Spot is refused by its lifecycle."),
  SriovNetSupport: irrelevant(imageCarries),
  State: refusedBy("INSTANCE_NOT_RUNNING", "Only a running instance is replaced."),
  StateReason: irrelevant("It says why an earlier state ended."),
  StateTransitionReason: irrelevant("It says why an earlier state ended."),
  SubnetId: compared,
  Tags: copiedIn(tagParts),
  TpmSupport: unhandled("The image asks for a NitroTPM: EC2 refuses a launch on a type without."),
  UsageOperation: irrelevant("It says in a code what PlatformDetails says."),
  UsageOperationUpdateTime: irrelevant("It dates the code of the bill."),
  VirtualizationType: irrelevant("The image has it, and the types' virtualization is compared."),
  VpcId: compared,
} as const satisfies MembersOf<Instance>;
