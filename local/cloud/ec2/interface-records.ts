/** Network interfaces as records: made, attached, detached, deleted; with the addresses that they hold. */
import { newId, type Ec2Context } from "./context.ts";
import { everAttached, noteInterface } from "./ever-attached.ts";
import { refuse } from "./refusals.ts";
import type {
  ElasticAddress,
  Instance,
  InterfaceAttachment,
  NetworkInterfaceRecord,
  RegionState,
  Subnet,
  Tags,
} from "./state.ts";
import { requireAddressFree, requireFreeAddresses, takeAddress } from "./subnets-and-zones.ts";

export interface NewInterface {
  readonly subnet: Subnet;
  readonly groups: readonly string[];
  readonly description: string;
  readonly tags: Tags;
  readonly atMs: number;
  readonly visibleAt: number;
  readonly primaryIp?: string | undefined;
  readonly secondaryIps?: readonly string[];
  readonly secondaryCount?: number;
  readonly ipv6Count?: number;
  readonly interfaceType?: string | undefined;
}

const newMac = (context: Ec2Context): string => {
  const digits = context.random.hex(10);
  const pairs = [0, 2, 4, 6, 8].map((from) => digits.slice(from, from + 2));
  return ["0a", ...pairs].join(":");
};

/** @throws CloudError where addresses are taken, outside the subnet, or used up. Nothing is made then. */
export const createInterface = (
  context: Ec2Context,
  region: RegionState,
  input: NewInterface,
): NetworkInterfaceRecord => {
  const { subnet, secondaryIps = [], secondaryCount = 0 } = input;
  const named = [...(input.primaryIp === undefined ? [] : [input.primaryIp]), ...secondaryIps];
  for (const ip of named) requireAddressFree(region, subnet, ip);
  requireFreeAddresses(region, subnet, 1 + secondaryIps.length + secondaryCount);
  const record: NetworkInterfaceRecord = {
    id: newId(context, "eni-"),
    createdAt: input.atMs,
    visibleAt: input.visibleAt,
    tags: input.tags,
    subnetId: subnet.id,
    mac: newMac(context),
    interfaceType: input.interfaceType ?? "interface",
    ipv6: Array.from(
      { length: input.ipv6Count ?? 0 },
      () => `2600:1f18::${context.random.hex(4)}:${context.random.hex(4)}`,
    ),
    description: input.description,
    groups: input.groups,
    sourceDestCheck: true,
    addresses: secondaryIps.map((ip) => ({ ip, primary: false })),
  };
  region.interfaces.set(record.id, record);
  const primary = { ip: input.primaryIp ?? takeAddress(region, subnet), primary: true };
  record.addresses = [primary, ...record.addresses];
  for (let count = 0; count < secondaryCount; count++) {
    record.addresses.push({ ip: takeAddress(region, subnet), primary: false });
  }
  return record;
};

export const interfacesOf = (region: RegionState, instance: Instance): NetworkInterfaceRecord[] =>
  everAttached(instance)
    .interfaces.filter(
      ({ id, attachment }) => attachment?.instanceId === instance.id && region.interfaces.has(id),
    )
    .sort(
      (one, other) => (one.attachment?.deviceIndex ?? 0) - (other.attachment?.deviceIndex ?? 0),
    );

export interface NewAttachment {
  readonly deviceIndex: number;
  readonly networkCardIndex?: number | undefined;
  readonly deleteOnTermination: boolean;
  readonly atMs: number;
  readonly status: "attaching" | "attached";
}

export const attachRecord = (
  context: Ec2Context,
  pair: { readonly record: NetworkInterfaceRecord; readonly instance: Instance },
  input: NewAttachment,
): InterfaceAttachment => {
  const attachment: InterfaceAttachment = {
    attachmentId: newId(context, "eni-attach-"),
    instanceId: pair.instance.id,
    deviceIndex: input.deviceIndex,
    networkCardIndex: input.networkCardIndex ?? 0,
    attachedAt: input.atMs,
    status: input.status,
    deleteOnTermination: input.deleteOnTermination,
  };
  pair.record.attachment = attachment;
  noteInterface(pair.instance, pair.record);
  return attachment;
};

export const addressOn = (
  region: RegionState,
  networkInterfaceId: string,
  privateIp: string,
): ElasticAddress | undefined => {
  for (const address of region.addresses.values()) {
    const { association } = address;
    if (association?.networkInterfaceId !== networkInterfaceId) continue;
    if (association.privateIp === privateIp) return address;
  }
  return undefined;
};

/** Deleting an interface frees its Elastic IPs. */
export const deleteInterface = (region: RegionState, record: NetworkInterfaceRecord): void => {
  region.interfaces.delete(record.id);
  for (const address of region.addresses.values()) {
    if (address.association?.networkInterfaceId === record.id) address.association = undefined;
  }
};

/** A public IPv4 address as EC2 might lend it. */
export const newPublicIp = (context: Ec2Context): string =>
  [3, ...[0, 0, 0].map(() => context.random.integer(1, 254))].join(".");

/** @throws CloudError AttachmentLimitExceeded: the type holds no more interfaces. */
export const requireInterfaceRoom = (
  context: Ec2Context,
  instanceType: string,
  interfaces: number,
): void => {
  const most = context.market.findType(instanceType)?.maxInterfaces ?? 0;
  if (interfaces > most) {
    throw refuse(
      "AttachmentLimitExceeded",
      `Interface count ${String(interfaces)} exceeds the limit for ${instanceType}`,
    );
  }
};

/** @throws CloudError PrivateIpAddressLimitExceeded: the type holds no more addresses per interface. */
export const requireAddressRoom = (
  context: Ec2Context,
  instanceType: string,
  addresses: number,
): void => {
  const most = context.market.findType(instanceType)?.ipv4PerInterface ?? 0;
  if (addresses > most) {
    throw refuse(
      "PrivateIpAddressLimitExceeded",
      `Number of private addresses will exceed limit for ${instanceType}: ${String(most)} per interface.`,
    );
  }
};
