/** Network interfaces: the primary stays with its instance; secondary ones move within their zone. */
import type {
  AttachNetworkInterfaceCommandInput,
  AttachNetworkInterfaceResult,
  CreateNetworkInterfaceCommandInput,
  CreateNetworkInterfaceResult,
  DeleteNetworkInterfaceCommandInput,
  DescribeNetworkInterfacesCommandInput,
  DescribeNetworkInterfacesResult,
  DetachNetworkInterfaceCommandInput,
  ModifyNetworkInterfaceAttributeCommandInput,
  NetworkInterfaceAttachmentChanges,
} from "@aws-sdk/client-ec2";
import type { Call } from "../contract.ts";
import {
  findOne,
  lasting,
  oncePerToken,
  selectVisible,
  tagsFor,
  type Ec2Context,
} from "./context.ts";
import { applyFilters, tagFields, type Fields } from "./filters.ts";
import { statusOf, viewInterface } from "./interface-view.ts";
import {
  attachRecord,
  createInterface,
  deleteInterface,
  interfacesOf,
  requireInterfaceRoom,
} from "./interface-records.ts";
import { paginate } from "./paging.ts";
import { kinds, refuse, required } from "./refusals.ts";
import { regionOf } from "./regions.ts";
import { groupsOf, requireGroups } from "./security-group-records.ts";
import type {
  Instance,
  InterfaceAttachment,
  NetworkInterfaceRecord,
  RegionState,
} from "./state.ts";
import { isShownManaged } from "./traits.ts";
import { visibleFrom } from "./visibility.ts";

const fieldsOf = (region: RegionState): Fields<NetworkInterfaceRecord> => ({
  ...tagFields<NetworkInterfaceRecord>(),
  "network-interface-id": (record) => record.id,
  "subnet-id": (record) => record.subnetId,
  "vpc-id": () => region.vpcId,
  status: (record) => statusOf(record),
  "attachment.instance-id": (record) => record.attachment?.instanceId,
  "attachment.attachment-id": (record) => record.attachment?.attachmentId,
  "attachment.device-index": (record) => record.attachment?.deviceIndex,
  "attachment.status": (record) => record.attachment?.status,
  "attachment.delete-on-termination": (record) => record.attachment?.deleteOnTermination,
  "addresses.private-ip-address": (record) => record.addresses.map((address) => address.ip),
  "private-ip-address": (record) => record.addresses.find((address) => address.primary)?.ip,
  "group-id": (record) => record.groups,
  "availability-zone": (record) => region.subnets.get(record.subnetId)?.zone.name,
  description: (record) => record.description,
  "interface-type": (record) => record.interfaceType,
  "mac-address": (record) => record.mac,
});

const checkAttach = (
  context: Ec2Context,
  region: RegionState,
  pair: {
    readonly record: NetworkInterfaceRecord;
    readonly instance: Instance;
    readonly deviceIndex: number;
  },
): void => {
  const { record, instance, deviceIndex } = pair;
  if (record.attachment !== undefined) {
    throw refuse("InvalidNetworkInterface.InUse", `Interface: [${record.id}] in use.`);
  }
  if (instance.state !== "running" && instance.state !== "stopped") {
    throw refuse(
      "IncorrectInstanceState",
      `Instance '${instance.id}' is not 'running' or 'stopped'.`,
    );
  }
  if (region.subnets.get(record.subnetId)?.zone.id !== instance.zone.id) {
    throw refuse(
      "InvalidParameterCombination",
      "You may not attach a network interface to an instance if they are not in the same availability zone",
    );
  }
  const others = interfacesOf(region, instance);
  if (others.some((other) => other.attachment?.deviceIndex === deviceIndex)) {
    throw refuse(
      "InvalidParameterValue",
      `Instance '${instance.id}' already has an interface attached at device index '${String(deviceIndex)}'.`,
    );
  }
  requireInterfaceRoom(context, instance.instanceType, others.length + 1);
};

const byAttachment = (
  region: RegionState,
  attachmentId: string,
): { readonly record: NetworkInterfaceRecord; readonly attachment: InterfaceAttachment } => {
  for (const record of region.interfaces.values()) {
    const { attachment } = record;
    if (attachment?.attachmentId === attachmentId) return { record, attachment };
  }
  throw refuse("InvalidAttachmentID.NotFound", `The attachment '${attachmentId}' does not exist.`);
};

const newInterface = (
  context: Ec2Context,
  region: RegionState,
  input: CreateNetworkInterfaceCommandInput,
): readonly string[] => {
  const id = required(input.SubnetId, "SubnetId");
  const subnet = findOne(context, region.subnets, { kind: kinds.subnet, id });
  const named = input.PrivateIpAddresses ?? [];
  const atMs = context.clock.now();
  const record = createInterface(context, region, {
    subnet,
    groups: groupsOf(region, requireGroups(context, region, input.Groups)),
    description: input.Description ?? "",
    tags: tagsFor(input.TagSpecifications, "network-interface"),
    atMs,
    visibleAt: visibleFrom(context, atMs),
    primaryIp:
      input.PrivateIpAddress ?? named.find((address) => address.Primary === true)?.PrivateIpAddress,
    secondaryIps: named.flatMap((address) =>
      address.Primary === true || address.PrivateIpAddress === undefined
        ? []
        : [address.PrivateIpAddress],
    ),
    secondaryCount: input.SecondaryPrivateIpAddressCount ?? 0,
    interfaceType: input.InterfaceType,
  });
  return [record.id];
};

const modifyAttachment = (
  record: NetworkInterfaceRecord,
  change: NetworkInterfaceAttachmentChanges,
): void => {
  const { attachment } = record;
  if (attachment === undefined || attachment.attachmentId !== change.AttachmentId) {
    throw refuse(
      "InvalidAttachmentID.NotFound",
      `The attachment '${change.AttachmentId ?? ""}' does not exist.`,
    );
  }
  attachment.deleteOnTermination = change.DeleteOnTermination ?? attachment.deleteOnTermination;
};

const find = (
  context: Ec2Context,
  region: RegionState,
  id: string | undefined,
): NetworkInterfaceRecord =>
  findOne(context, region.interfaces, {
    kind: kinds.networkInterface,
    id: required(id, "NetworkInterfaceId"),
  });

const createNetworkInterface =
  (context: Ec2Context) =>
  (call: Call, input: CreateNetworkInterfaceCommandInput): CreateNetworkInterfaceResult => {
    const region = regionOf(context, call);
    const [id = ""] = oncePerToken(
      region,
      { scope: "CreateNetworkInterface", token: input.ClientToken, parameters: input },
      () => newInterface(context, region, input),
    );
    const record = region.interfaces.get(id);
    return record === undefined ? {} : { NetworkInterface: viewInterface(region, record) };
  };

const describeNetworkInterfaces =
  (context: Ec2Context) =>
  (call: Call, input: DescribeNetworkInterfacesCommandInput): DescribeNetworkInterfacesResult => {
    const region = regionOf(context, call);
    const records = applyFilters(
      selectVisible(context, region.interfaces, {
        kind: kinds.networkInterface,
        ids: input.NetworkInterfaceIds,
        filters: input.Filters,
      }).filter(({ traits }) => isShownManaged(traits?.operator, input)),
      input.Filters,
      fieldsOf(region),
    );
    const { items, ...next } = paginate(records, input, {
      min: 5,
      max: 1000,
      pageSize: context.settings.pageSize,
      ids: input.NetworkInterfaceIds,
      idsParameter: "networkInterfaceIdSet",
    });
    return { NetworkInterfaces: items.map((record) => viewInterface(region, record)), ...next };
  };

const attachNetworkInterface =
  (context: Ec2Context) =>
  (call: Call, input: AttachNetworkInterfaceCommandInput): AttachNetworkInterfaceResult => {
    const region = regionOf(context, call);
    const record = find(context, region, input.NetworkInterfaceId);
    const id = required(input.InstanceId, "InstanceId");
    const deviceIndex = required(input.DeviceIndex, "DeviceIndex");
    const instance = findOne(context, region.instances, { kind: kinds.instance, id });
    checkAttach(context, region, { record, instance, deviceIndex });
    const atMs = context.clock.now();
    const attachment = attachRecord(
      context,
      { record, instance },
      {
        deviceIndex,
        networkCardIndex: input.NetworkCardIndex,
        // What is attached by hand outlives the instance.
        deleteOnTermination: false,
        atMs,
        status: "attaching",
      },
    );
    context.timeline.at(atMs + lasting(context, context.settings.interfaceAttachMs), () => {
      if (attachment.status === "attaching") attachment.status = "attached";
    });
    return {
      AttachmentId: attachment.attachmentId,
      NetworkCardIndex: attachment.networkCardIndex,
    };
  };

const detachNetworkInterface =
  (context: Ec2Context) =>
  (call: Call, input: DetachNetworkInterfaceCommandInput): Record<string, never> => {
    const region = regionOf(context, call);
    const { record, attachment } = byAttachment(
      region,
      required(input.AttachmentId, "AttachmentId"),
    );
    if (attachment.deviceIndex === 0) {
      throw refuse(
        "OperationNotPermitted",
        "The network interface at device index 0 cannot be detached.",
      );
    }
    attachment.status = "detaching";
    context.timeline.at(
      context.clock.now() + lasting(context, context.settings.interfaceDetachMs),
      () => {
        if (record.attachment === attachment) record.attachment = undefined;
      },
    );
    return {};
  };

const deleteNetworkInterface =
  (context: Ec2Context) =>
  (call: Call, input: DeleteNetworkInterfaceCommandInput): Record<string, never> => {
    const region = regionOf(context, call);
    const record = find(context, region, input.NetworkInterfaceId);
    if (record.attachment !== undefined) {
      throw refuse(
        "InvalidParameterValue",
        `Network interface '${record.id}' is currently in use.`,
      );
    }
    deleteInterface(region, record);
    return {};
  };

const modifyNetworkInterfaceAttribute =
  (context: Ec2Context) =>
  (call: Call, input: ModifyNetworkInterfaceAttributeCommandInput): Record<string, never> => {
    const region = regionOf(context, call);
    const record = find(context, region, input.NetworkInterfaceId);
    const groups = requireGroups(context, region, input.Groups);
    if (input.Attachment !== undefined) modifyAttachment(record, input.Attachment);
    record.description = input.Description?.Value ?? record.description;
    record.sourceDestCheck = input.SourceDestCheck?.Value ?? record.sourceDestCheck;
    record.groups = groups ?? record.groups;
    return {};
  };

export const interfaceOperations = (context: Ec2Context) => ({
  CreateNetworkInterface: createNetworkInterface(context),
  DescribeNetworkInterfaces: describeNetworkInterfaces(context),
  AttachNetworkInterface: attachNetworkInterface(context),
  DetachNetworkInterface: detachNetworkInterface(context),
  DeleteNetworkInterface: deleteNetworkInterface(context),
  ModifyNetworkInterfaceAttribute: modifyNetworkInterfaceAttribute(context),
});
