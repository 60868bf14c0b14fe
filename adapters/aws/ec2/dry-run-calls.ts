/**
 * One dry run per EC2 action that has one, on resources that exist: on made-up ids EC2 may judge the id before
 * the permission, and permissions bound to tags can't be judged at all. Every command here carries DryRun.
 * A table with one entry per action, which makes the file long.
 */
import {
  AssociateAddressCommand,
  AttachNetworkInterfaceCommand,
  AttachVolumeCommand,
  CancelCapacityReservationCommand,
  CreateCapacityReservationCommand,
  CreateImageCommand,
  CreateReplaceRootVolumeTaskCommand,
  CreateSecurityGroupCommand,
  CreateSnapshotCommand,
  CreateTagsCommand,
  DeleteSecurityGroupCommand,
  DeleteSnapshotCommand,
  DeleteTagsCommand,
  DeregisterImageCommand,
  DescribeCapacityReservationsCommand,
  DetachNetworkInterfaceCommand,
  DetachVolumeCommand,
  ModifyInstanceAttributeCommand,
  ModifyInstanceCapacityReservationAttributesCommand,
  ModifyNetworkInterfaceAttributeCommand,
  RegisterImageCommand,
  RevokeSecurityGroupEgressCommand,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  type _InstanceType,
} from "@aws-sdk/client-ec2";
import { purposeTag } from "../../../core/model/tags.ts";
import { tagList } from "./describe.ts";
import { DryRun, on, type DryRunCall } from "./dry-run-call.ts";
import { deletionsOfWaste, readsOfWaste } from "./dry-run-governance.ts";
import { templates } from "./dry-run-templates.ts";
import { reads, readsOfEncryption, readsOfReferences, readsOfUse } from "./dry-run-reads.ts";

const device = "/dev/sdz";

/** The capacity that is held for the way back. */
const capacity = (): Readonly<Record<string, DryRunCall>> => ({
  DescribeCapacityReservations: on([], (ec2) =>
    ec2.send(new DescribeCapacityReservationsCommand({ DryRun })),
  ),
  CreateCapacityReservation: on(
    ["instanceType", "zoneName"],
    (ec2, { instanceType, zoneName, tags = {} }) =>
      ec2.send(
        new CreateCapacityReservationCommand({
          DryRun,
          InstanceType: instanceType,
          InstancePlatform: "Linux/UNIX",
          AvailabilityZone: zoneName,
          InstanceCount: 1,
          InstanceMatchCriteria: "targeted",
          TagSpecifications: [{ ResourceType: "capacity-reservation", Tags: tagList(tags) }],
        }),
      ),
  ),
  CancelCapacityReservation: on(["reservationId"], (ec2, { reservationId }) =>
    ec2.send(
      new CancelCapacityReservationCommand({ DryRun, CapacityReservationId: reservationId }),
    ),
  ),
  ModifyInstanceCapacityReservationAttributes: on(["instanceId"], (ec2, { instanceId }) =>
    ec2.send(
      new ModifyInstanceCapacityReservationAttributesCommand({
        DryRun,
        InstanceId: instanceId,
        CapacityReservationSpecification: { CapacityReservationPreference: "open" },
      }),
    ),
  ),
});

/** On-Demand, tagged as fallback: the role has an option of its own for it. */
export const fallbackLaunch: DryRunCall = on(
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
        TagSpecifications: [
          {
            ResourceType: "instance",
            Tags: tagList({ ...tags, [purposeTag.key]: purposeTag.value }),
          },
          { ResourceType: "volume", Tags: tagList(tags) },
          { ResourceType: "network-interface", Tags: tagList(tags) },
        ],
      }),
    ),
);

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
    ["instanceId"],
    // Back to the state at launch: an image would have to be ours, which no image is yet.
    (ec2, { instanceId, tags = {} }) =>
      ec2.send(
        new CreateReplaceRootVolumeTaskCommand({
          DryRun,
          InstanceId: instanceId,
          TagSpecifications: [{ ResourceType: "replace-root-volume-task", Tags: tagList(tags) }],
        }),
      ),
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

/** Images of a root volume, and the end of what was made. */
const images = (): Readonly<Record<string, DryRunCall>> => ({
  CreateSnapshot: on(["volumeId"], (ec2, { volumeId, tags = {} }) =>
    ec2.send(
      new CreateSnapshotCommand({
        DryRun,
        VolumeId: volumeId,
        TagSpecifications: [{ ResourceType: "snapshot", Tags: tagList(tags) }],
      }),
    ),
  ),
  RegisterImage: on(["snapshotId"], (ec2, { snapshotId, tags = {} }) =>
    ec2.send(
      new RegisterImageCommand({
        DryRun,
        Name: "spot-optimizer-dry-run",
        RootDeviceName: device,
        BlockDeviceMappings: [{ DeviceName: device, Ebs: { SnapshotId: snapshotId } }],
        TagSpecifications: [{ ResourceType: "image", Tags: tagList(tags) }],
      }),
    ),
  ),
  DeregisterImage: on(["imageId"], (ec2, { imageId }) =>
    ec2.send(new DeregisterImageCommand({ DryRun, ImageId: imageId })),
  ),
  DeleteSnapshot: on(["snapshotId"], (ec2, { snapshotId }) =>
    ec2.send(new DeleteSnapshotCommand({ DryRun, SnapshotId: snapshotId })),
  ),
});

/** The group without rules in which a replacement waits for its root. */
const isolation = (): Readonly<Record<string, DryRunCall>> => ({
  CreateSecurityGroup: on(["vpcId"], (ec2, { vpcId, tags = {} }) =>
    ec2.send(
      new CreateSecurityGroupCommand({
        DryRun,
        GroupName: "spot-optimizer-dry-run",
        Description: "spot-optimizer-dry-run",
        VpcId: vpcId,
        TagSpecifications: [{ ResourceType: "security-group", Tags: tagList(tags) }],
      }),
    ),
  ),
  DeleteSecurityGroup: on(["securityGroupId"], (ec2, { securityGroupId }) =>
    ec2.send(new DeleteSecurityGroupCommand({ DryRun, GroupId: securityGroupId })),
  ),
  RevokeSecurityGroupEgress: on(["securityGroupId"], (ec2, { securityGroupId }) =>
    ec2.send(
      new RevokeSecurityGroupEgressCommand({
        DryRun,
        GroupId: securityGroupId,
        IpPermissions: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
      }),
    ),
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
  ...readsOfUse(),
  ...readsOfReferences(),
  ...readsOfEncryption(),
  ...capacity(),
  ...lifecycle(),
  ...storage(),
  ...images(),
  ...isolation(),
  ...templates(),
  ...network(),
  ...readsOfWaste(),
  ...deletionsOfWaste(),
});
