/** A volume and its attachments as DescribeVolumes shows them. */
import type { Volume as VolumeView, VolumeAttachment, VolumeType } from "@aws-sdk/client-ec2";
import { tagList } from "./context.ts";
import { defined } from "./defined.ts";
import type { Volume, VolumeAttachmentRecord } from "./state.ts";
import { operatorView } from "./traits.ts";

export const viewAttachment = (
  volume: Volume,
  attachment: VolumeAttachmentRecord,
): VolumeAttachment => ({
  VolumeId: volume.id,
  InstanceId: attachment.instanceId,
  Device: attachment.deviceName,
  State: attachment.state,
  AttachTime: new Date(attachment.attachedAt),
  DeleteOnTermination: attachment.deleteOnTermination,
});

export const viewVolume = (volume: Volume): VolumeView => ({
  VolumeId: volume.id,
  AvailabilityZone: volume.zone.name,
  AvailabilityZoneId: volume.zone.id,
  Size: volume.sizeGib,
  VolumeType: volume.volumeType as VolumeType,
  State: volume.state,
  CreateTime: new Date(volume.createdAt),
  Encrypted: volume.encrypted,
  KmsKeyId: volume.kmsKeyId,
  Iops: volume.iops,
  Throughput: volume.throughput,
  SnapshotId: volume.snapshotId ?? "",
  MultiAttachEnabled: volume.multiAttach,
  Attachments: volume.attachments.map((attachment) => viewAttachment(volume, attachment)),
  FastRestored: volume.traits?.isFastRestored === true,
  ...defined({ OutpostArn: volume.traits?.outpostArn }),
  ...operatorView(volume.traits?.operator),
  Tags: tagList(volume.tags),
});
