/**
 * RegisterImage from a snapshot of a root volume. EC2 takes what is not named as absent, and what the snapshot says of its licence; where
 * that is not there, the image is one of plain Linux. Source: EC2 API reference, RegisterImage, "Register a snapshot of a root device
 * volume" and "Billing product codes".
 */
import type { RegisterImageCommandInput, RegisterImageResult } from "@aws-sdk/client-ec2";
import type { Call } from "../contract.ts";
import { findOne, lasting, newId, tagsFor, type Ec2Context } from "./context.ts";
import { defined } from "./defined.ts";
import { awaitSnapshots, checkName } from "./images.ts";
import { kinds, refuse, required } from "./refusals.ts";
import { regionOf } from "./regions.ts";
import type { Image, ImageDevice, RegionState, Snapshot } from "./state.ts";
import { visibleFrom } from "./visibility.ts";

const bootModes = ["legacy-bios", "uefi", "uefi-preferred"] as const;

type Ebs = NonNullable<
  NonNullable<RegisterImageCommandInput["BlockDeviceMappings"]>[number]["Ebs"]
>;

/** Of the root alone: nobody here registers more. */
const rootOf = (input: RegisterImageCommandInput): { readonly name: string; readonly ebs: Ebs } => {
  const name = required(input.RootDeviceName, "RootDeviceName");
  const mapping = input.BlockDeviceMappings?.find(({ DeviceName }) => DeviceName === name);
  return { name, ebs: mapping?.Ebs ?? {} };
};

const snapshotFor = (context: Ec2Context, region: RegionState, ebs: Ebs): Snapshot => {
  const id = required(ebs.SnapshotId, "BlockDeviceMapping.1.Ebs.SnapshotId");
  const snapshot = findOne(context, region.snapshots, { kind: kinds.snapshot, id });
  // † Which code it is; that a snapshot must be complete is what "Create an AMI from a snapshot" asks for.
  if (snapshot.state !== "completed") {
    throw refuse("IncorrectState", `The snapshot '${id}' is '${snapshot.state}'.`);
  }
  if (ebs.Encrypted === undefined) return snapshot;
  throw refuse(
    "InvalidBlockDeviceMapping",
    "The encrypted flag cannot be specified since device has a snapshot specified.",
  );
};

const rootDevice = (
  context: Ec2Context,
  region: RegionState,
  input: RegisterImageCommandInput,
): ImageDevice => {
  const { name, ebs } = rootOf(input);
  const snapshot = snapshotFor(context, region, ebs);
  return {
    deviceName: name,
    snapshotId: snapshot.id,
    sizeGib: ebs.VolumeSize ?? snapshot.sizeGib,
    encrypted: snapshot.encrypted,
    deleteOnTermination: ebs.DeleteOnTermination ?? true,
    ...defined({ volumeType: ebs.VolumeType, iops: ebs.Iops, throughput: ebs.Throughput }),
  };
};

const registerImage =
  (context: Ec2Context) =>
  (call: Call, input: RegisterImageCommandInput): RegisterImageResult => {
    const region = regionOf(context, call);
    const name = required(input.Name, "Name");
    checkName(region, name);
    const device = rootDevice(context, region, input);
    const atMs = context.clock.now();
    const image: Image = {
      id: newId(context, "ami-"),
      createdAt: atMs,
      visibleAt: visibleFrom(context, atMs),
      tags: tagsFor(input.TagSpecifications, "image"),
      name,
      description: input.Description ?? "",
      ownerId: region.accountId,
      isPublic: false,
      devices: [device],
      // As the API's defaults are: i386 and paravirtual.
      architecture: input.Architecture ?? "i386",
      virtualizationType: input.VirtualizationType === "hvm" ? "hvm" : "paravirtual",
      platformDetails: "Linux/UNIX",
      usageOperation: "RunInstances",
      productCodes: [],
      rootDeviceName: device.deviceName,
      rootDeviceType: "ebs",
      ...defined({ bootMode: bootModes.find((mode) => mode === input.BootMode) }),
      state: "pending",
    };
    region.images.set(image.id, image);
    awaitSnapshots(context, region, {
      image,
      atMs: atMs + lasting(context, context.settings.registerImageMs),
    });
    return { ImageId: image.id };
  };

export const registerImageOperations = (context: Ec2Context) => ({
  RegisterImage: registerImage(context),
});
