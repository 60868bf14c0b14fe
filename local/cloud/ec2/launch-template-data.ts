/** Launch template data: made from an instance (GetLaunchTemplateData), and laid under a RunInstances request. */
import type {
  DescribeLaunchTemplateVersionsCommandInput,
  RequestLaunchTemplateData,
  ResponseLaunchTemplateData,
  RunInstancesCommandInput,
  _InstanceType,
} from "@aws-sdk/client-ec2";
import { tagList, type Ec2Context } from "./context.ts";
import { withResolvedImage } from "./image-parameters.ts";
import { volumesOf } from "./instance-lifecycle.ts";
import { metadataOf, privateDnsOptionsOf, switchesOf } from "./instance-options.ts";
import { interfacesOf } from "./interface-records.ts";
import { refuse } from "./refusals.ts";
import { requestOf } from "./spot-requests.ts";
import type { Instance, LaunchTemplate, RegionState } from "./state.ts";
import { isVisible } from "./visibility.ts";

/** @throws CloudError where neither id nor name leads to a template. */
export const findTemplate = (
  context: Ec2Context,
  region: RegionState,
  wanted: {
    readonly LaunchTemplateId?: string | undefined;
    readonly LaunchTemplateName?: string | undefined;
  },
): LaunchTemplate => {
  const { LaunchTemplateId: id, LaunchTemplateName: name } = wanted;
  const template = [...region.templates.values()].find(
    (each) => isVisible(context, each) && (id === undefined ? each.name === name : each.id === id),
  );
  if (template !== undefined) return template;
  throw id === undefined
    ? refuse(
        "InvalidLaunchTemplateName.NotFoundException",
        "At least one of the launch templates specified in the request does not exist.",
      )
    : refuse(
        "InvalidLaunchTemplateId.NotFound",
        `The specified launch template, with template ID ${id}, does not exist.`,
      );
};

/** @throws CloudError InvalidLaunchTemplateId.VersionNotFound. */
export const findVersion = (
  template: LaunchTemplate,
  version: string | undefined,
): LaunchTemplate["versions"][number] => {
  const latest = template.versions.reduce((most, each) => Math.max(most, each.number), 0);
  const number =
    version === "$Latest"
      ? latest
      : version === undefined || version === "$Default"
        ? template.defaultVersion
        : Number(version);
  const found = template.versions.find((each) => each.number === number);
  if (found !== undefined) return found;
  throw refuse(
    "InvalidLaunchTemplateId.VersionNotFound",
    `Could not find the specified version ${version ?? ""} for the launch template with ID ${template.id}.`,
  );
};

/** Of one template all, or those that are named; without a template `$Latest` and `$Default` alone may be asked for, of all templates. */
export const versionsAsked = (
  context: Ec2Context,
  region: RegionState,
  input: DescribeLaunchTemplateVersionsCommandInput,
): readonly {
  readonly template: LaunchTemplate;
  readonly version: LaunchTemplate["versions"][number];
}[] => {
  const isOne = input.LaunchTemplateId !== undefined || input.LaunchTemplateName !== undefined;
  const templates = isOne
    ? [findTemplate(context, region, input)]
    : [...region.templates.values()].filter((template) => isVisible(context, template));
  return templates.flatMap((template) => {
    const versions =
      input.Versions?.map((version) => findVersion(template, version)) ?? template.versions;
    return versions.map((version) => ({ template, version }));
  });
};

/** Request data as an answer shows them: the shapes differ in name only, for what the simulation keeps. */
export const storedData = (
  data: RequestLaunchTemplateData | undefined,
): ResponseLaunchTemplateData => ({ ...data });

/**
 * Lays the template under the request: what the request states wins. The version is named by its number from here on, and the image by its id: a
 * parameter is resolved at each launch. @throws CloudError SsmInvalidParameter
 */
export const applyTemplate = (
  context: Ec2Context,
  region: RegionState,
  input: RunInstancesCommandInput,
): RunInstancesCommandInput => withResolvedImage(context, region, laidOver(context, region, input));

const laidOver = (
  context: Ec2Context,
  region: RegionState,
  input: RunInstancesCommandInput,
): RunInstancesCommandInput => {
  if (input.LaunchTemplate === undefined) return input;
  const template = findTemplate(context, region, input.LaunchTemplate);
  const { data, number } = findVersion(template, input.LaunchTemplate.Version);
  const stated = Object.fromEntries(
    Object.entries(input).filter(([, value]) => value !== undefined),
  ) as unknown as RunInstancesCommandInput;
  return {
    ...(data as Partial<RunInstancesCommandInput>),
    ...stated,
    LaunchTemplate: {
      LaunchTemplateId: template.id,
      LaunchTemplateName: template.name,
      Version: String(number),
    },
  };
};

/** Fleets and groups choose the subnet: where the template has interfaces, it is the primary one's. */
export const inSubnet = (input: RunInstancesCommandInput): RunInstancesCommandInput => {
  const { SubnetId: subnetId, NetworkInterfaces: [primary, ...others] = [], ...rest } = input;
  if (primary === undefined || subnetId === undefined) return input;
  return { ...rest, NetworkInterfaces: [{ ...primary, SubnetId: subnetId }, ...others] };
};

const devicesOf = (region: RegionState, instance: Instance) =>
  volumesOf(region, instance).flatMap((volume) =>
    volume.attachments
      .filter((attachment) => attachment.instanceId === instance.id)
      .map((attachment) => ({
        DeviceName: attachment.deviceName,
        Ebs: {
          Encrypted: volume.encrypted,
          DeleteOnTermination: attachment.deleteOnTermination,
          VolumeSize: volume.sizeGib,
          VolumeType: volume.volumeType as "gp3",
          Iops: volume.iops,
          Throughput: volume.throughput,
          SnapshotId: volume.snapshotId,
          KmsKeyId: volume.kmsKeyId,
        },
      })),
  );

const interfaceData = (region: RegionState, instance: Instance) =>
  interfacesOf(region, instance).map((record) => ({
    DeviceIndex: record.attachment?.deviceIndex,
    NetworkCardIndex: record.attachment?.networkCardIndex,
    DeleteOnTermination: record.attachment?.deleteOnTermination,
    Description: record.description,
    Groups: [...record.groups],
    InterfaceType: record.interfaceType,
    SubnetId: record.subnetId,
    PrivateIpAddress: record.addresses.find((address) => address.primary)?.ip,
    PrivateIpAddresses: record.addresses.map((address) => ({
      PrivateIpAddress: address.ip,
      Primary: address.primary,
    })),
  }));

const marketData = (
  region: RegionState,
  instance: Instance,
): Pick<ResponseLaunchTemplateData, "InstanceMarketOptions"> => {
  const request = requestOf(region, instance);
  return request === undefined
    ? {}
    : {
        InstanceMarketOptions: {
          MarketType: "spot",
          SpotOptions: {
            SpotInstanceType: request.type,
            InstanceInterruptionBehavior: request.interruptionBehavior,
          },
        },
      };
};

/** Undefined stays undefined: nothing is invented that the instance does not have. */
export const dataOfInstance = (
  region: RegionState,
  instance: Instance,
): ResponseLaunchTemplateData => ({
  ImageId: instance.imageId,
  InstanceType: instance.instanceType as _InstanceType,
  KeyName: instance.keyName,
  IamInstanceProfile: instance.profileArn === undefined ? undefined : { Arn: instance.profileArn },
  UserData: instance.userData,
  EbsOptimized: instance.ebsOptimized,
  Monitoring: { Enabled: instance.monitoring },
  Placement: {
    AvailabilityZone: instance.zone.name,
    GroupName: instance.placementGroup?.name ?? "",
    Tenancy: instance.tenancy as "default",
  },
  DisableApiTermination: instance.disableApiTermination,
  DisableApiStop: instance.disableApiStop,
  InstanceInitiatedShutdownBehavior: instance.shutdownBehavior,
  MetadataOptions: metadataOf(instance),
  CpuOptions: instance.cpu,
  CreditSpecification:
    instance.credits === undefined ? undefined : { CpuCredits: instance.credits.CpuCredits },
  ...switchesOf(instance),
  PrivateDnsNameOptions: privateDnsOptionsOf(instance),
  BlockDeviceMappings: devicesOf(region, instance),
  NetworkInterfaces: interfaceData(region, instance),
  TagSpecifications: [{ ResourceType: "instance", Tags: tagList(instance.tags) }],
  ...marketData(region, instance),
});
