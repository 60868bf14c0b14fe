/** What an instance that EC2 has shown holds: its interfaces, and the parts whose attachment is settled. */
import type { InstanceNetworkInterface } from "@aws-sdk/client-ec2";
import type { AttachedInterface } from "../../../core/model/instance.ts";
import { required } from "../required.ts";
import type { ShownInstance } from "./instances.ts";

const settled = "attached";

/** Ids of the volumes and interfaces that it holds and that neither come nor go. */
export const attachedParts = ({ instance }: ShownInstance): ReadonlySet<string> =>
  new Set([
    ...(instance.BlockDeviceMappings ?? []).flatMap(({ Ebs }) =>
      Ebs?.Status === settled ? (Ebs.VolumeId ?? []) : [],
    ),
    ...(instance.NetworkInterfaces ?? []).flatMap(({ NetworkInterfaceId, Attachment }) =>
      Attachment?.Status === settled ? (NetworkInterfaceId ?? []) : [],
    ),
  ]);

const toInterface = (shown: InstanceNetworkInterface): AttachedInterface[] => {
  const { NetworkInterfaceId, Attachment, PrivateIpAddresses } = shown;
  if (Attachment === undefined) return [];
  const networkInterfaceId = required(NetworkInterfaceId, "the id of a network interface");
  return [
    {
      networkInterfaceId,
      deviceIndex: required(Attachment.DeviceIndex, `the index of ${networkInterfaceId}`),
      privateAddresses: (PrivateIpAddresses ?? []).map(({ PrivateIpAddress, Primary }) => ({
        privateIp: required(PrivateIpAddress, `a private address of ${networkInterfaceId}`),
        primary: Primary ?? false,
      })),
    },
  ];
};

/** Those that it has, with their private addresses. */
export const attachedInterfaces = ({ instance }: ShownInstance): readonly AttachedInterface[] =>
  (instance.NetworkInterfaces ?? []).flatMap(toInterface);
