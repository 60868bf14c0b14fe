/** Makes an instance with its volumes and interfaces out of a checked request. Refusals belong to run-instances.ts. */
import type {
  InstanceNetworkInterfaceSpecification,
  RunInstancesCommandInput,
} from "@aws-sdk/client-ec2";
import { choiceOf } from "./capacity-choice.ts";
import { createVolume, mergeDevices, type WantedDevice } from "./block-devices.ts";
import { defined } from "./defined.ts";
import { newId, tagsFor, type Ec2Context } from "./context.ts";
import { noteVolume } from "./ever-attached.ts";
import { boot } from "./instance-lifecycle.ts";
import { attachRecord, createInterface } from "./interface-records.ts";
import type { InstanceTypeRecord } from "../market/market.ts";
import { groupsOf } from "./security-group-records.ts";
import type {
  Image,
  Instance,
  LaunchedFrom,
  NetworkInterfaceRecord,
  RegionState,
  Subnet,
  SystemTraits,
  Tags,
} from "./state.ts";
import { groupNamed } from "./references.ts";
import { visibleFrom } from "./visibility.ts";

export interface LaunchPlan {
  readonly input: RunInstancesCommandInput;
  readonly image: Image;
  readonly type: InstanceTypeRecord;
  readonly subnet: Subnet;
  readonly reservationId: string;
  readonly atMs: number;
  readonly lifecycle?: "spot" | "scheduled" | "capacity-block" | undefined;
  readonly operatorManaged?: boolean | undefined;
  readonly isHidden?: boolean | undefined;
}

const profileArnOf = (
  region: RegionState,
  profile: RunInstancesCommandInput["IamInstanceProfile"],
): string | undefined =>
  profile?.Arn ??
  (profile?.Name === undefined
    ? undefined
    : `arn:aws:iam::${region.accountId}:instance-profile/${profile.Name}`);

/** The primary interface, as a specification even where the request names only a subnet. */
export const interfaceSpecifications = (
  input: RunInstancesCommandInput,
): readonly InstanceNetworkInterfaceSpecification[] => {
  const asked = input.NetworkInterfaces ?? [];
  if (asked.length > 0) return asked;
  return [
    {
      DeviceIndex: 0,
      SubnetId: input.SubnetId,
      PrivateIpAddress: input.PrivateIpAddress,
      Groups: input.SecurityGroupIds,
      DeleteOnTermination: true,
    },
  ];
};

const lendsPublicIp = (plan: LaunchPlan): boolean => {
  const [primary] = interfaceSpecifications(plan.input);
  if (primary?.NetworkInterfaceId !== undefined) return false;
  return primary?.AssociatePublicIpAddress ?? plan.subnet.mapPublicIp;
};

const systemOf = (image: Image): SystemTraits => ({
  architecture: image.architecture,
  platformDetails: image.platformDetails,
  usageOperation: image.usageOperation,
  productCodes: image.productCodes,
  virtualizationType: image.virtualizationType,
  rootDeviceName: image.rootDeviceName,
  rootDeviceType: image.rootDeviceType,
  ...defined({ bootMode: image.bootMode }),
});

const placementOf = (
  region: RegionState,
  { Placement: placement = {} }: RunInstancesCommandInput,
) => {
  const name = groupNamed(region, placement)?.name ?? placement.GroupName ?? "";
  const { PartitionNumber: partition, Tenancy: tenancy = "default" } = placement;
  return { tenancy, ...(name === "" ? {} : { placementGroup: { name, partition } }) };
};

const optionsOf = (input: RunInstancesCommandInput) => ({
  keyName: input.KeyName,
  userData: input.UserData,
  cpu: input.CpuOptions,
  credits: input.CreditSpecification,
  enclave: input.EnclaveOptions,
  hibernation: input.HibernationOptions,
  maintenance: input.MaintenanceOptions,
  privateDns: input.PrivateDnsNameOptions,
  metadata: input.MetadataOptions ?? {},
  monitoring: input.Monitoring?.Enabled ?? false,
  ebsOptimized: input.EbsOptimized ?? false,
  capacityChoice: choiceOf(input.CapacityReservationSpecification),
  capacityReservationId:
    input.CapacityReservationSpecification?.CapacityReservationTarget?.CapacityReservationId,
  licenses: (input.LicenseSpecifications ?? []).flatMap(
    (license) => license.LicenseConfigurationArn ?? [],
  ),
});

const protectionOf = (input: RunInstancesCommandInput) => ({
  disableApiTermination: input.DisableApiTermination ?? false,
  disableApiStop: input.DisableApiStop ?? false,
  shutdownBehavior: input.InstanceInitiatedShutdownBehavior ?? ("stop" as const),
});

const launchedFrom = ({
  LaunchTemplate: template,
}: RunInstancesCommandInput): LaunchedFrom | undefined =>
  template === undefined
    ? undefined
    : {
        id: template.LaunchTemplateId ?? "",
        name: template.LaunchTemplateName ?? "",
        version: Number(template.Version),
      };

/** EC2 adds both itself. Source: EC2 user guide, "Launch instances from a launch template" (tags `aws:ec2launchtemplate:…`). */
const templateTags = (from: LaunchedFrom | undefined): Tags =>
  from === undefined
    ? {}
    : {
        "aws:ec2launchtemplate:id": from.id,
        "aws:ec2launchtemplate:version": String(from.version),
      };

const rootSnapshotOf = (image: Image): string | undefined =>
  image.devices.find((device) => device.deviceName === image.rootDeviceName)?.snapshotId;

const recordOf = (context: Ec2Context, region: RegionState, plan: LaunchPlan): Instance => {
  const { input, image, type, subnet } = plan;
  const [primary] = interfaceSpecifications(input);
  const from = launchedFrom(input);
  return {
    id: newId(context, "i-"),
    createdAt: plan.atMs,
    visibleAt: visibleFrom(context, plan.atMs),
    tags: { ...templateTags(from), ...tagsFor(input.TagSpecifications, "instance") },
    launchTemplate: from,
    reservationId: plan.reservationId,
    clientToken: input.ClientToken,
    subnetId: subnet.id,
    zone: subnet.zone,
    ...placementOf(region, input),
    lifecycle: plan.lifecycle,
    operatorManaged: plan.operatorManaged ?? false,
    isHidden: plan.isHidden ?? false,
    profileArn: profileArnOf(region, input.IamInstanceProfile),
    groups: groupsOf(region, primary?.Groups ?? input.SecurityGroupIds),
    lendsPublicIp: lendsPublicIp(plan),
    ...systemOf(image),
    imageId: image.id,
    instanceType: type.instanceType,
    ...optionsOf(input),
    ...protectionOf(input),
    state: "pending",
    transition: 0,
    transitionReason: "",
    launchedAt: plan.atMs,
    rootVolumes: [],
    launchSnapshotId: rootSnapshotOf(image),
    events: [],
  };
};

const addVolume = (
  context: Ec2Context,
  place: { readonly region: RegionState; readonly instance: Instance; readonly plan: LaunchPlan },
  device: WantedDevice,
): void => {
  const { region, instance, plan } = place;
  if (device.virtualName !== undefined) return;
  const volume = createVolume(context, region, {
    zone: instance.zone,
    device,
    tags: tagsFor(plan.input.TagSpecifications, "volume"),
    atMs: plan.atMs,
    visibleAt: instance.visibleAt,
  });
  volume.state = "in-use";
  volume.attachments.push({
    instanceId: instance.id,
    deviceName: device.deviceName,
    attachedAt: plan.atMs,
    state: "attached",
    // Volumes of a launch go with the instance unless the mapping says otherwise.
    deleteOnTermination: device.deleteOnTermination ?? true,
  });
  noteVolume(instance, volume);
  if (device.deviceName === instance.rootDeviceName) instance.rootVolumes.push(volume.id);
};

const addedIps = (specification: InstanceNetworkInterfaceSpecification) => {
  const named = specification.PrivateIpAddresses ?? [];
  return {
    primaryIp:
      specification.PrivateIpAddress ??
      named.find((address) => address.Primary === true)?.PrivateIpAddress,
    secondaryIps: named.flatMap((address) =>
      address.Primary === true || address.PrivateIpAddress === undefined
        ? []
        : [address.PrivateIpAddress],
    ),
    secondaryCount: specification.SecondaryPrivateIpAddressCount ?? 0,
  };
};

const addInterface = (
  context: Ec2Context,
  place: { readonly region: RegionState; readonly instance: Instance; readonly plan: LaunchPlan },
  specification: InstanceNetworkInterfaceSpecification,
): void => {
  const { region, instance, plan } = place;
  const existing = region.interfaces.get(specification.NetworkInterfaceId ?? "");
  const subnet = region.subnets.get(specification.SubnetId ?? "") ?? plan.subnet;
  const record: NetworkInterfaceRecord =
    existing ??
    createInterface(context, region, {
      subnet,
      groups: groupsOf(region, specification.Groups ?? plan.input.SecurityGroupIds),
      description: specification.Description ?? "",
      tags: tagsFor(plan.input.TagSpecifications, "network-interface"),
      atMs: plan.atMs,
      visibleAt: instance.visibleAt,
      ...addedIps(specification),
      ipv6Count: specification.Ipv6AddressCount ?? 0,
      interfaceType: specification.InterfaceType,
    });
  attachRecord(
    context,
    { record, instance },
    {
      deviceIndex: specification.DeviceIndex ?? 0,
      networkCardIndex: specification.NetworkCardIndex,
      // An interface that existed before outlives the instance, whatever its index.
      deleteOnTermination: specification.DeleteOnTermination ?? existing === undefined,
      atMs: plan.atMs,
      status: "attached",
    },
  );
};

/** @throws CloudError where a device or an address refuses after all; the caller has checked before. */
export const launchInstance = (
  context: Ec2Context,
  region: RegionState,
  plan: LaunchPlan,
): Instance => {
  const devices = mergeDevices(plan.image, plan.input.BlockDeviceMappings);
  const instance = recordOf(context, region, plan);
  for (const specification of interfaceSpecifications(plan.input)) {
    addInterface(context, { region, instance, plan }, specification);
  }
  for (const device of devices) addVolume(context, { region, instance, plan }, device);
  region.instances.set(instance.id, instance);
  boot(context, region, { instance, atMs: plan.atMs });
  return instance;
};
