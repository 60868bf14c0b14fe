import { beforeEach, describe, expect, it } from "@jest/globals";
import {
  DescribeCapacityReservationsCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSnapshotsCommand,
  DescribeSpotInstanceRequestsCommand,
  DescribeVolumesCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { mockClient } from "aws-sdk-client-mock";
import { findTagged, findTaggedOf } from "../../../../adapters/aws/ec2/tagged.ts";

const ec2 = new EC2Client({ region: "eu-central-1" });
const mock = mockClient(ec2);

const tag = { key: "run", value: "1" };
const Tags = [{ Key: "run", Value: "1" }];
const tags = { run: "1" };
const made = new Date("2026-03-02T09:00:00.000Z");
const madeAt = made.toISOString();
const asked = { Filters: [{ Name: "tag:run", Values: ["1"] }], MaxResults: 1000 };

beforeEach(() => {
  mock.reset();
});

describe("what carries a tag", () => {
  it("is found among the instances, with its token and what it is charged for while it runs", async () => {
    const shown = {
      InstanceType: "m5.large" as const,
      PlatformDetails: "Linux/UNIX",
      LaunchTime: made,
      Tags,
    };
    const Placement = { AvailabilityZoneId: "euc1-az2" };
    mock.on(DescribeInstancesCommand).resolves({
      Reservations: [
        {
          Instances: [
            { ...shown, InstanceId: "i-1", State: { Name: "running" }, ClientToken: "t-1" },
            {
              ...shown,
              Placement,
              InstanceId: "i-2",
              State: { Name: "running" },
              InstanceLifecycle: "spot",
            },
            { ...shown, InstanceId: "i-3", State: { Name: "stopped" }, ClientToken: "" },
          ],
        },
      ],
    });
    const charge = { instanceType: "m5.large", product: "Linux/UNIX" };
    await expect(findTaggedOf("instance", ec2, tag)).resolves.toEqual([
      { kind: "instance", id: "i-1", state: "running", tags, madeAt, clientToken: "t-1", charge },
      {
        kind: "instance",
        id: "i-2",
        state: "running",
        tags,
        madeAt,
        charge: { ...charge, spotZoneId: "euc1-az2" },
      },
      { kind: "instance", id: "i-3", state: "stopped", tags, madeAt },
    ]);
    expect(mock.commandCalls(DescribeInstancesCommand)[0]?.args[0].input).toEqual(asked);
  });

  it("is found among the account's own images, deprecated ones too", async () => {
    mock.on(DescribeImagesCommand).resolves({
      Images: [
        { ImageId: "ami-1", Name: "golden", State: "available", CreationDate: madeAt, Tags },
      ],
    });
    await expect(findTaggedOf("image", ec2, tag)).resolves.toEqual([
      { kind: "image", id: "ami-1", name: "golden", state: "available", tags, madeAt },
    ]);
    expect(mock.commandCalls(DescribeImagesCommand)[0]?.args[0].input).toEqual({
      ...asked,
      Owners: ["self"],
      IncludeDeprecated: true,
    });
  });

  it("is found among reservations by looking through those that hold capacity; what several cost is not told", async () => {
    const reservation = (id: string, TotalInstanceCount: number, owned = Tags) => ({
      CapacityReservationId: id,
      CapacityReservationArn: `arn:${id}`,
      State: "active" as const,
      InstanceType: "m5.large",
      InstancePlatform: "Linux/UNIX" as const,
      TotalInstanceCount,
      CreateDate: made,
      Tags: owned,
    });
    mock.on(DescribeCapacityReservationsCommand).resolves({
      CapacityReservations: [
        reservation("cr-1", 1),
        reservation("cr-2", 4),
        reservation("cr-3", 1, []),
      ],
    });
    const found = { kind: "capacity-reservation", state: "active", tags, madeAt };
    await expect(findTaggedOf("capacity-reservation", ec2, tag)).resolves.toEqual([
      { ...found, id: "cr-1", charge: { instanceType: "m5.large", product: "Linux/UNIX" } },
      { ...found, id: "cr-2" },
    ]);
  });

  it("is found, besides instances and images, with who holds it, by a call for each kind", async () => {
    mock.on(DescribeVolumesCommand).resolves({
      Volumes: [
        {
          VolumeId: "vol-1",
          State: "in-use",
          CreateTime: made,
          Tags,
          Attachments: [
            { InstanceId: "i-9", State: "detached" },
            { InstanceId: "i-1", State: "attached" },
          ],
        },
      ],
    });
    mock.on(DescribeNetworkInterfacesCommand).resolves({
      NetworkInterfaces: [
        {
          NetworkInterfaceId: "eni-1",
          Status: "in-use",
          TagSet: Tags,
          Attachment: { InstanceId: "i-1" },
        },
      ],
    });
    const request = (id: string, State: "active" | "closed") => ({
      SpotInstanceRequestId: id,
      State,
      CreateTime: made,
      InstanceId: "i-1",
      Tags,
    });
    mock.on(DescribeSpotInstanceRequestsCommand).resolves({
      SpotInstanceRequests: [request("sir-1", "active"), request("sir-2", "closed")],
    });
    mock.on(DescribeSnapshotsCommand).resolves({
      Snapshots: [
        {
          SnapshotId: "snap-1",
          State: "completed",
          StartTime: made,
          Description: "Created by CreateImage(i-0a) for ami-0b",
          Tags,
        },
      ],
    });
    mock.on(DescribeSecurityGroupsCommand).resolves({
      SecurityGroups: [
        {
          GroupId: "sg-1",
          GroupName: "isolation",
          VpcId: "vpc-1",
          IpPermissions: [],
          IpPermissionsEgress: [],
          Tags,
        },
      ],
    });
    mock.on(DescribeCapacityReservationsCommand).resolves({ CapacityReservations: [] });
    await expect(findTagged(ec2, tag)).resolves.toEqual([
      { kind: "security-group", id: "sg-1", state: "available", name: "isolation", tags },
      { kind: "volume", id: "vol-1", state: "in-use", tags, madeAt, instanceId: "i-1" },
      { kind: "network-interface", id: "eni-1", state: "in-use", tags, instanceId: "i-1" },
      {
        kind: "spot-instances-request",
        id: "sir-1",
        state: "active",
        tags,
        madeAt,
        instanceId: "i-1",
      },
      { kind: "snapshot", id: "snap-1", state: "completed", imageId: "ami-0b", tags, madeAt },
    ]);
    expect(mock.calls()).toHaveLength(6);
  });
});
