/** One dry run per EC2 action by which waste is found and deleted, and what nobody owns. A table with one entry per action. */
import {
  CreateImageUsageReportCommand,
  DeleteVolumeCommand,
  DescribeAddressesAttributeCommand,
  DescribeAddressTransfersCommand,
  DescribeFastSnapshotRestoresCommand,
  DescribeImageReferencesCommand,
  DescribeImageUsageReportEntriesCommand,
  DescribeImageUsageReportsCommand,
  DescribeLockedSnapshotsCommand,
  DescribeNatGatewaysCommand,
  DescribeTagsCommand,
  DescribeVpcEndpointServiceConfigurationsCommand,
  DisableFastSnapshotRestoresCommand,
  DisableImageCommand,
  EnableImageCommand,
  ListImagesInRecycleBinCommand,
  ListSnapshotsInRecycleBinCommand,
  ListVolumesInRecycleBinCommand,
  ReleaseAddressCommand,
} from "@aws-sdk/client-ec2";
import { DryRun, on, type DryRunCall } from "./dry-run-call.ts";

export const readsOfWaste = (): Readonly<Record<string, DryRunCall>> => ({
  DescribeAddressesAttribute: on([], (ec2) =>
    ec2.send(new DescribeAddressesAttributeCommand({ DryRun, Attribute: "domain-name" })),
  ),
  DescribeAddressTransfers: on([], (ec2) =>
    ec2.send(new DescribeAddressTransfersCommand({ DryRun })),
  ),
  DescribeFastSnapshotRestores: on([], (ec2) =>
    ec2.send(new DescribeFastSnapshotRestoresCommand({ DryRun })),
  ),
  DescribeImageReferences: on(["imageId"], (ec2, { imageId }) =>
    ec2.send(
      new DescribeImageReferencesCommand({
        DryRun,
        ImageIds: [imageId],
        IncludeAllResourceTypes: true,
      }),
    ),
  ),
  DescribeImageUsageReportEntries: on(["imageId"], (ec2, { imageId }) =>
    ec2.send(new DescribeImageUsageReportEntriesCommand({ DryRun, ImageIds: [imageId] })),
  ),
  DescribeImageUsageReports: on([], (ec2) =>
    ec2.send(new DescribeImageUsageReportsCommand({ DryRun })),
  ),
  DescribeLockedSnapshots: on([], (ec2) =>
    ec2.send(new DescribeLockedSnapshotsCommand({ DryRun })),
  ),
  DescribeVpcEndpointServiceConfigurations: on([], (ec2) =>
    ec2.send(new DescribeVpcEndpointServiceConfigurationsCommand({ DryRun })),
  ),
  DescribeNatGateways: on([], (ec2) => ec2.send(new DescribeNatGatewaysCommand({ DryRun }))),
  DescribeTags: on([], (ec2) => ec2.send(new DescribeTagsCommand({ DryRun }))),
  ListImagesInRecycleBin: on([], (ec2) => ec2.send(new ListImagesInRecycleBinCommand({ DryRun }))),
  ListSnapshotsInRecycleBin: on([], (ec2) =>
    ec2.send(new ListSnapshotsInRecycleBinCommand({ DryRun })),
  ),
  ListVolumesInRecycleBin: on([], (ec2) =>
    ec2.send(new ListVolumesInRecycleBinCommand({ DryRun })),
  ),
});

export const deletionsOfWaste = (): Readonly<Record<string, DryRunCall>> => ({
  CreateImageUsageReport: on(["imageId"], (ec2, { imageId }) =>
    ec2.send(
      new CreateImageUsageReportCommand({
        DryRun,
        ImageId: imageId,
        ResourceTypes: [{ ResourceType: "ec2:Instance" }],
      }),
    ),
  ),
  DeleteVolume: on(["volumeId"], (ec2, { volumeId }) =>
    ec2.send(new DeleteVolumeCommand({ DryRun, VolumeId: volumeId })),
  ),
  DisableFastSnapshotRestores: on(["snapshotId", "zoneName"], (ec2, { snapshotId, zoneName }) =>
    ec2.send(
      new DisableFastSnapshotRestoresCommand({
        DryRun,
        AvailabilityZones: [zoneName],
        SourceSnapshotIds: [snapshotId],
      }),
    ),
  ),
  DisableImage: on(["imageId"], (ec2, { imageId }) =>
    ec2.send(new DisableImageCommand({ DryRun, ImageId: imageId })),
  ),
  EnableImage: on(["imageId"], (ec2, { imageId }) =>
    ec2.send(new EnableImageCommand({ DryRun, ImageId: imageId })),
  ),
  ReleaseAddress: on(["allocationId"], (ec2, { allocationId }) =>
    ec2.send(new ReleaseAddressCommand({ DryRun, AllocationId: allocationId })),
  ),
});
