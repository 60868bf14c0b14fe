/**
 * One dry run per EC2 action that has one, on resources that exist: on made-up ids EC2 may judge the id before
 * the permission, and permissions bound to tags can't be judged at all. Every command here carries DryRun.
 * A table with one entry per action, which makes the file long.
 */
import {
  AssociateAddressCommand,
  AttachNetworkInterfaceCommand,
  AttachVolumeCommand,
  CreateImageCommand,
  CreateReplaceRootVolumeTaskCommand,
  CreateTagsCommand,
  DeleteSnapshotCommand,
  DeleteTagsCommand,
  DeregisterImageCommand,
  DescribeAddressesCommand,
  DescribeAvailabilityZonesCommand,
  DescribeImagesCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstanceCreditSpecificationsCommand,
  DescribeInstancesCommand,
  DescribeInstanceStatusCommand,
  DescribeInstanceTypeOfferingsCommand,
  DescribeInstanceTypesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeReplaceRootVolumeTasksCommand,
  DescribeReservedInstancesCommand,
  DescribeRouteTablesCommand,
  DescribeSnapshotsCommand,
  DescribeSpotInstanceRequestsCommand,
  DescribeSpotPriceHistoryCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  DetachNetworkInterfaceCommand,
  DetachVolumeCommand,
  GetSpotPlacementScoresCommand,
  ModifyInstanceAttributeCommand,
  ModifyNetworkInterfaceAttributeCommand,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  type EC2Client,
  type _InstanceType,
} from "@aws-sdk/client-ec2";
import { tagList } from "./describe.ts";

/** Resources of the account to try the actions on. What is absent leaves the actions that need it UNKNOWN. */
export interface DryRunSubject {
  readonly instanceId?: string;
  readonly instanceType?: string;
  readonly imageId?: string;
  readonly subnetId?: string;
  readonly volumeId?: string;
  readonly snapshotId?: string;
  readonly networkInterfaceId?: string;
  readonly attachmentId?: string;
  readonly allocationId?: string;
  /** As a launch would set them: permissions may ask for them. */
  readonly tags?: Readonly<Record<string, string>>;
}

type Attempt = (ec2: EC2Client) => Promise<unknown>;

/** Undefined when the subject lacks what the action needs. */
type DryRunCall = (subject: DryRunSubject) => Attempt | undefined;

type SubjectKey = Exclude<keyof DryRunSubject, "tags">;
type Needed<Key extends SubjectKey> = Readonly<Record<Key, string>> & Pick<DryRunSubject, "tags">;

/** The attempt, if the subject has every key that it needs. */
const on =
  <Key extends SubjectKey>(
    keys: readonly Key[],
    attempt: (ec2: EC2Client, subject: Needed<Key>) => Promise<unknown>,
  ): DryRunCall =>
  (subject) =>
    keys.every((key) => subject[key] !== undefined)
      ? (ec2) => attempt(ec2, subject as Needed<Key>)
      : undefined;

const DryRun = true;
const device = "/dev/sdz";

const reads = (): Readonly<Record<string, DryRunCall>> => ({
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

const lifecycle = (): Readonly<Record<string, DryRunCall>> => ({
  RunInstances: on(
    ["imageId", "instanceType", "subnetId"],
    (ec2, { imageId, instanceType, subnetId, tags = {} }) =>
      ec2.send(
        new RunInstancesCommand({
          DryRun,
          MinCount: 1,
          MaxCount: 1,
          ImageId: imageId,
          InstanceType: instanceType as _InstanceType,
          SubnetId: subnetId,
          // The role allows Spot launches only.
          InstanceMarketOptions: {
            MarketType: "spot",
            SpotOptions: {
              SpotInstanceType: "one-time",
              InstanceInterruptionBehavior: "terminate",
            },
          },
          TagSpecifications: [
            { ResourceType: "instance", Tags: tagList(tags) },
            { ResourceType: "volume", Tags: tagList(tags) },
            { ResourceType: "spot-instances-request", Tags: tagList(tags) },
            { ResourceType: "network-interface", Tags: tagList(tags) },
          ],
        }),
      ),
  ),
  StartInstances: on(["instanceId"], (ec2, { instanceId }) =>
    ec2.send(new StartInstancesCommand({ DryRun, InstanceIds: [instanceId] })),
  ),
  StopInstances: on(["instanceId"], (ec2, { instanceId }) =>
    ec2.send(new StopInstancesCommand({ DryRun, InstanceIds: [instanceId] })),
  ),
  TerminateInstances: on(["instanceId"], (ec2, { instanceId }) =>
    ec2.send(new TerminateInstancesCommand({ DryRun, InstanceIds: [instanceId] })),
  ),
  ModifyInstanceAttribute: on(["instanceId"], (ec2, { instanceId }) =>
    ec2.send(
      new ModifyInstanceAttributeCommand({
        DryRun,
        InstanceId: instanceId,
        BlockDeviceMappings: [{ DeviceName: device, Ebs: { DeleteOnTermination: false } }],
      }),
    ),
  ),
  CreateTags: on(["instanceId"], (ec2, { instanceId, tags = {} }) =>
    ec2.send(new CreateTagsCommand({ DryRun, Resources: [instanceId], Tags: tagList(tags) })),
  ),
  DeleteTags: on(["instanceId"], (ec2, { instanceId, tags = {} }) =>
    ec2.send(new DeleteTagsCommand({ DryRun, Resources: [instanceId], Tags: tagList(tags) })),
  ),
});

const storage = (): Readonly<Record<string, DryRunCall>> => ({
  CreateImage: on(["instanceId"], (ec2, { instanceId, tags = {} }) =>
    ec2.send(
      new CreateImageCommand({
        DryRun,
        InstanceId: instanceId,
        Name: "spot-optimizer-dry-run",
        NoReboot: true,
        TagSpecifications: [
          { ResourceType: "image", Tags: tagList(tags) },
          { ResourceType: "snapshot", Tags: tagList(tags) },
        ],
      }),
    ),
  ),
  CreateReplaceRootVolumeTask: on(
    ["instanceId", "imageId"],
    (ec2, { instanceId, imageId, tags = {} }) =>
      ec2.send(
        new CreateReplaceRootVolumeTaskCommand({
          DryRun,
          InstanceId: instanceId,
          ImageId: imageId,
          TagSpecifications: [{ ResourceType: "replace-root-volume-task", Tags: tagList(tags) }],
        }),
      ),
  ),
  DeregisterImage: on(["imageId"], (ec2, { imageId }) =>
    ec2.send(new DeregisterImageCommand({ DryRun, ImageId: imageId })),
  ),
  DeleteSnapshot: on(["snapshotId"], (ec2, { snapshotId }) =>
    ec2.send(new DeleteSnapshotCommand({ DryRun, SnapshotId: snapshotId })),
  ),
  AttachVolume: on(["instanceId", "volumeId"], (ec2, { instanceId, volumeId }) =>
    ec2.send(
      new AttachVolumeCommand({
        DryRun,
        InstanceId: instanceId,
        VolumeId: volumeId,
        Device: device,
      }),
    ),
  ),
  DetachVolume: on(["instanceId", "volumeId"], (ec2, { instanceId, volumeId }) =>
    ec2.send(new DetachVolumeCommand({ DryRun, InstanceId: instanceId, VolumeId: volumeId })),
  ),
});

/** Private addresses have no dry run: EC2's Assign- and UnassignPrivateIpAddresses don't know the parameter. */
const network = (): Readonly<Record<string, DryRunCall>> => ({
  AssociateAddress: on(
    ["allocationId", "networkInterfaceId"],
    (ec2, { allocationId, networkInterfaceId }) =>
      ec2.send(
        new AssociateAddressCommand({
          DryRun,
          AllocationId: allocationId,
          NetworkInterfaceId: networkInterfaceId,
        }),
      ),
  ),
  AttachNetworkInterface: on(
    ["instanceId", "networkInterfaceId"],
    (ec2, { instanceId, networkInterfaceId }) =>
      ec2.send(
        new AttachNetworkInterfaceCommand({
          DryRun,
          InstanceId: instanceId,
          NetworkInterfaceId: networkInterfaceId,
          DeviceIndex: 1,
        }),
      ),
  ),
  DetachNetworkInterface: on(["attachmentId"], (ec2, { attachmentId }) =>
    ec2.send(new DetachNetworkInterfaceCommand({ DryRun, AttachmentId: attachmentId })),
  ),
  ModifyNetworkInterfaceAttribute: on(
    ["networkInterfaceId", "attachmentId"],
    (ec2, { networkInterfaceId, attachmentId }) =>
      ec2.send(
        new ModifyNetworkInterfaceAttributeCommand({
          DryRun,
          NetworkInterfaceId: networkInterfaceId,
          Attachment: { AttachmentId: attachmentId, DeleteOnTermination: false },
        }),
      ),
  ),
});

/** By the action's name without `ec2:`. Built when it is asked for, so that other bundles leave it out. */
export const dryRunCalls = (): Readonly<Record<string, DryRunCall | undefined>> => ({
  ...reads(),
  ...lifecycle(),
  ...storage(),
  ...network(),
});
