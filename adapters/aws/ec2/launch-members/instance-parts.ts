/** Lists the members of an instance's structures of which a clone takes some, and of the volumes that it names. */
import type {
  CpuOptions,
  EbsInstanceBlockDevice,
  IamInstanceProfile,
  InstanceBlockDeviceMapping,
  InstanceMaintenanceOptions,
  InstanceMetadataOptionsResponse,
  OperatorResponse,
  Monitoring,
  Placement,
  PrivateDnsNameOptionsResponse,
  Tag,
  Volume,
} from "@aws-sdk/client-ec2";
import {
  compared,
  copied,
  copiedIn,
  irrelevant,
  notCarriedBut,
  refusedBy,
  refusedIn,
  told,
  type MembersOf,
} from "./member.ts";

const hostIsRefused = "It needs a dedicated host, which is refused by its tenancy.";

export const placementParts = {
  Affinity: irrelevant(hostIsRefused),
  AvailabilityZone: compared,
  AvailabilityZoneId: irrelevant("It is looked up by the zone's name."),
  GroupId: copied,
  GroupName: copied,
  HostId: irrelevant(hostIsRefused),
  HostResourceGroupArn: irrelevant(hostIsRefused),
  PartitionNumber: copied,
  SpreadDomain: irrelevant("Reserved for future use."),
  Tenancy: refusedBy("TENANCY_NOT_SHARED", "The clone would lose it."),
} as const satisfies MembersOf<Placement>;

export const cpuOptionsParts = {
  AmdSevSnp: notCarriedBut("The clone's memory is not encrypted by SEV-SNP.", "disabled"),
  CoreCount: copied,
  NestedVirtualization: notCarriedBut(
    "The clone can't run virtual machines of its own.",
    "disabled",
  ),
  ThreadsPerCore: copied,
} as const satisfies MembersOf<CpuOptions>;

export const metadataParts = {
  HttpEndpoint: copied,
  HttpProtocolIpv6: copied,
  HttpPutResponseHopLimit: copied,
  HttpTokens: copied,
  InstanceMetadataTags: copied,
  State: irrelevant("It says whether the last change has taken hold."),
} as const satisfies MembersOf<InstanceMetadataOptionsResponse>;

export const maintenanceParts = {
  AutoRecovery: copied,
  RebootMigration: irrelevant(
    "It tells a reboot before a scheduled event what to do; no launch takes it, and such an event is refused.",
  ),
} as const satisfies MembersOf<InstanceMaintenanceOptions>;

export const monitoringParts = {
  MetricCategoryIds: told("The clone reports the default categories of metrics."),
  State: copied,
} as const satisfies MembersOf<Monitoring>;

export const instanceProfileParts = {
  Arn: copied,
  Id: irrelevant("The ARN names the profile."),
} as const satisfies MembersOf<IamInstanceProfile>;

export const privateDnsParts = {
  EnableResourceNameDnsAAAARecord: copied,
  EnableResourceNameDnsARecord: copied,
  HostnameType: copied,
} as const satisfies MembersOf<PrivateDnsNameOptionsResponse>;

export const tagParts = {
  Key: copied,
  Value: copied,
} as const satisfies MembersOf<Tag>;

const managedVolume = "A service runs the volume, and may refuse its move.";

const operatorParts = {
  HiddenByDefault: irrelevant("It says how a service's own are listed."),
  Managed: notCarriedBut(managedVolume, false),
  Principal: irrelevant("It names the service; Managed says whether there is one."),
} as const satisfies MembersOf<OperatorResponse>;

const ebsParts = {
  AssociatedResource: notCarriedBut(managedVolume),
  AttachTime: irrelevant("The clone's volumes are attached at its launch."),
  DeleteOnTermination: copied,
  EbsCardIndex: notCarriedBut("The clone's volume is attached by the first EBS card.", 0),
  Operator: refusedIn(managedVolume, operatorParts),
  Status: irrelevant("It says how far an attachment is."),
  VolumeId: copied,
  VolumeOwnerId: irrelevant("EC2 says it for a volume of a managed resource alone."),
} as const satisfies MembersOf<EbsInstanceBlockDevice>;

export const blockDeviceMappingParts = {
  DeviceName: copied,
  Ebs: copiedIn(ebsParts),
} as const satisfies MembersOf<InstanceBlockDeviceMapping>;

const historyOfVolume = "It tells the volume's history; the clone's is made from the image.";

/** As DescribeVolumes shows it. */
export const volumeMembers = {
  Attachments: irrelevant("The instance's mapping says the same, and is read."),
  AvailabilityZone: compared,
  AvailabilityZoneId: irrelevant("The zone's name is read."),
  CreateTime: irrelevant(historyOfVolume),
  Encrypted: copied,
  FastRestored: irrelevant(historyOfVolume),
  Iops: copied,
  KmsKeyId: copied,
  MultiAttachEnabled: refusedBy("MULTI_ATTACH_VOLUME", "Others may write to it while it moves."),
  Operator: refusedIn(managedVolume, operatorParts),
  OutpostArn: irrelevant("The instance says it, and is refused by every launch."),
  OwnerId: irrelevant("It is the account of the instance."),
  Size: copied,
  SnapshotId: irrelevant(historyOfVolume),
  SourceVolumeId: irrelevant(historyOfVolume),
  SseType: irrelevant("Reserved for future use."),
  State: irrelevant("A volume that an instance maps is in use."),
  Tags: copiedIn(tagParts),
  Throughput: copied,
  VolumeArn: irrelevant("It says the id once more."),
  VolumeId: copied,
  VolumeInitializationRate: told(
    "The clone's first reads of each block are as slow as the default makes them.",
  ),
  VolumeType: copied,
} as const satisfies MembersOf<Volume>;
