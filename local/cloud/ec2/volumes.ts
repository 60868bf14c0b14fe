/** EBS volumes: one zone, attached to one instance (Multi-Attach apart), the root detached only when stopped. */
import type {
  AttachVolumeCommandInput,
  CreateVolumeCommandInput,
  DeleteVolumeCommandInput,
  DescribeVolumesCommandInput,
  DescribeVolumesResult,
  DetachVolumeCommandInput,
  Volume as VolumeView,
  VolumeAttachment,
} from "@aws-sdk/client-ec2";
import type { Call } from "../contract.ts";
import { createVolume } from "./block-devices.ts";
import {
  findOne,
  lasting,
  oncePerToken,
  selectVisible,
  tagsFor,
  type Ec2Context,
} from "./context.ts";
import { defined } from "./defined.ts";
import { noteVolume } from "./ever-attached.ts";
import { applyFilters, tagFields, type Fields } from "./filters.ts";
import { volumesOf } from "./instance-lifecycle.ts";
import { interfacesOf } from "./interface-records.ts";
import { paginate } from "./paging.ts";
import { throwAway } from "./recycle-bin-records.ts";
import { kinds, refuse, required } from "./refusals.ts";
import { regionOf } from "./regions.ts";
import type { Instance, RegionState, Volume, VolumeAttachmentRecord } from "./state.ts";
import { isShownManaged } from "./traits.ts";
import { visibleFrom } from "./visibility.ts";
import { viewAttachment, viewVolume } from "./volume-view.ts";

const fields: Fields<Volume> = {
  ...tagFields<Volume>(),
  "volume-id": (volume) => volume.id,
  status: (volume) => volume.state,
  size: (volume) => volume.sizeGib,
  "volume-type": (volume) => volume.volumeType,
  "snapshot-id": (volume) => volume.snapshotId,
  encrypted: (volume) => volume.encrypted,
  "availability-zone": (volume) => volume.zone.name,
  "availability-zone-id": (volume) => volume.zone.id,
  "multi-attach-enabled": (volume) => volume.multiAttach,
  "attachment.instance-id": (volume) => volume.attachments.map((each) => each.instanceId),
  "attachment.device": (volume) => volume.attachments.map((each) => each.deviceName),
  "attachment.status": (volume) => volume.attachments.map((each) => each.state),
  "attachment.delete-on-termination": (volume) =>
    volume.attachments.map((each) => each.deleteOnTermination),
};

const checkAttach = (
  region: RegionState,
  volume: Volume,
  to: { readonly instance: Instance; readonly device: string },
): void => {
  const { instance, device } = to;
  if (instance.state !== "running" && instance.state !== "stopped") {
    throw refuse("IncorrectState", `Instance '${instance.id}' is not 'running' or 'stopped'.`);
  }
  if (volume.zone.id !== instance.zone.id) {
    throw refuse(
      "InvalidVolume.ZoneMismatch",
      `The volume '${volume.id}' is not in the same availability zone as instance '${instance.id}'`,
    );
  }
  if (volume.attachments.length > 0 && !volume.multiAttach) {
    throw refuse("VolumeInUse", `${volume.id} is already attached to an instance`);
  }
  if (volume.state === "creating" || volume.state === "deleting") {
    throw refuse("IncorrectState", `The volume '${volume.id}' is '${volume.state}'.`);
  }
  const isTaken = volumesOf(region, instance).some((other) =>
    other.attachments.some((each) => each.instanceId === instance.id && each.deviceName === device),
  );
  if (isTaken) {
    throw refuse(
      "InvalidParameterValue",
      `Invalid value '${device}' for unixDevice. Attachment point ${device} is already in use`,
    );
  }
};

/** @throws CloudError AttachmentLimitExceeded: the type holds no more. Xen's limit is advice. Source: EC2 guide, "volume limits". */
const requireVolumeRoom = (context: Ec2Context, region: RegionState, instance: Instance): void => {
  const type = context.market.findType(instance.instanceType);
  if (type === undefined || type.hypervisor === "xen") return;
  const interfaces = type.volumeLimit.isShared ? interfacesOf(region, instance).length - 1 : 0;
  const room = type.volumeLimit.volumes - interfaces;
  if (volumesOf(region, instance).length < room) return;
  throw refuse(
    "AttachmentLimitExceeded",
    `Volume count exceeds the limit of ${String(room)} for ${type.instanceType}`,
  );
};

const attachmentOf = (volume: Volume, input: DetachVolumeCommandInput): VolumeAttachmentRecord => {
  const { InstanceId: instanceId, Device: device } = input;
  if (volume.attachments.length === 0) {
    throw refuse("IncorrectState", `Volume '${volume.id}' is in the 'available' state.`);
  }
  const attachment = volume.attachments.find(
    (each) =>
      (instanceId === undefined || each.instanceId === instanceId) &&
      (device === undefined || each.deviceName === device),
  );
  if (attachment === undefined) {
    throw refuse(
      "InvalidAttachment.NotFound",
      `The volume '${volume.id}' is not attached to instance '${instanceId ?? ""}'${device === undefined ? "" : ` as device '${device}'`}.`,
    );
  }
  if (attachment.state === "detaching") {
    throw refuse("IncorrectState", `Volume '${volume.id}' is in the 'detaching' state.`);
  }
  return attachment;
};

const checkDetach = (
  region: RegionState,
  volume: Volume,
  attachment: VolumeAttachmentRecord,
): void => {
  const instance = region.instances.get(attachment.instanceId);
  const isRoot = instance?.rootDeviceName === attachment.deviceName;
  if (instance !== undefined && isRoot && instance.state !== "stopped") {
    throw refuse(
      "OperationNotPermitted",
      `Unable to detach root volume '${volume.id}' from instance '${instance.id}'`,
    );
  }
};

const newVolume = (
  context: Ec2Context,
  region: RegionState,
  input: CreateVolumeCommandInput,
): readonly string[] => {
  const zone = region.zones.find(
    (each) => each.name === input.AvailabilityZone || each.id === input.AvailabilityZoneId,
  );
  if (zone === undefined) {
    throw refuse(
      "InvalidZone.NotFound",
      `The zone '${input.AvailabilityZone ?? input.AvailabilityZoneId ?? ""}' does not exist.`,
    );
  }
  const atMs = context.clock.now();
  const volume = createVolume(context, region, {
    zone,
    device: {
      deviceName: "",
      ...defined({
        snapshotId: input.SnapshotId,
        sizeGib: input.Size,
        volumeType: input.VolumeType,
        iops: input.Iops,
        throughput: input.Throughput,
        encrypted: input.Encrypted,
        kmsKeyId: input.KmsKeyId,
      }),
    },
    tags: tagsFor(input.TagSpecifications, "volume"),
    atMs,
    visibleAt: visibleFrom(context, atMs),
    multiAttach: input.MultiAttachEnabled ?? false,
  });
  context.timeline.at(atMs + lasting(context, context.settings.volumeCreateMs), () => {
    if (volume.state === "creating") volume.state = "available";
  });
  return [volume.id];
};

const find = (context: Ec2Context, region: RegionState, id: string | undefined): Volume =>
  findOne(context, region.volumes, { kind: kinds.volume, id: required(id, "VolumeId") });

const createVolumeOnce =
  (context: Ec2Context) =>
  (call: Call, input: CreateVolumeCommandInput): VolumeView => {
    const region = regionOf(context, call);
    const [id = ""] = oncePerToken(
      region,
      { scope: "CreateVolume", token: input.ClientToken, parameters: input },
      () => newVolume(context, region, input),
    );
    const volume = region.volumes.get(id);
    return volume === undefined ? { VolumeId: id } : viewVolume(volume);
  };

const describeVolumes =
  (context: Ec2Context) =>
  (call: Call, input: DescribeVolumesCommandInput): DescribeVolumesResult => {
    const region = regionOf(context, call);
    const volumes = applyFilters(
      selectVisible(context, region.volumes, {
        kind: kinds.volume,
        ids: input.VolumeIds,
        filters: input.Filters,
      }).filter(({ traits }) => isShownManaged(traits?.operator, input)),
      input.Filters,
      fields,
    );
    const { items, ...next } = paginate(volumes, input, {
      min: 5,
      max: 1000,
      pageSize: context.settings.pageSize,
      ids: input.VolumeIds,
      idsParameter: "volumeSet",
    });
    return { Volumes: items.map(viewVolume), ...next };
  };

const attachVolume =
  (context: Ec2Context) =>
  (call: Call, input: AttachVolumeCommandInput): VolumeAttachment => {
    const region = regionOf(context, call);
    const volume = find(context, region, input.VolumeId);
    const id = required(input.InstanceId, "InstanceId");
    const device = required(input.Device, "Device");
    const instance = findOne(context, region.instances, { kind: kinds.instance, id });
    checkAttach(region, volume, { instance, device });
    requireVolumeRoom(context, region, instance);
    const attachment: VolumeAttachmentRecord = {
      instanceId: id,
      deviceName: device,
      attachedAt: context.clock.now(),
      state: "attaching",
      // What is attached by hand outlives the instance.
      deleteOnTermination: false,
    };
    volume.attachments.push(attachment);
    noteVolume(instance, volume);
    volume.state = "in-use";
    if (device === instance.rootDeviceName) instance.rootVolumes.push(volume.id);
    context.timeline.at(
      context.clock.now() + lasting(context, context.settings.volumeAttachMs),
      () => {
        if (attachment.state === "attaching") attachment.state = "attached";
      },
    );
    return viewAttachment(volume, attachment);
  };

const detachVolume =
  (context: Ec2Context) =>
  (call: Call, input: DetachVolumeCommandInput): VolumeAttachment => {
    const region = regionOf(context, call);
    const volume = find(context, region, input.VolumeId);
    const attachment = attachmentOf(volume, input);
    checkDetach(region, volume, attachment);
    attachment.state = "detaching";
    context.timeline.at(
      context.clock.now() + lasting(context, context.settings.volumeDetachMs),
      () => {
        volume.attachments = volume.attachments.filter((each) => each !== attachment);
        if (volume.attachments.length === 0) volume.state = "available";
      },
    );
    return viewAttachment(volume, attachment);
  };

const deleteVolume =
  (context: Ec2Context) =>
  (call: Call, input: DeleteVolumeCommandInput): Record<string, never> => {
    const region = regionOf(context, call);
    const volume = find(context, region, input.VolumeId);
    const [attachment] = volume.attachments;
    if (attachment !== undefined) {
      throw refuse(
        "VolumeInUse",
        `Volume ${volume.id} is currently attached to ${attachment.instanceId}`,
      );
    }
    if (volume.state === "creating") {
      throw refuse("IncorrectState", `The volume '${volume.id}' is 'creating'.`);
    }
    const operator = volume.traits?.operator;
    // † The code is the general one of "Error codes" in the EC2 API reference; the words are from memory.
    if (operator !== undefined) {
      throw refuse(
        "OperationNotPermitted",
        `The volume '${volume.id}' is managed by ${operator.principal}.`,
      );
    }
    region.volumes.delete(volume.id);
    const comeBack = (): void => void region.volumes.set(volume.id, volume);
    throwAway(context, region, { kind: "volume", resource: volume, comeBack });
    return {};
  };

export const volumeOperations = (context: Ec2Context) => ({
  CreateVolume: createVolumeOnce(context),
  DescribeVolumes: describeVolumes(context),
  AttachVolume: attachVolume(context),
  DetachVolume: detachVolume(context),
  DeleteVolume: deleteVolume(context),
});
