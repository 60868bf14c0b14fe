/**
 * Network interfaces, private addresses and Elastic IPs: the identity that moves between instances.
 * One function per call of EC2, which makes the file long.
 */
import {
  AssignPrivateIpAddressesCommand,
  AssociateAddressCommand,
  AttachNetworkInterfaceCommand,
  DescribeAddressesCommand,
  DetachNetworkInterfaceCommand,
  ModifyNetworkInterfaceAttributeCommand,
  type Address,
  type EC2Client,
  type NetworkInterface,
} from "@aws-sdk/client-ec2";
import { isEnrolled } from "../../../core/model/tags.ts";
import { acted, doneBefore, type Acted } from "../acted.ts";
import { isNotFound } from "../error-codes.ts";
import { notShownYet } from "../not-shown-yet.ts";
import { required } from "../required.ts";
import { callAws, expectRefusal } from "../translate-error.ts";
import { withoutUndefined } from "../without-undefined.ts";
import { describeInterfaces, findInterfaces, tagRecord } from "./describe.ts";

export interface InterfaceReading {
  readonly networkInterfaceId: string;
  readonly subnetId: string;
  /** `available`, `attaching`, `in-use`, `detaching`, `pending`, `associated`. */
  readonly status: string;
  readonly attachedTo?: string;
  readonly attachmentId?: string;
  /** `attaching`, `attached`, `detaching`. */
  readonly attachmentState?: string;
  readonly deviceIndex?: number;
  readonly deleteOnTermination?: boolean;
  /** All private IPv4 addresses, the primary one first. */
  readonly privateIps: readonly string[];
}

const attachmentOf = (
  networkInterface: NetworkInterface,
): Omit<InterfaceReading, "networkInterfaceId" | "subnetId" | "status" | "privateIps"> => {
  const attachment = networkInterface.Attachment;
  if (attachment === undefined || attachment.Status === "detached") return {};
  return withoutUndefined({
    attachedTo: attachment.InstanceId,
    attachmentId: attachment.AttachmentId,
    attachmentState: attachment.Status,
    deviceIndex: attachment.DeviceIndex,
    deleteOnTermination: attachment.DeleteOnTermination,
  });
};

const privateIpsOf = (networkInterface: NetworkInterface): string[] =>
  [...(networkInterface.PrivateIpAddresses ?? [])]
    .sort((a, b) => Number(b.Primary ?? false) - Number(a.Primary ?? false))
    .flatMap(({ PrivateIpAddress }) => PrivateIpAddress ?? []);

const toReading = (networkInterface: NetworkInterface): InterfaceReading => {
  const id = required(networkInterface.NetworkInterfaceId, "a network interface's id");
  return {
    networkInterfaceId: id,
    subnetId: required(networkInterface.SubnetId, `the subnet of ${id}`),
    status: required(networkInterface.Status, `the status of ${id}`),
    ...attachmentOf(networkInterface),
    privateIps: privateIpsOf(networkInterface),
  };
};

/** Those of the interfaces that exist. */
export const readInterfaces = async (
  ec2: EC2Client,
  interfaceIds: readonly string[],
): Promise<InterfaceReading[]> => (await describeInterfaces(ec2, interfaceIds)).map(toReading);

/** The interfaces of the subnet that hold any of the private addresses now, whosever they are. */
export const findInterfacesHolding = async (
  ec2: EC2Client,
  { subnetId, privateIps }: { readonly subnetId: string; readonly privateIps: readonly string[] },
): Promise<InterfaceReading[]> => {
  if (privateIps.length === 0) return [];
  const found = await findInterfaces(ec2, {
    resource: `${privateIps.join(" ")} in ${subnetId}`,
    filters: [
      { Name: "subnet-id", Values: [subnetId] },
      { Name: "addresses.private-ip-address", Values: [...privateIps] },
    ],
  });
  return found.map(toReading);
};

/**
 * Begins the attachment. A repetition of a call that acted is success: EC2 says InvalidNetworkInterface.InUse,
 * and the interface is found at that instance and index. Found nowhere, it is to be asked about again. @throws
 * RetryableNotVisible then
 */
export const attachInterface = async (
  ec2: EC2Client,
  input: {
    readonly networkInterfaceId: string;
    readonly instanceId: string;
    readonly deviceIndex: number;
  },
): Promise<Acted & { readonly attachmentId: string }> => {
  const { networkInterfaceId, instanceId, deviceIndex } = input;
  try {
    const answer = await callAws(
      { action: "AttachNetworkInterface", resource: `${networkInterfaceId} to ${instanceId}` },
      () =>
        ec2.send(
          new AttachNetworkInterfaceCommand({
            NetworkInterfaceId: networkInterfaceId,
            InstanceId: instanceId,
            DeviceIndex: deviceIndex,
          }),
        ),
    );
    const attachmentId = required(answer.AttachmentId, `the attachment of ${networkInterfaceId}`);
    return { ...acted(answer), attachmentId };
  } catch (error) {
    const refused = expectRefusal(error, (code) => code === "InvalidNetworkInterface.InUse");
    const [now] = await readInterfaces(ec2, [networkInterfaceId]);
    if (now?.status === "available") throw notShownYet(refused);
    const isThere = now?.attachedTo === instanceId && now.deviceIndex === deviceIndex;
    if (!isThere || now.attachmentState === "detaching") throw error;
    const attachmentId = required(now.attachmentId, `the attachment of ${networkInterfaceId}`);
    return { ...doneBefore(refused), attachmentId };
  }
};

/** Begins the detachment, without force (that can block the index until a restart). Gone already is success. */
export const detachInterface = async (
  ec2: EC2Client,
  input: { readonly attachmentId: string },
): Promise<Acted> => {
  const { attachmentId } = input;
  try {
    return acted(
      await callAws({ action: "DetachNetworkInterface", resource: attachmentId }, () =>
        ec2.send(new DetachNetworkInterfaceCommand({ AttachmentId: attachmentId })),
      ),
    );
  } catch (error) {
    return doneBefore(expectRefusal(error, isNotFound));
  }
};

/** Whether the interface dies with the instance it is attached to. */
export const setInterfaceDeleteOnTermination = async (
  ec2: EC2Client,
  input: {
    readonly networkInterfaceId: string;
    readonly attachmentId: string;
    readonly value: boolean;
  },
): Promise<Acted> => {
  const { networkInterfaceId, attachmentId, value } = input;
  const about = { action: "ModifyNetworkInterfaceAttribute", resource: networkInterfaceId };
  return acted(
    await callAws(about, () =>
      ec2.send(
        new ModifyNetworkInterfaceAttributeCommand({
          NetworkInterfaceId: networkInterfaceId,
          Attachment: { AttachmentId: attachmentId, DeleteOnTermination: value },
        }),
      ),
    ),
  );
};

interface PrivateIps {
  readonly interfaceId: string;
  readonly privateIps: readonly string[];
}

/** Takes secondary addresses over, from whatever interface holds them; asynchronous. An Elastic IP follows its address. */
export const assignPrivateIps = async (ec2: EC2Client, input: PrivateIps): Promise<Acted> => {
  const about = { action: "AssignPrivateIpAddresses", resource: input.interfaceId };
  return acted(
    await callAws(about, () =>
      ec2.send(
        new AssignPrivateIpAddressesCommand({
          NetworkInterfaceId: input.interfaceId,
          PrivateIpAddresses: [...input.privateIps],
          AllowReassignment: true,
        }),
      ),
    ),
  );
};

export interface AddressReading {
  readonly allocationId: string;
  readonly publicIp: string;
  /** These are absent when the address is bound to nothing. */
  readonly associationId?: string;
  readonly networkInterfaceId?: string;
  readonly privateIp?: string;
  readonly instanceId?: string;
}

/** EC2 sends an empty string where nothing is bound. */
const bound = (value: string | undefined): string | undefined => (value === "" ? undefined : value);

/** Those of the Elastic IPs that exist, as EC2 shows them. */
const describeAddresses = async (
  ec2: EC2Client,
  allocationIds: readonly string[],
): Promise<readonly Address[]> => {
  if (allocationIds.length === 0) return [];
  // The one describe call without pages.
  const answer = await callAws(
    { action: "DescribeAddresses", resource: allocationIds.join(" ") },
    () =>
      ec2.send(
        new DescribeAddressesCommand({
          Filters: [{ Name: "allocation-id", Values: [...allocationIds] }],
        }),
      ),
  );
  return answer.Addresses ?? [];
};

/** Those of the Elastic IPs that exist, and lack the owner's tag of enrolment. */
export const readUnenrolledAddresses = async (
  ec2: EC2Client,
  allocationIds: readonly string[],
): Promise<readonly string[]> =>
  (await describeAddresses(ec2, allocationIds))
    .filter(({ Tags: tags }) => !isEnrolled(tagRecord(tags)))
    .flatMap(({ AllocationId: id }) => id ?? []);

/** Those of the Elastic IPs that exist. */
export const readAddresses = async (
  ec2: EC2Client,
  allocationIds: readonly string[],
): Promise<AddressReading[]> =>
  (await describeAddresses(ec2, allocationIds)).map((address) => {
    const allocationId = required(address.AllocationId, "an address's allocation");
    return withoutUndefined({
      allocationId,
      publicIp: required(address.PublicIp, `the public address of ${allocationId}`),
      associationId: bound(address.AssociationId),
      networkInterfaceId: bound(address.NetworkInterfaceId),
      privateIp: bound(address.PrivateIpAddress),
      instanceId: bound(address.InstanceId),
    });
  });

/** Binds the Elastic IP to one private address, taking it from wherever it is. Idempotent. */
export const associateAddress = async (
  ec2: EC2Client,
  input: {
    readonly allocationId: string;
    readonly interfaceId: string;
    readonly privateIp: string;
  },
): Promise<Acted & { readonly associationId: string }> => {
  const { allocationId, interfaceId, privateIp } = input;
  const answer = await callAws(
    { action: "AssociateAddress", resource: `${allocationId} to ${interfaceId}` },
    () =>
      ec2.send(
        new AssociateAddressCommand({
          AllocationId: allocationId,
          NetworkInterfaceId: interfaceId,
          PrivateIpAddress: privateIp,
          AllowReassociation: true,
        }),
      ),
  );
  const associationId = required(answer.AssociationId, `the association of ${allocationId}`);
  return { ...acted(answer), associationId };
};
