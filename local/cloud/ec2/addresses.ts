/** Elastic IPs: allocated, associated (reassociation unless it is forbidden), released only when free. */
import type {
  Address,
  AllocateAddressCommandInput,
  AllocateAddressResult,
  AssociateAddressCommandInput,
  AssociateAddressResult,
  DescribeAddressesCommandInput,
  DescribeAddressesResult,
  DisassociateAddressCommandInput,
  ReleaseAddressCommandInput,
} from "@aws-sdk/client-ec2";
import type { Call } from "../contract.ts";
import { findOne, newId, selectVisible, tagList, tagsFor, type Ec2Context } from "./context.ts";
import { defined } from "./defined.ts";
import { applyFilters, tagFields } from "./filters.ts";
import { addressOn, interfacesOf, newPublicIp } from "./interface-records.ts";
import { kinds, notFound, refuse, required } from "./refusals.ts";
import { regionOf } from "./regions.ts";
import type { ElasticAddress, NetworkInterfaceRecord, RegionState } from "./state.ts";
import { borderGroupOf } from "./subnets-and-zones.ts";
import { visibleFrom } from "./visibility.ts";

const instanceOf = (region: RegionState, address: ElasticAddress): string | undefined =>
  region.interfaces.get(address.association?.networkInterfaceId ?? "")?.attachment?.instanceId;

const traitsView = ({ traits = {} }: ElasticAddress): Address => {
  const { serviceManaged, customerOwnedIp, carrierIp, publicIpv4Pool = "amazon" } = traits;
  return {
    PublicIpv4Pool: publicIpv4Pool,
    ...defined({
      ServiceManaged: serviceManaged,
      CustomerOwnedIp: customerOwnedIp,
      CarrierIp: carrierIp,
    }),
  };
};

const view = (region: RegionState, address: ElasticAddress): Address => {
  const { association } = address;
  const instanceId = instanceOf(region, address);
  return {
    AllocationId: address.id,
    PublicIp: address.publicIp,
    Domain: "vpc",
    NetworkBorderGroup: address.borderGroup,
    ...traitsView(address),
    ...(association === undefined
      ? {}
      : {
          AssociationId: association.associationId,
          NetworkInterfaceId: association.networkInterfaceId,
          NetworkInterfaceOwnerId:
            region.interfaces.get(association.networkInterfaceId)?.traits?.ownerId ??
            region.accountId,
          PrivateIpAddress: association.privateIp,
        }),
    ...(instanceId === undefined ? {} : { InstanceId: instanceId }),
    Tags: tagList(address.tags),
  };
};

export const allocate = (
  context: Ec2Context,
  region: RegionState,
  given: {
    readonly tags: Readonly<Record<string, string>>;
    readonly borderGroup?: string | undefined;
    readonly traits?: ElasticAddress["traits"];
  },
): ElasticAddress => {
  const now = context.clock.now();
  const address: ElasticAddress = {
    id: newId(context, "eipalloc-"),
    createdAt: now,
    visibleAt: visibleFrom(context, now),
    tags: { ...given.tags },
    publicIp: newPublicIp(context),
    borderGroup: given.borderGroup ?? region.region,
    ...defined({ traits: given.traits }),
  };
  region.addresses.set(address.id, address);
  return address;
};

const findAddress = (
  context: Ec2Context,
  region: RegionState,
  input: { readonly AllocationId?: string | undefined; readonly PublicIp?: string | undefined },
): ElasticAddress => {
  if (input.AllocationId !== undefined) {
    return findOne(context, region.addresses, { kind: kinds.address, id: input.AllocationId });
  }
  const publicIp = required(input.PublicIp, "AllocationId");
  const address = [...region.addresses.values()].find((each) => each.publicIp === publicIp);
  if (address === undefined) {
    throw refuse("InvalidAddress.NotFound", `Address '${publicIp}' not found.`);
  }
  return address;
};

/** The interface that the request means: named, or the only one of the named instance. */
const destinationOf = (
  context: Ec2Context,
  region: RegionState,
  input: AssociateAddressCommandInput,
): NetworkInterfaceRecord => {
  if (input.NetworkInterfaceId !== undefined) {
    return findOne(context, region.interfaces, {
      kind: kinds.networkInterface,
      id: input.NetworkInterfaceId,
    });
  }
  const id = required(input.InstanceId, "InstanceId");
  const instance = findOne(context, region.instances, { kind: kinds.instance, id });
  const [only, second] = interfacesOf(region, instance);
  if (only === undefined) throw notFound(kinds.instance, [id]);
  if (second !== undefined) {
    throw refuse(
      "InvalidInstanceID",
      `There are multiple interfaces attached to instance '${id}'. Please specify an interface ID for the operation instead.`,
    );
  }
  return only;
};

const checkDestination = (region: RegionState, record: NetworkInterfaceRecord): void => {
  const instance = region.instances.get(record.attachment?.instanceId ?? "");
  if (instance === undefined || instance.state === "running" || instance.state === "stopped") {
    return;
  }
  throw refuse(
    "IncorrectInstanceState",
    `The ${instance.state} instance to which '${record.id}' is attached is not in a valid state for this operation`,
  );
};

/** † That EC2 refuses is documented (user guide, "Local Zones"); code and words are from memory. */
const checkBorder = (
  region: RegionState,
  address: ElasticAddress,
  record: NetworkInterfaceRecord,
): void => {
  const zone = region.subnets.get(record.subnetId)?.zone;
  if (zone === undefined || borderGroupOf(region, zone) === address.borderGroup) return;
  throw refuse(
    "InvalidParameterCombination",
    `The address ${address.publicIp} and the network interface ${record.id} are in different network border groups.`,
  );
};

const alreadyAssociated = (id: string, associationId: string) =>
  refuse(
    "Resource.AlreadyAssociated",
    `resource ${id} is already associated with associate-id ${associationId}`,
  );

const associate = (
  context: Ec2Context,
  region: RegionState,
  order: {
    readonly address: ElasticAddress;
    readonly record: NetworkInterfaceRecord;
    readonly privateIp: string;
    readonly allowReassociation: boolean;
  },
): string => {
  const { address, record, privateIp } = order;
  const before = address.association;
  if (before?.networkInterfaceId === record.id && before.privateIp === privateIp) {
    return before.associationId;
  }
  const other = addressOn(region, record.id, privateIp);
  const displaced = other?.association;
  if (!order.allowReassociation) {
    if (before !== undefined) throw alreadyAssociated(address.id, before.associationId);
    if (displaced !== undefined) throw alreadyAssociated(record.id, displaced.associationId);
  }
  if (other !== undefined) other.association = undefined;
  const isPrimary = record.addresses.some((each) => each.ip === privateIp && each.primary);
  if (isPrimary) record.autoPublicIp = undefined;
  const associationId = newId(context, "eipassoc-");
  address.association = { associationId, networkInterfaceId: record.id, privateIp };
  return associationId;
};

const allocateAddress =
  (context: Ec2Context) =>
  (call: Call, input: AllocateAddressCommandInput): AllocateAddressResult => {
    const region = regionOf(context, call);
    if (region.addresses.size >= context.settings.elasticAddresses) {
      throw refuse("AddressLimitExceeded", "The maximum number of addresses has been reached.");
    }
    const address = allocate(context, region, {
      tags: tagsFor(input.TagSpecifications, "elastic-ip"),
      borderGroup: input.NetworkBorderGroup,
    });
    return {
      AllocationId: address.id,
      PublicIp: address.publicIp,
      Domain: "vpc",
      PublicIpv4Pool: "amazon",
      NetworkBorderGroup: address.borderGroup,
    };
  };

const releaseAddress =
  (context: Ec2Context) =>
  (call: Call, input: ReleaseAddressCommandInput): Record<string, never> => {
    const region = regionOf(context, call);
    // EC2 API reference, ReleaseAddress: "if the address is already allocated to another AWS account".
    if (region.kept.addressesElsewhere.has(input.AllocationId ?? "")) {
      throw refuse("AuthFailure", `You do not own the address ${String(input.AllocationId)}.`);
    }
    const address = findAddress(context, region, input);
    if (address.association !== undefined) {
      throw refuse("InvalidIPAddress.InUse", `Address ${address.publicIp} is in use.`);
    }
    const service = address.traits?.serviceManaged;
    // † That the service alone releases it is documented (EC2 API reference, ServiceManaged); the code is the general one of "Error codes".
    if (service !== undefined) {
      throw refuse(
        "OperationNotPermitted",
        `The address ${address.publicIp} is managed by ${service}.`,
      );
    }
    region.addresses.delete(address.id);
    return {};
  };

const describeAddresses =
  (context: Ec2Context) =>
  (call: Call, input: DescribeAddressesCommandInput): DescribeAddressesResult => {
    const region = regionOf(context, call);
    const addresses = selectVisible(context, region.addresses, {
      kind: kinds.address,
      ids: input.AllocationIds,
      filters: input.Filters,
    }).filter((address) => input.PublicIps?.includes(address.publicIp) ?? true);
    const filtered = applyFilters(addresses, input.Filters, {
      ...tagFields<ElasticAddress>(),
      "allocation-id": (address) => address.id,
      "association-id": (address) => address.association?.associationId,
      "instance-id": (address) => instanceOf(region, address),
      "network-interface-id": (address) => address.association?.networkInterfaceId,
      "private-ip-address": (address) => address.association?.privateIp,
      "public-ip": (address) => address.publicIp,
      domain: () => "vpc",
    });
    return { Addresses: filtered.map((address) => view(region, address)) };
  };

const associateAddress =
  (context: Ec2Context) =>
  (call: Call, input: AssociateAddressCommandInput): AssociateAddressResult => {
    const region = regionOf(context, call);
    const address = findAddress(context, region, input);
    const record = destinationOf(context, region, input);
    checkDestination(region, record);
    checkBorder(region, address, record);
    const privateIp =
      input.PrivateIpAddress ?? record.addresses.find((each) => each.primary)?.ip ?? "";
    if (!record.addresses.some((each) => each.ip === privateIp)) {
      throw refuse(
        "InvalidParameterValue",
        `The private address '${privateIp}' is not assigned to interface '${record.id}'`,
      );
    }
    return {
      AssociationId: associate(context, region, {
        address,
        record,
        privateIp,
        // In a VPC reassociation is the rule; only an explicit false forbids it.
        allowReassociation: input.AllowReassociation ?? true,
      }),
    };
  };

const disassociateAddress =
  (context: Ec2Context) =>
  (call: Call, input: DisassociateAddressCommandInput): Record<string, never> => {
    const region = regionOf(context, call);
    const id = required(input.AssociationId, "AssociationId");
    const address = [...region.addresses.values()].find(
      (each) => each.association?.associationId === id,
    );
    if (address === undefined) {
      throw refuse("InvalidAssociationID.NotFound", `The association ID '${id}' does not exist`);
    }
    address.association = undefined;
    return {};
  };

export const addressOperations = (context: Ec2Context) => ({
  AllocateAddress: allocateAddress(context),
  ReleaseAddress: releaseAddress(context),
  DescribeAddresses: describeAddresses(context),
  AssociateAddress: associateAddress(context),
  DisassociateAddress: disassociateAddress(context),
});
