/** An image as DescribeImages shows it. */
import type { ArchitectureValues, Image as ImageView, VolumeType } from "@aws-sdk/client-ec2";
import { tagList } from "./context.ts";
import type { Image, ImageDevice } from "./state.ts";

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

export const viewImage = (image: Image): ImageView => ({
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
