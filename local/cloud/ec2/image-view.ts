/** An image as DescribeImages shows it. */
import type { ArchitectureValues, Image as ImageView, VolumeType } from "@aws-sdk/client-ec2";
import { tagList, type Ec2Context } from "./context.ts";
import { defined } from "./defined.ts";
import type { Image, ImageDevice, RegionState } from "./state.ts";

const viewDevice = (device: ImageDevice) =>
  device.virtualName === undefined
    ? {
        DeviceName: device.deviceName,
        Ebs: {
          SnapshotId: device.snapshotId,
          VolumeSize: device.sizeGib,
          VolumeType: device.volumeType as VolumeType | undefined,
          Iops: device.iops,
          Throughput: device.throughput,
          Encrypted: device.encrypted ?? false,
          DeleteOnTermination: device.deleteOnTermination ?? true,
        },
      }
    : { DeviceName: device.deviceName, VirtualName: device.virtualName };

const dayMs = 24 * 3_600_000;

/** "When the AMI is used to launch an instance, there is a 24-hour delay before that usage is reported." (EC2 API reference, Image.) */
const lastLaunchOf = (
  { clock }: Ec2Context,
  { instances }: RegionState,
  { id, traits }: Image,
): number | undefined => {
  let last = traits?.lastLaunchedAt;
  for (const { imageId, launchedAt } of instances.values()) {
    if (imageId !== id || launchedAt > clock.now() - dayMs) continue;
    if (last === undefined || last < launchedAt) last = launchedAt;
  }
  return last;
};

const traitsView = (context: Ec2Context, region: RegionState, image: Image): ImageView => {
  // EC2 tells an owner alone.
  const last =
    image.ownerId === region.accountId ? lastLaunchOf(context, region, image) : undefined;
  const { traits = {} } = image;
  return {
    DeregistrationProtection: traits.deregistrationProtection ?? "disabled",
    ...defined({
      LastLaunchedTime: last === undefined ? undefined : new Date(last).toISOString(),
      SourceImageId: traits.sourceImageId,
      SourceImageRegion: traits.sourceRegion,
      ImageOwnerAlias: traits.ownerAlias,
    }),
  };
};

export const viewImage = (context: Ec2Context, region: RegionState, image: Image): ImageView => ({
  ...traitsView(context, region, image),
  ImageId: image.id,
  Name: image.name,
  Description: image.description,
  ImageLocation: `${image.ownerId}/${image.name}`,
  ImageType: "machine",
  OwnerId: image.ownerId,
  Public: image.isPublic,
  State: image.state,
  ...(image.stateReason === undefined
    ? {}
    : { StateReason: { Code: "Client.InternalError", Message: image.stateReason } }),
  CreationDate: new Date(image.createdAt).toISOString(),
  Architecture: image.architecture as ArchitectureValues,
  PlatformDetails: image.platformDetails,
  ...(image.platformDetails.startsWith("Windows") ? { Platform: "Windows" } : {}),
  UsageOperation: image.usageOperation,
  ProductCodes: image.productCodes.map((ProductCodeId) => ({
    ProductCodeId,
    ProductCodeType: "marketplace",
  })),
  VirtualizationType: image.virtualizationType,
  Hypervisor: "xen",
  EnaSupport: true,
  ...(image.bootMode === undefined ? {} : { BootMode: image.bootMode }),
  RootDeviceName: image.rootDeviceName,
  RootDeviceType: image.rootDeviceType,
  ...(image.sourceInstanceId === undefined ? {} : { SourceInstanceId: image.sourceInstanceId }),
  BlockDeviceMappings: image.devices.map(viewDevice),
  Tags: tagList(image.tags),
});
