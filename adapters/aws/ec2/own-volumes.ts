/** EBS volumes of the account, as it is judged whether one is waste, and the deletion of one. */
import {
  DeleteVolumeCommand,
  DescribeVolumesCommand,
  type EC2Client,
  type Volume,
} from "@aws-sdk/client-ec2";
import type { OwnVolume } from "../../../core/model/waste/volume.ts";
import type { Acted } from "../acted.ts";
import { readAllPages } from "../paging.ts";
import { removeOnce } from "../remove-once.ts";
import { required } from "../required.ts";
import { callAws } from "../translate-error.ts";
import { withoutUndefined } from "../without-undefined.ts";
import { largestPage, tagRecord } from "./describe.ts";

/** EC2 sends an empty string where there is none. */
const named = (id: string | undefined): string | undefined => (id === "" ? undefined : id);

const toVolume = (volume: Volume): OwnVolume => {
  const volumeId = required(volume.VolumeId, "a volume's id");
  const created = required(volume.CreateTime, `when ${volumeId} was made`);
  return withoutUndefined({
    volumeId,
    state: required(volume.State, `the state of ${volumeId}`),
    sizeGib: required(volume.Size, `the size of ${volumeId}`),
    volumeType: required(volume.VolumeType, `the type of ${volumeId}`),
    iops: volume.Iops,
    throughputMibps: volume.Throughput,
    zoneName: required(volume.AvailabilityZone, `the zone of ${volumeId}`),
    createdAt: created.toISOString(),
    instanceIds: (volume.Attachments ?? [])
      .filter(({ State }) => State !== "detached")
      .flatMap(({ InstanceId }) => InstanceId ?? []),
    isEncrypted: volume.Encrypted === true,
    kmsKeyId: volume.KmsKeyId,
    snapshotId: named(volume.SnapshotId),
    isMultiAttach: volume.MultiAttachEnabled === true,
    isOnOutpost: named(volume.OutpostArn) !== undefined,
    isOperatorManaged: volume.Operator?.Managed === true,
    operator: volume.Operator?.Principal,
    isFastRestored: volume.FastRestored === true,
    tags: tagRecord(volume.Tags),
  });
};

/**
 * All of the region, or those of the ids that EC2 shows, with what EC2 hides because a service manages it. A page has up to 1,000.
 * @throws what a page throws: nothing of a list that was not read to its end is used
 */
export const readOwnVolumes = async (
  ec2: EC2Client,
  volumeIds?: readonly string[],
): Promise<readonly OwnVolume[]> => {
  const found = await readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeVolumes" }, () =>
        ec2.send(
          new DescribeVolumesCommand({
            ...(volumeIds && { Filters: [{ Name: "volume-id", Values: [...volumeIds] }] }),
            IncludeManagedResources: true,
            MaxResults: largestPage,
            NextToken: token,
          }),
        ),
      ),
    items: (page) => page.Volumes,
    next: (page) => page.NextToken,
  });
  return found.map(toVolume);
};

/**
 * Deletes a volume that was seen. EC2 refuses one that is attached (VolumeInUse).
 * @throws RetryableNotVisible where EC2 lists it, and does not know it by its id
 */
export const deleteVolume = (ec2: EC2Client, volumeId: string): Promise<Acted> =>
  removeOnce({
    action: "DeleteVolume",
    id: volumeId,
    call: () => ec2.send(new DeleteVolumeCommand({ VolumeId: volumeId })),
    isShown: async () => (await readOwnVolumes(ec2, [volumeId])).length > 0,
  });
