/** From a launch template's version, and the image that it launches, to a blueprint. Pure. */
import type {
  Image,
  InstanceMetadataOptionsRequest,
  LaunchTemplateBlockDeviceMapping,
  LaunchTemplateEbsBlockDevice,
  LaunchTemplateInstanceNetworkInterfaceSpecification,
  ResourceType,
  ResponseLaunchTemplateData,
} from "@aws-sdk/client-ec2";
import { required } from "../required.ts";
import { withoutUndefined } from "../without-undefined.ts";
import {
  given,
  ownTags,
  secretText,
  sortDevices,
  sortInterfaces,
  type DeviceBlueprint,
  type InterfaceBlueprint,
  type LaunchBlueprint,
} from "./blueprint.ts";
import { launchTemplateMembers } from "./launch-members/launch-template.ts";
import { notCarried } from "./launch-members/not-carried.ts";

type Tags = Readonly<Record<string, string>>;

const tagsFor = (template: ResponseLaunchTemplateData, type: ResourceType): Tags =>
  ownTags(
    template.TagSpecifications?.filter(({ ResourceType }) => ResourceType === type).flatMap(
      ({ Tags }) => Tags ?? [],
    ),
  );

const volumeBlueprint = (
  ebs: LaunchTemplateEbsBlockDevice | undefined,
): Omit<DeviceBlueprint, "deviceName" | "tags"> =>
  withoutUndefined({
    volumeType: ebs?.VolumeType,
    sizeGib: ebs?.VolumeSize,
    iops: ebs?.Iops,
    throughput: ebs?.Throughput,
    encrypted: ebs?.Encrypted,
    kmsKeyId: given(ebs?.KmsKeyId),
    snapshotId: given(ebs?.SnapshotId),
    deleteOnTermination: ebs?.DeleteOnTermination,
  });

const deviceBlueprint = (
  { DeviceName, VirtualName, Ebs }: LaunchTemplateBlockDeviceMapping,
  tags: Tags,
): DeviceBlueprint => {
  const deviceName = required(DeviceName, "the name of a device");
  const virtualName = given(VirtualName);
  if (virtualName !== undefined) return { deviceName, virtualName, tags: {} };
  return { deviceName, ...volumeBlueprint(Ebs), tags };
};

/** The image's devices, of which nothing is stated, with the template's on top; `NoDevice` leaves one out. */
const deviceBlueprints = (
  template: ResponseLaunchTemplateData,
  image: Image,
  rootDeviceName: string,
): readonly DeviceBlueprint[] => {
  const tags = tagsFor(template, "volume");
  const ofImage = (image.BlockDeviceMappings ?? []).map(({ DeviceName, VirtualName }) =>
    deviceBlueprint({ DeviceName, VirtualName }, tags),
  );
  const devices = new Map(ofImage.map((device) => [device.deviceName, device]));
  for (const mapping of template.BlockDeviceMappings ?? []) {
    const device = deviceBlueprint(mapping, tags);
    if (mapping.NoDevice === undefined) devices.set(device.deviceName, device);
    else devices.delete(device.deviceName);
  }
  return sortDevices([...devices.values()], rootDeviceName);
};

const interfaceBlueprint = (
  found: LaunchTemplateInstanceNetworkInterfaceSpecification,
  tags: Tags,
): InterfaceBlueprint =>
  withoutUndefined({
    deviceIndex: found.DeviceIndex ?? 0,
    networkCardIndex: found.NetworkCardIndex ?? 0,
    interfaceType: found.InterfaceType ?? "interface",
    securityGroupIds: found.Groups ?? [],
    description: given(found.Description),
    deleteOnTermination: found.DeleteOnTermination,
    ipv6Count: found.Ipv6AddressCount ?? 0,
    hasPublicIp: found.AssociatePublicIpAddress,
    tags,
  });

/** A template without interfaces means one, with the template's groups. */
const interfaceBlueprints = (
  template: ResponseLaunchTemplateData,
): readonly InterfaceBlueprint[] => {
  const { NetworkInterfaces = [], SecurityGroupIds } = template;
  const stated = NetworkInterfaces.length > 0 ? NetworkInterfaces : [{ Groups: SecurityGroupIds }];
  const tags = tagsFor(template, "network-interface");
  return sortInterfaces(stated.map((found) => interfaceBlueprint(found, tags)));
};

const metadataOptions = (
  template: ResponseLaunchTemplateData,
): InstanceMetadataOptionsRequest | undefined => {
  const { State: _state, ...options } = template.MetadataOptions ?? {};
  const stated = withoutUndefined(options);
  return Object.keys(stated).length === 0 ? undefined : stated;
};

const placementBlueprint = (
  template: ResponseLaunchTemplateData,
): LaunchBlueprint["placement"] | undefined => {
  const groupName = given(template.Placement?.GroupName);
  if (groupName === undefined) return undefined;
  return withoutUndefined({ groupName, partitionNumber: template.Placement?.PartitionNumber });
};

const profileBlueprint = ({
  IamInstanceProfile: profile,
}: ResponseLaunchTemplateData): LaunchBlueprint["instanceProfile"] | undefined => {
  const [arn, name] = [given(profile?.Arn), given(profile?.Name)];
  if (arn !== undefined) return { arn };
  return name === undefined ? undefined : { name };
};

const cpuBlueprint = (
  template: ResponseLaunchTemplateData,
): LaunchBlueprint["cpuOptions"] | undefined => {
  const { CoreCount, ThreadsPerCore } = template.CpuOptions ?? {};
  if (CoreCount === undefined || ThreadsPerCore === undefined) return undefined;
  return { coreCount: CoreCount, threadsPerCore: ThreadsPerCore };
};

const secretUserData = (template: ResponseLaunchTemplateData): LaunchBlueprint["userData"] => {
  const userData = given(template.UserData);
  return userData === undefined ? undefined : secretText(userData);
};

const switches = (template: ResponseLaunchTemplateData) => ({
  ebsOptimized: template.EbsOptimized ?? false,
  detailedMonitoring: template.Monitoring?.Enabled ?? false,
  enclaveEnabled: template.EnclaveOptions?.Enabled ?? false,
});

/** Members that are carried as such, but not as a template may combine them. */
const combinations: readonly {
  readonly name: string;
  readonly isLost: (template: ResponseLaunchTemplateData) => boolean;
}[] = [
  {
    // They belong to a type, and are kept for that type alone.
    name: "CpuOptions",
    isLost: (template) =>
      Object.keys(template.CpuOptions ?? {}).length > 0 &&
      (template.InstanceType === undefined || cpuBlueprint(template) === undefined),
  },
  {
    name: "SecurityGroupIds",
    isLost: ({ NetworkInterfaces = [], SecurityGroupIds = [] }) =>
      NetworkInterfaces.length > 0 && SecurityGroupIds.length > 0,
  },
  {
    name: "Placement.PartitionNumber",
    isLost: (template) =>
      template.Placement?.PartitionNumber !== undefined &&
      placementBlueprint(template) === undefined,
  },
];

const carriedTags: readonly (ResourceType | undefined)[] = [
  "instance",
  "volume",
  "network-interface",
];

const tagsOfOthers = ({ TagSpecifications = [] }: ResponseLaunchTemplateData): readonly string[] =>
  TagSpecifications.map(({ ResourceType }) => ResourceType)
    .filter((type) => !carriedTags.includes(type))
    .map((type) => `TagSpecifications[${type ?? ""}]`);

export interface TemplateReadings {
  readonly templateId: string;
  /** The number itself: `$Latest` may be another tomorrow. */
  readonly version: number;
  /** The image that will be launched: it names the root and devices that the template says nothing of. */
  readonly image: Image;
}

export interface TemplateBlueprint {
  readonly blueprint: LaunchBlueprint;
  /** Members that ask for something which the blueprint can't hold, as `Placement.Tenancy`. Sorted. */
  readonly notCarried: readonly string[];
}

/** @throws BrokenFacts when the image has no root device, or a mapping of the template no device name */
export const blueprintOfTemplate = (
  template: ResponseLaunchTemplateData,
  { templateId, version, image }: TemplateReadings,
): TemplateBlueprint => {
  const rootDeviceName = required(image.RootDeviceName, `the root device of ${templateId}'s image`);
  return {
    blueprint: withoutUndefined({
      source: { kind: "TEMPLATE" as const, templateId, version },
      instanceType: template.InstanceType,
      userData: secretUserData(template),
      instanceProfile: profileBlueprint(template),
      keyName: given(template.KeyName),
      ...switches(template),
      metadataOptions: metadataOptions(template),
      privateDnsNameOptions: template.PrivateDnsNameOptions,
      cpuOptions: cpuBlueprint(template),
      autoRecovery: template.MaintenanceOptions?.AutoRecovery,
      cpuCredits: template.CreditSpecification?.CpuCredits,
      placement: placementBlueprint(template),
      licenseConfigurations: [],
      rootDeviceName,
      devices: deviceBlueprints(template, image, rootDeviceName),
      interfaces: interfaceBlueprints(template),
      tags: tagsFor(template, "instance"),
    }),
    notCarried: [
      ...notCarried(launchTemplateMembers, template),
      ...combinations.filter(({ isLost }) => isLost(template)).map(({ name }) => name),
      ...tagsOfOthers(template),
    ].sort(),
  };
};
