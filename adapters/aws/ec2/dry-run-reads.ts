/** One dry run per EC2 action that reads. A table with one entry per action. */
import {
  DescribeAddressesCommand,
  DescribeAvailabilityZonesCommand,
  DescribeImageAttributeCommand,
  DescribeImagesCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstanceCreditSpecificationsCommand,
  DescribeInstancesCommand,
  DescribeInstanceStatusCommand,
  DescribeInstanceTypeOfferingsCommand,
  DescribeInstanceTypesCommand,
  DescribeKeyPairsCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeNetworkInterfacesCommand,
  DescribePlacementGroupsCommand,
  DescribeReplaceRootVolumeTasksCommand,
  DescribeReservedInstancesCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSnapshotAttributeCommand,
  DescribeSnapshotsCommand,
  DescribeSpotInstanceRequestsCommand,
  DescribeSpotPriceHistoryCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  GetEbsDefaultKmsKeyIdCommand,
  GetEbsEncryptionByDefaultCommand,
  GetSpotPlacementScoresCommand,
} from "@aws-sdk/client-ec2";
import { DryRun, on, type DryRunCall } from "./dry-run-call.ts";

/** What use is made of an image. */
export const readsOfUse = (): Readonly<Record<string, DryRunCall>> => ({
  DescribeImageAttribute: on(["imageId"], (ec2, { imageId }) =>
    ec2.send(
      new DescribeImageAttributeCommand({
        DryRun,
        ImageId: imageId,
        Attribute: "launchPermission",
      }),
    ),
  ),
  DescribeLaunchTemplates: on([], (ec2) =>
    ec2.send(new DescribeLaunchTemplatesCommand({ DryRun })),
  ),
  DescribeLaunchTemplateVersions: on([], (ec2) =>
    ec2.send(new DescribeLaunchTemplateVersionsCommand({ DryRun, Versions: ["$Latest"] })),
  ),
  DescribeSnapshotAttribute: on(["snapshotId"], (ec2, { snapshotId }) =>
    ec2.send(
      new DescribeSnapshotAttributeCommand({
        DryRun,
        SnapshotId: snapshotId,
        Attribute: "createVolumePermission",
      }),
    ),
  ),
});

/** What a launch refers to. */
export const readsOfReferences = (): Readonly<Record<string, DryRunCall>> => ({
  DescribeKeyPairs: on([], (ec2) => ec2.send(new DescribeKeyPairsCommand({ DryRun }))),
  DescribePlacementGroups: on([], (ec2) =>
    ec2.send(new DescribePlacementGroupsCommand({ DryRun })),
  ),
});

/** Under which keys a launch makes its volumes. */
export const readsOfEncryption = (): Readonly<Record<string, DryRunCall>> => ({
  GetEbsDefaultKmsKeyId: on([], (ec2) => ec2.send(new GetEbsDefaultKmsKeyIdCommand({ DryRun }))),
  GetEbsEncryptionByDefault: on([], (ec2) =>
    ec2.send(new GetEbsEncryptionByDefaultCommand({ DryRun })),
  ),
});

export const reads = (): Readonly<Record<string, DryRunCall>> => ({
  DescribeAddresses: on([], (ec2) => ec2.send(new DescribeAddressesCommand({ DryRun }))),
  DescribeAvailabilityZones: on([], (ec2) =>
    ec2.send(new DescribeAvailabilityZonesCommand({ DryRun })),
  ),
  DescribeImages: on([], (ec2) =>
    ec2.send(new DescribeImagesCommand({ DryRun, Owners: ["self"] })),
  ),
  DescribeInstanceAttribute: on(["instanceId"], (ec2, { instanceId }) =>
    ec2.send(
      new DescribeInstanceAttributeCommand({
        DryRun,
        InstanceId: instanceId,
        Attribute: "userData",
      }),
    ),
  ),
  DescribeInstanceCreditSpecifications: on([], (ec2) =>
    ec2.send(new DescribeInstanceCreditSpecificationsCommand({ DryRun })),
  ),
  DescribeInstanceStatus: on([], (ec2) => ec2.send(new DescribeInstanceStatusCommand({ DryRun }))),
  DescribeInstanceTypeOfferings: on([], (ec2) =>
    ec2.send(new DescribeInstanceTypeOfferingsCommand({ DryRun })),
  ),
  DescribeInstanceTypes: on([], (ec2) => ec2.send(new DescribeInstanceTypesCommand({ DryRun }))),
  DescribeInstances: on([], (ec2) => ec2.send(new DescribeInstancesCommand({ DryRun }))),
  DescribeNetworkInterfaces: on([], (ec2) =>
    ec2.send(new DescribeNetworkInterfacesCommand({ DryRun })),
  ),
  DescribeReplaceRootVolumeTasks: on([], (ec2) =>
    ec2.send(new DescribeReplaceRootVolumeTasksCommand({ DryRun })),
  ),
  DescribeReservedInstances: on([], (ec2) =>
    ec2.send(new DescribeReservedInstancesCommand({ DryRun })),
  ),
  DescribeRouteTables: on([], (ec2) => ec2.send(new DescribeRouteTablesCommand({ DryRun }))),
  DescribeSecurityGroups: on([], (ec2) => ec2.send(new DescribeSecurityGroupsCommand({ DryRun }))),
  DescribeSnapshots: on([], (ec2) =>
    ec2.send(new DescribeSnapshotsCommand({ DryRun, OwnerIds: ["self"] })),
  ),
  DescribeSpotInstanceRequests: on([], (ec2) =>
    ec2.send(new DescribeSpotInstanceRequestsCommand({ DryRun })),
  ),
  DescribeSpotPriceHistory: on([], (ec2) =>
    ec2.send(new DescribeSpotPriceHistoryCommand({ DryRun })),
  ),
  DescribeSubnets: on([], (ec2) => ec2.send(new DescribeSubnetsCommand({ DryRun }))),
  DescribeVolumes: on([], (ec2) => ec2.send(new DescribeVolumesCommand({ DryRun }))),
  GetSpotPlacementScores: on(["instanceType"], (ec2, { instanceType }) =>
    ec2.send(
      new GetSpotPlacementScoresCommand({
        DryRun,
        TargetCapacity: 1,
        InstanceTypes: [instanceType],
      }),
    ),
  ),
});
