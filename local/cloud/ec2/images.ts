/**
 * Images. CreateImage of a running instance reboots it unless NoReboot is set; it snapshots every attached volume
 * unless the request leaves one out (NoDevice). The image becomes available when its snapshots are complete.
 */
import type {
  BlockDeviceMapping,
  CreateImageCommandInput,
  CreateImageResult,
  DeregisterImageCommandInput,
  DeregisterImageResult,
  DescribeImagesCommandInput,
  DescribeImagesResult,
} from "@aws-sdk/client-ec2";
import type { Call } from "../contract.ts";
import { findOne, lasting, newId, selectVisible, tagsFor, type Ec2Context } from "./context.ts";
import { defined } from "./defined.ts";
import { applyFilters, tagFields } from "./filters.ts";
import { viewImage } from "./image-view.ts";
import { reboot, volumesOf } from "./instance-lifecycle.ts";
import { paginate } from "./paging.ts";
import { throwAway } from "./recycle-bin-records.ts";
import { kinds, notFound, refuse, required } from "./refusals.ts";
import { regionOf } from "./regions.ts";
import { deleteSnapshot, takeSnapshot } from "./snapshots.ts";
import type {
  Image,
  ImageDevice,
  Instance,
  RegionState,
  Volume,
  VolumeAttachmentRecord,
} from "./state.ts";
import { visibleFrom } from "./visibility.ts";

const namePattern = /^[\w ()[\]./'@-]{3,128}$/;

export const checkName = (region: RegionState, name: string): void => {
  if (!namePattern.test(name)) {
    throw refuse(
      "InvalidAMIName.Malformed",
      `AMI names must be between 3 and 128 characters long, and may contain letters, numbers, and certain punctuation: ${name}`,
    );
  }
  const taken = [...region.images.values()].find(
    (image) => image.name === name && image.ownerId === region.accountId,
  );
  if (taken !== undefined) {
    throw refuse(
      "InvalidAMIName.Duplicate",
      `AMI name ${name} is already in use by AMI ${taken.id}`,
    );
  }
};

const checkSource = (instance: Instance): void => {
  if (instance.rootDeviceType !== "ebs") {
    throw refuse(
      "UnsupportedOperation",
      `The instance '${instance.id}' does not have an 'ebs' root device type.`,
    );
  }
  if (instance.state !== "running" && instance.state !== "stopped") {
    throw refuse("IncorrectState", `Instance '${instance.id}' is not 'running' or 'stopped'.`);
  }
};

/** A device of the image: as the volume is attached, unless the request's mapping says otherwise. */
const imageDevice = (source: {
  readonly volume: Volume;
  readonly attachment: VolumeAttachmentRecord;
  readonly mapping: BlockDeviceMapping | undefined;
  readonly snapshotId: string;
}): ImageDevice => {
  const { volume, attachment, mapping } = source;
  return {
    deviceName: attachment.deviceName,
    snapshotId: source.snapshotId,
    sizeGib: volume.sizeGib,
    volumeType: mapping?.Ebs?.VolumeType ?? volume.volumeType,
    ...defined({ iops: volume.iops, throughput: volume.throughput }),
    encrypted: volume.encrypted,
    deleteOnTermination: mapping?.Ebs?.DeleteOnTermination ?? attachment.deleteOnTermination,
  };
};

const snapshotDevices = (
  context: Ec2Context,
  region: RegionState,
  source: {
    readonly instance: Instance;
    readonly input: CreateImageCommandInput;
    readonly imageId: string;
    readonly visibleAt: number;
  },
): readonly ImageDevice[] => {
  const { instance, input } = source;
  const mappings = new Map(
    (input.BlockDeviceMappings ?? []).map((mapping) => [mapping.DeviceName, mapping]),
  );
  return volumesOf(region, instance).flatMap((volume): ImageDevice[] => {
    const attachment = volume.attachments.find((each) => each.instanceId === instance.id);
    const mapping = mappings.get(attachment?.deviceName);
    if (attachment === undefined || mapping?.NoDevice !== undefined) return [];
    const snapshot = takeSnapshot(context, region, {
      volume,
      description: `Created by CreateImage(${instance.id}) for ${source.imageId}`,
      tags: tagsFor(input.TagSpecifications, "snapshot"),
      visibleAt: source.visibleAt,
    });
    return [imageDevice({ volume, attachment, mapping, snapshotId: snapshot.id })];
  });
};

/** Looks again every few seconds: available when all snapshots are, unless a fault stalls or fails the image. */
export const awaitSnapshots = (
  context: Ec2Context,
  region: RegionState,
  wait: { readonly image: Image; readonly atMs: number },
): void => {
  context.timeline.at(wait.atMs, (dueMs) => {
    const { image } = wait;
    if (image.state !== "pending" || !region.images.has(image.id)) return;
    if ([...context.defects.failedImages].some((matches) => matches(image))) {
      image.state = "failed";
      image.stateReason = "Client.InternalError: Image creation failed";
      return;
    }
    const isStalled = [...context.defects.stalledImages].some((matches) => matches(image));
    const isComplete = image.devices.every(
      (device) =>
        device.snapshotId === undefined ||
        region.snapshots.get(device.snapshotId)?.state === "completed",
    );
    if (isComplete && !isStalled) image.state = "available";
    else if (!isStalled) awaitSnapshots(context, region, { image, atMs: dueMs + 5_000 });
  });
};

/** For the fault that stalls images: when it is lifted, they go on. */
export const resumeImages = (context: Ec2Context): void => {
  for (const account of context.accounts.values()) {
    for (const region of account.regions.values()) {
      for (const image of region.images.values()) {
        if (image.state === "pending") {
          awaitSnapshots(context, region, { image, atMs: context.clock.now() });
        }
      }
    }
  }
};

const newImage = (
  context: Ec2Context,
  region: RegionState,
  source: { readonly instance: Instance; readonly input: CreateImageCommandInput },
): Image => {
  const { instance, input } = source;
  const atMs = context.clock.now();
  const id = newId(context, "ami-");
  const visibleAt = visibleFrom(context, atMs);
  const devices = snapshotDevices(context, region, { instance, input, imageId: id, visibleAt });
  if (instance.state === "running" && input.NoReboot !== true) reboot(context, instance, atMs);
  const image: Image = {
    id,
    createdAt: atMs,
    visibleAt,
    tags: tagsFor(input.TagSpecifications, "image"),
    name: input.Name ?? "",
    description: input.Description ?? "",
    ownerId: region.accountId,
    isPublic: false,
    devices,
    sourceInstanceId: instance.id,
    traits: { sourceImageId: instance.imageId, sourceRegion: region.region },
    architecture: instance.architecture,
    platformDetails: instance.platformDetails,
    usageOperation: instance.usageOperation,
    productCodes: instance.productCodes,
    virtualizationType: instance.virtualizationType,
    rootDeviceName: instance.rootDeviceName,
    rootDeviceType: instance.rootDeviceType,
    ...defined({ bootMode: instance.bootMode }),
    state: "pending",
  };
  region.images.set(id, image);
  awaitSnapshots(context, region, {
    image,
    atMs: atMs + lasting(context, context.settings.imageBaseMs),
  });
  return image;
};

const isOwnedBy = (region: RegionState, image: Image, owner: string): boolean =>
  owner === "self"
    ? image.ownerId === region.accountId
    : owner === "amazon"
      ? image.isPublic
      : image.ownerId === owner;

const createImage =
  (context: Ec2Context) =>
  (call: Call, input: CreateImageCommandInput): CreateImageResult => {
    const region = regionOf(context, call);
    const id = required(input.InstanceId, "InstanceId");
    const instance = findOne(context, region.instances, { kind: kinds.instance, id });
    checkName(region, required(input.Name, "Name"));
    checkSource(instance);
    return { ImageId: newImage(context, region, { instance, input }).id };
  };

const describeImages =
  (context: Ec2Context) =>
  (call: Call, input: DescribeImagesCommandInput): DescribeImagesResult => {
    const region = regionOf(context, call);
    const images = applyFilters(
      selectVisible(context, region.images, {
        kind: kinds.image,
        ids: input.ImageIds,
        filters: input.Filters,
      }).filter(
        (image) =>
          (image.state !== "disabled" || input.IncludeDisabled === true) &&
          (input.Owners?.some((owner) => isOwnedBy(region, image, owner)) ?? true),
      ),
      input.Filters,
      {
        ...tagFields<Image>(),
        name: (image) => image.name,
        "image-id": (image) => image.id,
        state: (image) => image.state,
        "owner-id": (image) => image.ownerId,
        "is-public": (image) => image.isPublic,
        architecture: (image) => image.architecture,
        description: (image) => image.description,
        "root-device-name": (image) => image.rootDeviceName,
        "root-device-type": (image) => image.rootDeviceType,
        "virtualization-type": (image) => image.virtualizationType,
        "source-instance-id": (image) => image.sourceInstanceId,
        "block-device-mapping.snapshot-id": (image) =>
          image.devices.map((device) => device.snapshotId),
      },
    );
    const { items, ...next } = paginate(images, input, {
      min: 1,
      max: 1000,
      pageSize: context.settings.pageSize,
      ids: input.ImageIds,
      idsParameter: "imageSet",
    });
    return { Images: items.map((image) => viewImage(context, region, image)), ...next };
  };

/** @throws CloudError InvalidAMIID.Unavailable. Source: EC2 API reference, "Error codes". */
export const requireRegistered = (region: RegionState, id: string): void => {
  if (!region.deregisteredImages.has(id)) return;
  throw refuse("InvalidAMIID.Unavailable", `The image ID '${id}' is no longer available`);
};

/** † That EC2 refuses it is documented (EC2 user guide, "Protect an AMI from deregistration"); the code is the general one of "Error codes", the words are from memory. */
const requireUnprotected = ({ id, traits }: Image): void => {
  if (traits?.deregistrationProtection === undefined) return;
  throw refuse("OperationNotPermitted", `Deregistration protection is enabled for ${id}.`);
};

/** "Restore the snapshots first." (EC2 user guide, "Recover deleted AMIs from the Recycle Bin".) † The code. */
const comesBack = (region: RegionState, image: Image) => (): void => {
  const gone = image.devices
    .flatMap(({ snapshotId }) => snapshotId ?? [])
    .filter((id) => !region.snapshots.has(id));
  if (gone.length > 0) throw notFound(kinds.snapshot, gone);
  region.images.set(image.id, image);
  region.deregisteredImages.delete(image.id);
};

const deregisterImage =
  (context: Ec2Context) =>
  (call: Call, input: DeregisterImageCommandInput): DeregisterImageResult => {
    const region = regionOf(context, call);
    const id = required(input.ImageId, "ImageId");
    requireRegistered(region, id);
    const image = findOne(context, region.images, { kind: kinds.image, id });
    if (image.ownerId !== region.accountId) {
      throw refuse("AuthFailure", `Not authorized for image ${id}`);
    }
    requireUnprotected(image);
    region.images.delete(id);
    region.deregisteredImages.add(id);
    throwAway(context, region, {
      kind: "image",
      resource: image,
      comeBack: comesBack(region, image),
    });
    if (input.DeleteAssociatedSnapshots !== true) return { Return: true };
    const snapshots = image.devices.flatMap(
      (device) => region.snapshots.get(device.snapshotId ?? "") ?? [],
    );
    const isDeleting = context.settings.deletesAssociatedSnapshots;
    if (isDeleting) for (const snapshot of snapshots) deleteSnapshot(context, region, snapshot);
    return {
      Return: true,
      DeleteSnapshotResults: snapshots.map((snapshot) => ({
        SnapshotId: snapshot.id,
        ReturnCode: isDeleting ? "success" : "internal-error",
      })),
    };
  };

export const imageOperations = (context: Ec2Context) => ({
  CreateImage: createImage(context),
  DescribeImages: describeImages(context),
  DeregisterImage: deregisterImage(context),
});
