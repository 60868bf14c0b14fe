/** One instance as EC2 describes it: Elastic IP, secondary address, data volume, secondary interface. */
import type {
  Image,
  Instance,
  InstanceStatus,
  NetworkInterface,
  Volume,
} from "@aws-sdk/client-ec2";

export const instanceId = "i-0123456789abcdef0";

export const originalInstance = (change: Partial<Instance> = {}): Instance => ({
  InstanceId: instanceId,
  InstanceType: "m5.large",
  State: { Code: 16, Name: "running" },
  LaunchTime: new Date("2026-01-01T00:00:00Z"),
  Architecture: "x86_64",
  PlatformDetails: "Linux/UNIX",
  ImageId: "ami-1",
  Placement: { AvailabilityZone: "eu-central-1a", Tenancy: "default", GroupName: "" },
  VpcId: "vpc-1",
  SubnetId: "subnet-1",
  RootDeviceType: "ebs",
  RootDeviceName: "/dev/xvda",
  EbsOptimized: true,
  KeyName: "ops",
  IamInstanceProfile: { Arn: "arn:aws:iam::123456789012:instance-profile/web", Id: "AIPA" },
  Monitoring: { State: "enabled" },
  CpuOptions: { CoreCount: 1, ThreadsPerCore: 2 },
  MaintenanceOptions: { AutoRecovery: "disabled" },
  PrivateDnsNameOptions: {
    HostnameType: "ip-name",
    EnableResourceNameDnsARecord: true,
    EnableResourceNameDnsAAAARecord: false,
  },
  MetadataOptions: {
    State: "applied",
    HttpTokens: "required",
    HttpPutResponseHopLimit: 2,
    HttpEndpoint: "enabled",
    HttpProtocolIpv6: "disabled",
    InstanceMetadataTags: "enabled",
  },
  HibernationOptions: { Configured: false },
  EnclaveOptions: { Enabled: false },
  BlockDeviceMappings: [
    { DeviceName: "/dev/xvda", Ebs: { VolumeId: "vol-root", DeleteOnTermination: true } },
    { DeviceName: "/dev/sdf", Ebs: { VolumeId: "vol-data", DeleteOnTermination: false } },
  ],
  NetworkInterfaces: [
    { NetworkInterfaceId: "eni-1", Attachment: { DeviceIndex: 1 } },
    { NetworkInterfaceId: "eni-0", Attachment: { DeviceIndex: 0 } },
  ],
  Tags: [
    { Key: "Name", Value: "web" },
    { Key: "aws:cloudformation:stack-name", Value: "shop" },
  ],
  ...change,
});

const volume = (id: string, device: string, change: Partial<Volume>): Volume => ({
  VolumeId: id,
  Size: 20,
  VolumeType: "gp3",
  Iops: 4000,
  Throughput: 250,
  Encrypted: true,
  KmsKeyId: "arn:aws:kms:eu-central-1:123456789012:key/k",
  State: "in-use",
  AvailabilityZone: "eu-central-1a",
  Attachments: [{ InstanceId: instanceId, Device: device, State: "attached" }],
  ...change,
});

export const rootVolume = (change: Partial<Volume> = {}): Volume =>
  volume("vol-root", "/dev/xvda", { Tags: [{ Key: "backup", Value: "daily" }], ...change });

export const dataVolume = (change: Partial<Volume> = {}): Volume =>
  volume("vol-data", "/dev/sdf", { VolumeType: "st1", Encrypted: false, ...change });

export const primaryInterface = (change: Partial<NetworkInterface> = {}): NetworkInterface => ({
  NetworkInterfaceId: "eni-0",
  Status: "in-use",
  SubnetId: "subnet-1",
  Description: "front",
  SourceDestCheck: true,
  InterfaceType: "interface",
  Groups: [{ GroupId: "sg-web" }, { GroupId: "sg-ssh" }],
  Attachment: {
    AttachmentId: "eni-attach-0",
    DeviceIndex: 0,
    NetworkCardIndex: 0,
    InstanceId: instanceId,
    Status: "attached",
    DeleteOnTermination: true,
  },
  PrivateIpAddresses: [
    {
      Primary: true,
      PrivateIpAddress: "10.0.0.10",
      Association: {
        AllocationId: "eipalloc-1",
        PublicIp: "198.51.100.1",
        IpOwnerId: "123456789012",
      },
    },
    { Primary: false, PrivateIpAddress: "10.0.0.11" },
  ],
  TagSet: [{ Key: "role", Value: "front" }],
  ...change,
});

export const secondaryInterface = (change: Partial<NetworkInterface> = {}): NetworkInterface => ({
  NetworkInterfaceId: "eni-1",
  Status: "in-use",
  SubnetId: "subnet-1",
  SourceDestCheck: false,
  InterfaceType: "efa",
  Groups: [{ GroupId: "sg-back" }],
  Attachment: {
    AttachmentId: "eni-attach-1",
    DeviceIndex: 1,
    InstanceId: instanceId,
    Status: "attached",
    DeleteOnTermination: false,
  },
  Ipv6Addresses: [{ Ipv6Address: "2001:db8::1" }],
  PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: "10.0.0.20" }],
  ...change,
});

export const originalImage = (change: Partial<Image> = {}): Image => ({
  ImageId: "ami-1",
  Name: "base",
  State: "available",
  RootDeviceName: "/dev/xvda",
  BlockDeviceMappings: [
    { DeviceName: "/dev/xvda", Ebs: { SnapshotId: "snap-root" } },
    { DeviceName: "/dev/sdb", VirtualName: "ephemeral0" },
  ],
  ...change,
});

export const originalStatus = (change: Partial<InstanceStatus> = {}): InstanceStatus => ({
  InstanceId: instanceId,
  SystemStatus: { Status: "ok" },
  InstanceStatus: { Status: "ok" },
  AttachedEbsStatus: { Status: "ok" },
  ...change,
});
