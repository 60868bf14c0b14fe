/** Secondary private addresses: assigned, reassigned (an Elastic IP on them follows), unassigned. */
import type {
  AssignPrivateIpAddressesCommandInput,
  AssignPrivateIpAddressesResult,
  UnassignPrivateIpAddressesCommandInput,
} from "@aws-sdk/client-ec2";
import type { Call } from "../contract.ts";
import { findOne, type Ec2Context } from "./context.ts";
import { addressOn, requireAddressRoom } from "./interface-records.ts";
import { kinds, refuse, required } from "./refusals.ts";
import { regionOf } from "./regions.ts";
import type { NetworkInterfaceRecord, RegionState } from "./state.ts";
import { requireAddressFree, requireFreeAddresses, takeAddress } from "./subnets-and-zones.ts";

const holderOf = (
  region: RegionState,
  record: NetworkInterfaceRecord,
  ip: string,
): NetworkInterfaceRecord | undefined =>
  [...region.interfaces.values()].find(
    (other) =>
      other.subnetId === record.subnetId && other.addresses.some((address) => address.ip === ip),
  );

const inUse = (ip: string) =>
  refuse("InvalidParameterValue", `Address ${ip} is in use by another network interface.`);

const checkNamed = (
  region: RegionState,
  record: NetworkInterfaceRecord,
  named: { readonly ip: string; readonly allowReassignment: boolean },
): void => {
  const holder = holderOf(region, record, named.ip);
  const subnet = region.subnets.get(record.subnetId);
  if (holder === undefined && subnet !== undefined) requireAddressFree(region, subnet, named.ip);
  if (holder === undefined || holder === record) return;
  const isPrimary = holder.addresses.some((address) => address.ip === named.ip && address.primary);
  if (isPrimary || !named.allowReassignment) throw inUse(named.ip);
};

/** Moves the address, and the Elastic IP that stands on it. */
const place = (region: RegionState, record: NetworkInterfaceRecord, ip: string): void => {
  const holder = holderOf(region, record, ip);
  if (holder === record) return;
  if (holder !== undefined) {
    const elastic = addressOn(region, holder.id, ip);
    if (elastic?.association !== undefined) {
      elastic.association = { ...elastic.association, networkInterfaceId: record.id };
    }
    holder.addresses = holder.addresses.filter((address) => address.ip !== ip);
  }
  record.addresses.push({ ip, primary: false });
};

export const privateAddressOperations = (context: Ec2Context) => ({
  AssignPrivateIpAddresses: (
    call: Call,
    input: AssignPrivateIpAddressesCommandInput,
  ): AssignPrivateIpAddressesResult => {
    const region = regionOf(context, call);
    const id = required(input.NetworkInterfaceId, "NetworkInterfaceId");
    const record = findOne(context, region.interfaces, { kind: kinds.networkInterface, id });
    const subnet = findOne(context, region.subnets, { kind: kinds.subnet, id: record.subnetId });
    const named = input.PrivateIpAddresses ?? [];
    const count = input.SecondaryPrivateIpAddressCount ?? 0;
    const allowReassignment = input.AllowReassignment ?? false;
    for (const ip of named) checkNamed(region, record, { ip, allowReassignment });
    const added = named.filter((ip) => holderOf(region, record, ip) !== record);
    requireFreeAddresses(region, subnet, count);
    const instance = region.instances.get(record.attachment?.instanceId ?? "");
    if (instance !== undefined) {
      const after = record.addresses.length + added.length + count;
      requireAddressRoom(context, instance.instanceType, after);
    }
    const taken = Array.from({ length: count }, () => {
      const ip = takeAddress(region, subnet);
      record.addresses.push({ ip, primary: false });
      return ip;
    });
    for (const ip of named) place(region, record, ip);
    return {
      NetworkInterfaceId: id,
      AssignedPrivateIpAddresses: [...named, ...taken].map((PrivateIpAddress) => ({
        PrivateIpAddress,
      })),
      AssignedIpv4Prefixes: [],
    };
  },

  UnassignPrivateIpAddresses: (
    call: Call,
    input: UnassignPrivateIpAddressesCommandInput,
  ): Record<string, never> => {
    const region = regionOf(context, call);
    const id = required(input.NetworkInterfaceId, "NetworkInterfaceId");
    const record = findOne(context, region.interfaces, { kind: kinds.networkInterface, id });
    const named = input.PrivateIpAddresses ?? [];
    const secondary = new Set(
      record.addresses.filter((address) => !address.primary).map((address) => address.ip),
    );
    const foreign = named.find((ip) => !secondary.has(ip));
    if (foreign !== undefined) {
      throw refuse(
        "InvalidParameterValue",
        `Some of the specified addresses are not assigned to interface ${id}`,
      );
    }
    for (const ip of named) {
      const elastic = addressOn(region, id, ip);
      if (elastic !== undefined) elastic.association = undefined;
    }
    record.addresses = record.addresses.filter((address) => !named.includes(address.ip));
    return {};
  },
});
