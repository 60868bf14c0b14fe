/** Elastic IP addresses and network interfaces of the account: what they are used for, and the release of an address. */
import {
  DescribeAddressesAttributeCommand,
  DescribeAddressesCommand,
  DescribeAddressTransfersCommand,
  DescribeNetworkInterfacesCommand,
  ReleaseAddressCommand,
  type Address,
  type AddressAttribute,
  type AddressTransfer as TransferView,
  type EC2Client,
  type Filter,
  type NetworkInterface,
} from "@aws-sdk/client-ec2";
import type {
  AddressList,
  AddressTransfer,
  OwnAddress,
  OwnInterface,
} from "../../../core/model/waste/address.ts";
import type { Acted } from "../acted.ts";
import { isNotFound } from "../error-codes.ts";
import { readAllPages } from "../paging.ts";
import { removeOnce } from "../remove-once.ts";
import { required } from "../required.ts";
import { callAws } from "../translate-error.ts";
import { withoutUndefined } from "../without-undefined.ts";
import { largestPage, tagRecord } from "./describe.ts";

const toAddress = (address: Address): OwnAddress => {
  const allocationId = required(address.AllocationId, "an address's allocation id");
  return withoutUndefined({
    allocationId,
    publicIp: required(address.PublicIp, `the address of ${allocationId}`),
    associationId: address.AssociationId,
    networkInterfaceId: address.NetworkInterfaceId,
    networkInterfaceOwnerId: address.NetworkInterfaceOwnerId,
    instanceId: address.InstanceId,
    serviceManaged: address.ServiceManaged,
    publicIpv4Pool: address.PublicIpv4Pool,
    customerOwnedIp: address.CustomerOwnedIp,
    carrierIp: address.CarrierIp,
    tags: tagRecord(address.Tags),
  });
};

const idFilter = (allocationIds: readonly string[]): Filter => ({
  Name: "allocation-id",
  Values: [...allocationIds],
});

/** EC2 has no pages for addresses. */
const describeAddresses = async (
  ec2: EC2Client,
  filters: readonly Filter[],
): Promise<readonly OwnAddress[]> => {
  const answer = await callAws({ action: "DescribeAddresses" }, () =>
    ec2.send(new DescribeAddressesCommand({ Filters: [...filters] })),
  );
  return (answer.Addresses ?? []).map(toAddress);
};

const toTransfer = (transfer: TransferView): AddressTransfer => {
  const allocationId = required(transfer.AllocationId, "the allocation id of a transfer");
  return withoutUndefined({
    allocationId,
    status: required(transfer.AddressTransferStatus, `the transfer status of ${allocationId}`),
    toAccountId: transfer.TransferAccountId,
    expiresAt: transfer.TransferOfferExpirationTimestamp?.toISOString(),
  });
};

const readTransfers = (ec2: EC2Client): Promise<readonly TransferView[]> =>
  readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeAddressTransfers" }, () =>
        ec2.send(
          new DescribeAddressTransfersCommand({ MaxResults: largestPage, NextToken: token }),
        ),
      ),
    items: (page) => page.AddressTransfers,
    next: (page) => page.NextToken,
  });

const readAttributes = (ec2: EC2Client): Promise<readonly AddressAttribute[]> =>
  readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeAddressesAttribute" }, () =>
        ec2.send(
          new DescribeAddressesAttributeCommand({
            Attribute: "domain-name",
            MaxResults: largestPage,
            NextToken: token,
          }),
        ),
      ),
    items: (page) => page.Addresses,
    next: (page) => page.NextToken,
  });

/** One that is being set counts: its owner has a use for the address. */
const reverseNameOf = ({ PtrRecord: record, PtrRecordUpdate: update }: AddressAttribute) =>
  record ?? update?.Value;

const reverseNamesOf = (attributes: readonly AddressAttribute[]): ReadonlyMap<string, string> =>
  new Map(
    attributes.flatMap((attribute) => {
      const name = reverseNameOf(attribute);
      return attribute.AllocationId === undefined || name === undefined
        ? []
        : [[attribute.AllocationId, name] as const];
    }),
  );

/**
 * All of the region, or those of the ids that EC2 shows; transfers and reverse names are those of all. Three calls for up to 1,000.
 * @throws what a page throws: nothing of a list that was not read to its end is used
 */
export const readAddresses = async (
  ec2: EC2Client,
  allocationIds?: readonly string[],
): Promise<AddressList> => {
  const [addresses, transfers, attributes] = await Promise.all([
    describeAddresses(ec2, allocationIds === undefined ? [] : [idFilter(allocationIds)]),
    readTransfers(ec2),
    readAttributes(ec2),
  ]);
  return {
    addresses,
    transfers: transfers.map(toTransfer),
    reverseNames: reverseNamesOf(attributes),
  };
};

const publicIpsOf = (found: NetworkInterface): readonly string[] => {
  const associations = [found, ...(found.PrivateIpAddresses ?? [])];
  return [...new Set(associations.flatMap(({ Association }) => Association?.PublicIp ?? []))];
};

const toInterface = (found: NetworkInterface): OwnInterface => {
  const networkInterfaceId = required(found.NetworkInterfaceId, "a network interface's id");
  return withoutUndefined({
    networkInterfaceId,
    status: required(found.Status, `the status of ${networkInterfaceId}`),
    interfaceType: required(found.InterfaceType, `the type of ${networkInterfaceId}`),
    ownerId: found.OwnerId,
    isRequesterManaged: found.RequesterManaged === true,
    isOperatorManaged: found.Operator?.Managed === true,
    instanceId: found.Attachment?.InstanceId,
    publicIps: publicIpsOf(found),
    tags: tagRecord(found.TagSet),
  });
};

/** All of the region, with what EC2 hides because a service manages it. A page has up to 1,000. */
export const readOwnInterfaces = async (ec2: EC2Client): Promise<readonly OwnInterface[]> => {
  const found = await readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeNetworkInterfaces" }, () =>
        ec2.send(
          new DescribeNetworkInterfacesCommand({
            IncludeManagedResources: true,
            MaxResults: largestPage,
            NextToken: token,
          }),
        ),
      ),
    items: (page) => page.NetworkInterfaces,
    next: (page) => page.NextToken,
  });
  return found.map(toInterface);
};

/** EC2 API reference, ReleaseAddress: AuthFailure where another account has it by now; else EC2 does not know the id. */
const mayBeReleased = (code: string): boolean => isNotFound(code) || code === "AuthFailure";

/**
 * Gives the address back to AWS: it may be another account's a moment later. EC2 refuses one that is associated
 * (InvalidIPAddress.InUse).
 * @throws RetryableNotVisible where EC2 lists it, and does not know it by its id
 */
export const releaseAddress = (ec2: EC2Client, allocationId: string): Promise<Acted> =>
  removeOnce({
    action: "ReleaseAddress",
    id: allocationId,
    call: () => ec2.send(new ReleaseAddressCommand({ AllocationId: allocationId })),
    isGone: mayBeReleased,
    isShown: async () => (await describeAddresses(ec2, [idFilter([allocationId])])).length > 0,
  });
