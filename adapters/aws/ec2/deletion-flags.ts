/** What is deleted together with an instance: reads all the flags of one by one call, and sets one. */
import type {
  EC2Client,
  Instance,
  InstanceBlockDeviceMapping,
  InstanceNetworkInterface,
} from "@aws-sdk/client-ec2";
import type { Attachments, FlagChange } from "../../../core/model/deletion-flags.ts";
import type { Acted } from "../acted.ts";
import { required } from "../required.ts";
import { showInstance, type ShownInstance } from "./instances.ts";
import { setInterfaceDeleteOnTermination } from "./network.ts";
import { setDeleteOnTermination } from "./volumes.ts";

const toVolume =
  ({ RootDeviceName }: Instance) =>
  ({ DeviceName, Ebs }: InstanceBlockDeviceMapping): Attachments["volumes"][number][] => {
    if (Ebs?.VolumeId === undefined || Ebs.Status === "detached") return [];
    const { VolumeId: volumeId } = Ebs;
    return [
      {
        volumeId,
        deviceName: required(DeviceName, `the device of ${volumeId}`),
        isRoot: DeviceName === RootDeviceName,
        deleteOnTermination: required(Ebs.DeleteOnTermination, `the deletion flag of ${volumeId}`),
      },
    ];
  };

const toInterface = ({
  NetworkInterfaceId,
  Attachment,
}: InstanceNetworkInterface): Attachments["networkInterfaces"][number][] => {
  if (Attachment === undefined || Attachment.Status === "detached") return [];
  const networkInterfaceId = required(NetworkInterfaceId, "the id of a network interface");
  return [
    {
      networkInterfaceId,
      attachmentId: required(Attachment.AttachmentId, `the attachment of ${networkInterfaceId}`),
      deviceIndex: required(Attachment.DeviceIndex, `the index of ${networkInterfaceId}`),
      deleteOnTermination: required(
        Attachment.DeleteOnTermination,
        `the deletion flag of ${networkInterfaceId}`,
      ),
    },
  ];
};

/**
 * Undefined when EC2 does not show the instance, or shows it without its root volume or its primary interface: it shows these a
 * moment later, and nothing can be said of what is not shown. An instance that has ended shows none.
 */
export const attachmentsOf = (shown: ShownInstance | undefined): Attachments | undefined => {
  if (shown === undefined) return undefined;
  const { instance } = shown;
  const volumes = (instance.BlockDeviceMappings ?? []).flatMap(toVolume(instance));
  const networkInterfaces = (instance.NetworkInterfaces ?? []).flatMap(toInterface);
  const isWhole =
    volumes.some(({ isRoot }) => isRoot) &&
    networkInterfaces.some(({ deviceIndex }) => deviceIndex === 0);
  return isWhole ? { volumes, networkInterfaces } : undefined;
};

/** The same from one call. */
export const readAttachments = async (
  ec2: EC2Client,
  instanceId: string,
): Promise<Attachments | undefined> => attachmentsOf(await showInstance(ec2, instanceId));

/** One call, which says the same again when it is repeated. */
export const setDeletionFlag = (
  ec2: EC2Client,
  instanceId: string,
  change: FlagChange,
): Promise<Acted> => {
  const { deleteOnTermination: value } = change;
  if (change.kind === "VOLUME") {
    return setDeleteOnTermination(ec2, { instanceId, deviceName: change.deviceName, value });
  }
  const { networkInterfaceId, attachmentId } = change;
  return setInterfaceDeleteOnTermination(ec2, { networkInterfaceId, attachmentId, value });
};
