/** Block devices of a launch: what the image gives, as the request changes it, and the volumes made of them. */
import type { BlockDeviceMapping } from "@aws-sdk/client-ec2";
import { defined } from "./defined.ts";
import { newId, type Ec2Context } from "./context.ts";
import { defaultKeyOf } from "./default-encryption.ts";
import { kinds, notFound, refuse } from "./refusals.ts";
import type { Image, ImageDevice, RegionState, Snapshot, Tags, Volume, Zone } from "./state.ts";

export interface WantedDevice extends ImageDevice {
  readonly kmsKeyId?: string;
}

/** The performance of the image's volume means nothing for a volume type that the request names. */
const withoutPerformance = (device: ImageDevice | undefined): Partial<ImageDevice> => {
  const { iops: _iops, throughput: _throughput, ...rest } = device ?? {};
  return rest;
};

const overlay = (before: ImageDevice | undefined, mapping: BlockDeviceMapping): WantedDevice => {
  const deviceName = mapping.DeviceName ?? "";
  const Ebs = mapping.Ebs ?? {};
  if (mapping.VirtualName !== undefined) return { deviceName, virtualName: mapping.VirtualName };
  return {
    ...(Ebs.VolumeType === undefined ? before : withoutPerformance(before)),
    ...defined({
      snapshotId: Ebs.SnapshotId,
      sizeGib: Ebs.VolumeSize,
      volumeType: Ebs.VolumeType,
      iops: Ebs.Iops,
      throughput: Ebs.Throughput,
      encrypted: Ebs.Encrypted,
      kmsKeyId: Ebs.KmsKeyId,
      deleteOnTermination: Ebs.DeleteOnTermination,
    }),
    deviceName,
  };
};

/** The image's devices with the request's mappings on top; `NoDevice` leaves one out. */
export const mergeDevices = (
  image: Image,
  mappings: readonly BlockDeviceMapping[] | undefined,
): readonly WantedDevice[] => {
  const devices = new Map<string, WantedDevice>(
    image.devices.map((device) => [device.deviceName, device]),
  );
  for (const mapping of mappings ?? []) {
    const name = mapping.DeviceName ?? "";
    if (mapping.NoDevice !== undefined) devices.delete(name);
    else devices.set(name, overlay(devices.get(name), mapping));
  }
  if (image.rootDeviceType === "ebs" && !devices.has(image.rootDeviceName)) {
    throw refuse("InvalidBlockDeviceMapping", "The root device cannot be left out");
  }
  return [...devices.values()];
};

/** @throws CloudError where the snapshot is absent, pending, larger than the volume, or its encryption is dropped. */
export const checkDevice = (region: RegionState, device: WantedDevice): Snapshot | undefined => {
  if (device.virtualName !== undefined) return undefined;
  if (device.snapshotId === undefined) {
    if (device.sizeGib !== undefined) return undefined;
    throw refuse(
      "MissingParameter",
      `The device ${device.deviceName} needs a snapshot or a volume size`,
    );
  }
  const snapshot = region.snapshots.get(device.snapshotId);
  if (snapshot === undefined) throw notFound(kinds.snapshot, [device.snapshotId]);
  if (snapshot.state !== "completed") {
    throw refuse("IncorrectState", `The snapshot '${snapshot.id}' is not in the completed state.`);
  }
  if ((device.sizeGib ?? snapshot.sizeGib) < snapshot.sizeGib) {
    throw refuse(
      "InvalidBlockDeviceMapping",
      `Volume of size ${String(device.sizeGib)}GB is smaller than snapshot '${snapshot.id}', expect size >= ${String(snapshot.sizeGib)}GB`,
    );
  }
  if (snapshot.encrypted && device.encrypted === false) {
    throw refuse(
      "InvalidParameterDependency",
      `The snapshot '${snapshot.id}' is encrypted: its volumes cannot be unencrypted`,
    );
  }
  return snapshot;
};

export interface NewVolume {
  readonly zone: Zone;
  readonly device: WantedDevice;
  readonly tags: Tags;
  readonly atMs: number;
  readonly visibleAt: number;
  readonly multiAttach?: boolean;
}

/** Performance that a volume type has unless asked for otherwise. */
const baseline: Readonly<Record<string, { readonly iops?: number; readonly throughput?: number }>> =
  {
    gp3: { iops: 3000, throughput: 125 },
    gp2: { iops: 100 },
  };

/** † One that is not there is kept as it is named: EC2 takes the launch and ends it, as with a key that can't be used. */
const keyNamed = (
  { keys: { rules } }: Ec2Context,
  region: RegionState,
  named: string | undefined,
): string | undefined => named && (rules?.arnOf(region, named) ?? named);

/**
 * Encryption can be added to what a snapshot has, never taken away. Without another key it is the region's default, `aws/ebs` at first.
 */
const encryptionOf = (
  context: Ec2Context,
  region: RegionState,
  { device, snapshot }: { readonly device: WantedDevice; readonly snapshot: Snapshot | undefined },
): Pick<Volume, "encrypted" | "kmsKeyId"> => {
  const encrypted =
    device.encrypted === true || snapshot?.encrypted === true || region.encryption.isByDefault;
  if (!encrypted) return { encrypted };
  const stated = keyNamed(context, region, device.kmsKeyId);
  const kmsKeyId = stated ?? snapshot?.kmsKeyId ?? defaultKeyOf(context, region);
  return { encrypted, ...defined({ kmsKeyId }) };
};

/** A volume with the snapshot's content; it is `creating` until something makes it available or attaches it. */
export const createVolume = (
  context: Ec2Context,
  region: RegionState,
  input: NewVolume,
): Volume => {
  const { device } = input;
  const snapshot = checkDevice(region, device);
  const volumeType = device.volumeType ?? "gp2";
  const volume: Volume = {
    id: newId(context, "vol-"),
    createdAt: input.atMs,
    visibleAt: input.visibleAt,
    tags: input.tags,
    zone: input.zone,
    sizeGib: device.sizeGib ?? snapshot?.sizeGib ?? 8,
    volumeType,
    ...baseline[volumeType],
    ...defined({
      iops: device.iops,
      throughput: device.throughput,
      snapshotId: device.snapshotId,
    }),
    ...encryptionOf(context, region, { device, snapshot }),
    multiAttach: input.multiAttach ?? false,
    content: { writes: snapshot?.content.writes ?? 0 },
    state: "creating",
    attachments: [],
  };
  region.volumes.set(volume.id, volume);
  return volume;
};
