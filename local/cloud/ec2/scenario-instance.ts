/** Instances that a scenario declares: they have been running (or stopped) for a while, with all that hangs on them. */
import type {
  BlockDeviceMapping,
  CpuOptionsRequest,
  CreditSpecificationRequest,
  InstanceMetadataOptionsRequest,
  InstanceStatusEvent,
  RunInstancesCommandInput,
} from "@aws-sdk/client-ec2";
import { allocate } from "./addresses.ts";
import { createVolume } from "./block-devices.ts";
import { newId, type Ec2Context } from "./context.ts";
import { noteVolume } from "./ever-attached.ts";
import { byUser, stop, volumesOf } from "./instance-lifecycle.ts";
import { addressOn, attachRecord, createInterface, interfacesOf } from "./interface-records.ts";
import { encryptUnder } from "./keys.ts";
import { launchInstance } from "./launch.ts";
import { makeNamed } from "./references.ts";
import { openRegion } from "./regions.ts";
import { type ImageDeclaration, declareImage } from "./scenario-image.ts";
import { declareGroup } from "./security-group-records.ts";
import { openRequest } from "./spot-requests.ts";
import type { Image, Instance, RegionState, Subnet, Tags } from "./state.ts";

interface DataVolume {
  readonly sizeGib: number;
  /** Default /dev/sdf, /dev/sdg … */
  readonly deviceName?: string;
  readonly volumeType?: string;
  readonly encrypted?: boolean;
  readonly multiAttach?: boolean;
  readonly deleteOnTermination?: boolean;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface InstanceDeclaration extends ImageDeclaration {
  readonly accountId: string;
  readonly region: string;
  readonly instanceType: string;
  /** Zone id or the account's zone name; default the first zone that offers the type. */
  readonly zone?: string;
  readonly subnetId?: string;
  readonly state?: "running" | "stopped";
  /** How long it has been running. Default 30 days. */
  readonly ageHours?: number;
  readonly lifecycle?: "spot" | "scheduled" | "capacity-block";
  readonly tags?: Readonly<Record<string, string>>;
  /** On the instance and on all that hangs on it: volumes, interfaces, Elastic IPs. */
  readonly sharedTags?: Readonly<Record<string, string>>;
  /** Plain text. */
  readonly userData?: string;
  readonly imageId?: string;
  /** Default true, as RunInstances has it. */
  readonly rootDeleteOnTermination?: boolean;
  /** Default true, as RunInstances has it. */
  readonly primaryInterfaceDeleteOnTermination?: boolean;
  readonly dataVolumes?: readonly DataVolume[];
  /** ARN of the key of its encrypted volumes. */
  readonly kmsKeyId?: string;
  readonly elasticIp?: boolean;
  /** A public IPv4 address that EC2 lent. */
  readonly publicIp?: boolean;
  readonly secondaryInterfaces?: number;
  /** Default false, as AttachNetworkInterface leaves it. */
  readonly secondaryInterfacesDeleteOnTermination?: boolean;
  readonly secondaryPrivateIps?: number;
  /** Elastic IPs on the secondary private addresses as well. */
  readonly elasticIpOnSecondary?: boolean;
  /** One on each secondary interface. */
  readonly elasticIpOnInterfaces?: boolean;
  readonly ipv6Count?: number;
  readonly sourceDestCheck?: boolean;
  readonly securityGroupIds?: readonly string[];
  readonly disableApiTermination?: boolean;
  readonly disableApiStop?: boolean;
  readonly tenancy?: "default" | "dedicated" | "host";
  readonly placementGroup?: string;
  /** Of a group that no earlier declaration named. Default cluster. */
  readonly placementStrategy?: "cluster" | "partition" | "spread";
  readonly cpu?: CpuOptionsRequest;
  readonly hibernation?: boolean;
  readonly enclave?: boolean;
  readonly ebsOptimized?: boolean;
  readonly monitoring?: boolean;
  readonly keyName?: string;
  readonly profileArn?: string;
  readonly metadata?: InstanceMetadataOptionsRequest;
  readonly credits?: CreditSpecificationRequest;
  readonly capacityReservationId?: string;
  readonly licenses?: readonly string[];
  readonly operatorManaged?: boolean;
  /** Managed, and hidden: EC2 shows it only with IncludeManagedResources. */
  readonly isHidden?: boolean;
  readonly scheduledEvents?: readonly InstanceStatusEvent[];
}

const subnetOf = (
  context: Ec2Context,
  region: RegionState,
  declaration: InstanceDeclaration,
): Subnet => {
  const subnets = [...region.subnets.values()];
  const { zone, subnetId, instanceType } = declaration;
  const subnet = subnets.find((each) =>
    subnetId !== undefined
      ? each.id === subnetId
      : zone === undefined
        ? context.market.isOffered(region.region, each.zone.id, instanceType)
        : each.zone.id === zone || each.zone.name === zone,
  );
  if (subnet === undefined) {
    throw new Error(`No subnet for ${instanceType} in ${zone ?? subnetId ?? region.region}.`);
  }
  return subnet;
};

const base64 = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : Buffer.from(text).toString("base64");

const rootMapping = (declaration: InstanceDeclaration, image: Image): BlockDeviceMapping[] => {
  if (image.rootDeviceType === "instance-store") return [];
  const DeleteOnTermination = declaration.rootDeleteOnTermination ?? true;
  return [{ DeviceName: image.rootDeviceName, Ebs: { DeleteOnTermination } }];
};

const requestFor = (
  declaration: InstanceDeclaration,
  place: { readonly image: Image; readonly subnet: Subnet },
): RunInstancesCommandInput => ({
  MinCount: 1,
  MaxCount: 1,
  ImageId: place.image.id,
  InstanceType: declaration.instanceType as RunInstancesCommandInput["InstanceType"],
  UserData: base64(declaration.userData),
  KeyName: declaration.keyName,
  IamInstanceProfile: { Arn: declaration.profileArn },
  NetworkInterfaces: [
    {
      DeviceIndex: 0,
      SubnetId: place.subnet.id,
      Groups: declaration.securityGroupIds?.map((id) => id),
      AssociatePublicIpAddress: declaration.publicIp ?? place.subnet.mapPublicIp,
      SecondaryPrivateIpAddressCount: declaration.secondaryPrivateIps,
      Ipv6AddressCount: declaration.ipv6Count,
      DeleteOnTermination: declaration.primaryInterfaceDeleteOnTermination,
    },
  ],
  BlockDeviceMappings: rootMapping(declaration, place.image),
  Placement: { Tenancy: declaration.tenancy, GroupName: declaration.placementGroup },
  EbsOptimized: declaration.ebsOptimized ?? true,
  Monitoring: { Enabled: declaration.monitoring ?? false },
  MetadataOptions: declaration.metadata,
  CreditSpecification: declaration.credits,
  CpuOptions: declaration.cpu,
  HibernationOptions: { Configured: declaration.hibernation ?? false },
  EnclaveOptions: { Enabled: declaration.enclave ?? false },
  DisableApiTermination: declaration.disableApiTermination,
  DisableApiStop: declaration.disableApiStop,
  CapacityReservationSpecification: {
    CapacityReservationTarget: { CapacityReservationId: declaration.capacityReservationId },
  },
  LicenseSpecifications: declaration.licenses?.map((LicenseConfigurationArn) => ({
    LicenseConfigurationArn,
  })),
});

/** The owner's groups: they are there, with rules. */
const declareGroups = (
  context: Ec2Context,
  region: RegionState,
  { securityGroupIds = [] }: InstanceDeclaration,
): void => {
  for (const id of securityGroupIds) declareGroup(context, region, { id, name: id });
};

const addDataVolume = (
  context: Ec2Context,
  place: { readonly region: RegionState; readonly instance: Instance },
  wanted: { readonly volume: DataVolume; readonly index: number },
): void => {
  const { volume: declared, index } = wanted;
  const { instance, region } = place;
  const volume = createVolume(context, region, {
    zone: instance.zone,
    device: {
      deviceName: "",
      sizeGib: declared.sizeGib,
      volumeType: declared.volumeType ?? "gp3",
      encrypted: declared.encrypted ?? false,
    },
    tags: { ...declared.tags },
    atMs: instance.createdAt,
    visibleAt: 0,
    multiAttach: declared.multiAttach ?? false,
  });
  volume.state = "in-use";
  volume.attachments.push({
    instanceId: instance.id,
    deviceName: declared.deviceName ?? `/dev/sd${String.fromCharCode("f".charCodeAt(0) + index)}`,
    attachedAt: instance.createdAt,
    state: "attached",
    deleteOnTermination: declared.deleteOnTermination ?? false,
  });
  noteVolume(instance, volume);
};

const addSecondaryInterface = (
  context: Ec2Context,
  place: { readonly region: RegionState; readonly instance: Instance; readonly subnet: Subnet },
  attachment: { readonly deviceIndex: number; readonly deleteOnTermination: boolean },
): void => {
  const { region, instance, subnet } = place;
  const record = createInterface(context, region, {
    subnet,
    groups: instance.groups,
    description: "secondary",
    tags: {},
    atMs: instance.createdAt,
    visibleAt: 0,
  });
  attachRecord(
    context,
    { record, instance },
    { ...attachment, atMs: instance.createdAt, status: "attached" },
  );
};

const isElastic = (
  declaration: InstanceDeclaration,
  isPrimaryInterface: boolean,
  isPrimaryAddress: boolean,
): boolean => {
  if (!isPrimaryInterface) return isPrimaryAddress && declaration.elasticIpOnInterfaces === true;
  return (isPrimaryAddress ? declaration.elasticIp : declaration.elasticIpOnSecondary) === true;
};

const addElasticIps = (
  context: Ec2Context,
  place: { readonly region: RegionState; readonly instance: Instance },
  declaration: InstanceDeclaration,
): void => {
  const interfaces = interfacesOf(place.region, place.instance);
  for (const record of interfaces) {
    for (const { ip, primary } of record.addresses) {
      if (!isElastic(declaration, record === interfaces[0], primary)) continue;
      if (addressOn(place.region, record.id, ip) !== undefined) continue;
      const { borderGroup } = place.instance.zone;
      allocate(context, place.region, { tags: {}, borderGroup }).association = {
        associationId: newId(context, "eipassoc-"),
        networkInterfaceId: record.id,
        privateIp: ip,
      };
      if (primary) record.autoPublicIp = undefined;
    }
  }
};

/** What hangs on the instance: data volumes, interfaces, addresses. */
const equip = (
  context: Ec2Context,
  place: { readonly region: RegionState; readonly instance: Instance; readonly subnet: Subnet },
  declaration: InstanceDeclaration,
): void => {
  for (const [index, volume] of (declaration.dataVolumes ?? []).entries()) {
    addDataVolume(context, place, { volume, index });
  }
  const [primary] = interfacesOf(place.region, place.instance);
  if (primary !== undefined) primary.sourceDestCheck = declaration.sourceDestCheck ?? true;
  const deleteOnTermination = declaration.secondaryInterfacesDeleteOnTermination ?? false;
  for (let index = 1; index <= (declaration.secondaryInterfaces ?? 0); index++) {
    addSecondaryInterface(context, place, { deviceIndex: index, deleteOnTermination });
  }
  addElasticIps(context, place, declaration);
};

const tagParts = (region: RegionState, instance: Instance, tags: Tags): void => {
  const interfaces = interfacesOf(region, instance);
  const addresses = interfaces.flatMap(({ id, addresses: own }) =>
    own.map(({ ip }) => addressOn(region, id, ip)).filter((address) => address !== undefined),
  );
  for (const part of [instance, ...volumesOf(region, instance), ...interfaces, ...addresses]) {
    part.tags = { ...part.tags, ...tags };
  }
};

/** It ran for an hour, and has been stopped since. */
const stopEarlier = (context: Ec2Context, region: RegionState, instance: Instance): void => {
  const atMs = Math.min(context.clock.now(), instance.launchedAt + 3_600_000);
  stop(context, region, { instance, atMs, cause: byUser(atMs) });
  context.timeline.settle();
};

/** @throws Error where the declaration cannot be: an unknown type, no such zone. */
export const declareInstance = (
  context: Ec2Context,
  declaration: InstanceDeclaration,
): { readonly region: RegionState; readonly instance: Instance } => {
  const region = openRegion(context, declaration.accountId, declaration.region);
  const type = context.market.findType(declaration.instanceType);
  if (type === undefined) throw new Error(`The market has no type ${declaration.instanceType}.`);
  const subnet = subnetOf(context, region, declaration);
  const image =
    region.images.get(declaration.imageId ?? "") ??
    declareImage(context, region, { declaration, type });
  const atMs = context.clock.now() - (declaration.ageHours ?? 720) * 3_600_000;
  makeNamed(context, region, declaration);
  const input = requestFor(declaration, { image, subnet });
  declareGroups(context, region, declaration);
  const instance = launchInstance(context, region, {
    input,
    image,
    type,
    subnet,
    reservationId: newId(context, "r-"),
    atMs,
    lifecycle: declaration.lifecycle,
    operatorManaged: declaration.operatorManaged ?? declaration.isHidden,
    isHidden: declaration.isHidden,
  });
  // A scenario may set what the API refuses to set: aws:… tags.
  instance.tags = { ...declaration.tags };
  instance.events = [...(declaration.scheduledEvents ?? [])];
  if (declaration.lifecycle === "spot") {
    openRequest(context, region, { instance, launch: input, onDemandUsd: undefined, atMs });
  }
  equip(context, { region, instance, subnet }, declaration);
  encryptUnder(context, region, { volumes: volumesOf(region, instance), ...declaration });
  tagParts(region, instance, declaration.sharedTags ?? {});
  // What booted in the past is running by now.
  context.timeline.settle();
  if (declaration.state === "stopped") stopEarlier(context, region, instance);
  return { region, instance };
};
