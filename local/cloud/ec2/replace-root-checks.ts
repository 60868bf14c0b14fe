/** What EC2 asks of an instance and of what its root volume is to be replaced by, before it begins a task. */
import { findOne, type Ec2Context } from "./context.ts";
import { volumesOf } from "./instance-lifecycle.ts";
import { kinds, refuse } from "./refusals.ts";
import type { Instance, RegionState, ReplaceRootTask, Volume } from "./state.ts";

const ended: ReadonlySet<ReplaceRootTask["state"]> = new Set([
  "succeeded",
  "failed",
  "failed-detached",
]);

export const rootOf = (region: RegionState, instance: Instance): Volume | undefined =>
  volumesOf(region, instance).find((volume) =>
    volume.attachments.some(
      (each) => each.instanceId === instance.id && each.deviceName === instance.rootDeviceName,
    ),
  );

/** A snapshot of a root volume that the instance has or had, or the one it was launched from. */
export const checkLineage = (region: RegionState, instance: Instance, snapshotId: string): void => {
  const snapshot = region.snapshots.get(snapshotId);
  const isOwn =
    snapshotId === instance.launchSnapshotId ||
    instance.rootVolumes.includes(snapshot?.volumeId ?? "");
  if (isOwn) return;
  throw refuse(
    "InvalidParameterValue",
    `The snapshot '${snapshotId}' does not belong to the lineage of the root volume of '${instance.id}'`,
  );
};

export const checkVolume = (
  context: Ec2Context,
  region: RegionState,
  order: { readonly instance: Instance; readonly volumeId: string },
): void => {
  const { instance, volumeId } = order;
  const volume = findOne(context, region.volumes, { kind: kinds.volume, id: volumeId });
  if (volume.zone.id !== instance.zone.id) {
    throw refuse(
      "InvalidVolume.ZoneMismatch",
      `The volume '${volumeId}' is not in the same availability zone as instance '${instance.id}'`,
    );
  }
  if (volume.state !== "available") {
    throw refuse("IncorrectState", `The volume '${volumeId}' is not 'available'.`);
  }
  if (rootOf(region, instance)?.encrypted === true && !volume.encrypted) {
    throw refuse(
      "InvalidParameterValue",
      `The volume '${volumeId}' must be encrypted as the root volume of '${instance.id}' is`,
    );
  }
};

/** The snapshot that the new root is made of, where it is not an existing volume. */
export const snapshotOfImage = (
  context: Ec2Context,
  region: RegionState,
  order: { readonly instance: Instance; readonly imageId: string },
): string | undefined => {
  const { instance, imageId } = order;
  const image = findOne(context, region.images, { kind: kinds.image, id: imageId });
  if (image.state !== "available") {
    throw refuse("InvalidAMIID.Unavailable", `The image ID '${imageId}' is not available`);
  }
  if (
    image.architecture !== instance.architecture ||
    image.virtualizationType !== instance.virtualizationType ||
    image.platformDetails !== instance.platformDetails ||
    image.productCodes.join() !== instance.productCodes.join()
  ) {
    throw refuse(
      "InvalidParameterCombination",
      `The image '${imageId}' must have the product codes, billing information, architecture and virtualization type of '${instance.id}'`,
    );
  }
  return image.devices.find((device) => device.deviceName === image.rootDeviceName)?.snapshotId;
};

export const checkInstance = (
  context: Ec2Context,
  region: RegionState,
  instance: Instance,
): void => {
  if (instance.state !== "running") {
    throw refuse(
      "IncorrectInstanceState",
      `The instance '${instance.id}' is not in the 'running' state.`,
    );
  }
  if (instance.rootDeviceType !== "ebs" || instance.productCodes.length > 0) {
    throw refuse(
      "UnsupportedOperation",
      `The root volume of '${instance.id}' cannot be replaced: it needs an EBS root and no Marketplace product.`,
    );
  }
  if (context.market.findType(instance.instanceType)?.bareMetal === true) {
    throw refuse("UnsupportedOperation", "The root volume of a bare metal instance stays");
  }
  if (instance.lifecycle === "spot" && !context.settings.replaceRootOnSpot) {
    throw refuse(
      "UnsupportedOperation",
      `Replacing the root volume of the Spot Instance '${instance.id}' is not supported.`,
    );
  }
  const other = [...region.rootTasks.values()].find(
    (task) => task.instanceId === instance.id && !ended.has(task.state),
  );
  if (other !== undefined) {
    throw refuse(
      "IncorrectState",
      `The instance '${instance.id}' has the open task '${other.id}'.`,
    );
  }
};
