import { beforeEach, describe, expect, it } from "@jest/globals";
import {
  CreateSnapshotCommand,
  DescribeImagesCommand,
  DescribeSnapshotsCommand,
  EC2Client,
  RegisterImageCommand,
  type Image,
} from "@aws-sdk/client-ec2";
import { mockClient } from "aws-sdk-client-mock";
import { registerImage } from "../../../../adapters/aws/ec2/register-image.ts";
import { createSnapshot, findSnapshotOf } from "../../../../adapters/aws/ec2/snapshots.ts";
import { awsError, metadata } from "../aws-error.ts";

const ec2 = new EC2Client({ region: "eu-central-1" });
const mock = mockClient(ec2);

const like: Image = {
  ImageId: "ami-first",
  State: "available",
  Architecture: "arm64",
  VirtualizationType: "hvm",
  BootMode: "uefi",
  EnaSupport: true,
  TpmSupport: "v2.0",
  ImdsSupport: "v2.0",
  RootDeviceName: "/dev/xvda",
  BlockDeviceMappings: [
    {
      DeviceName: "/dev/xvda",
      Ebs: {
        SnapshotId: "snap-old",
        VolumeType: "gp3",
        Iops: 4000,
        Throughput: 250,
        Encrypted: true,
      },
    },
  ],
};
const input = {
  name: "spot-optimizer-evl-1-final",
  snapshotId: "snap-1",
  likeImageId: "ami-first",
  tags: { run: "1" },
};
const Tags = [{ Key: "run", Value: "1" }];

beforeEach(() => {
  mock.reset();
  mock.on(DescribeImagesCommand, { ImageIds: ["ami-first"] }).resolves({ Images: [like] });
});

describe("an image of a root volume's snapshot", () => {
  it("is like the other image of the same system, with the snapshot as its root", async () => {
    mock.on(RegisterImageCommand).resolves({ ImageId: "ami-2", $metadata: metadata() });
    await expect(registerImage(ec2, input)).resolves.toMatchObject({ imageId: "ami-2" });
    expect(mock.commandCalls(RegisterImageCommand)[0]?.args[0].input).toEqual({
      Name: input.name,
      Architecture: "arm64",
      VirtualizationType: "hvm",
      BootMode: "uefi",
      EnaSupport: true,
      TpmSupport: "v2.0",
      ImdsSupport: "v2.0",
      RootDeviceName: "/dev/xvda",
      BlockDeviceMappings: [
        {
          DeviceName: "/dev/xvda",
          Ebs: {
            SnapshotId: "snap-1",
            VolumeType: "gp3",
            Iops: 4000,
            Throughput: 250,
            DeleteOnTermination: true,
          },
        },
      ],
      TagSpecifications: [{ ResourceType: "image", Tags }],
    });
  });

  it("is the one that has the name, where an earlier call has acted", async () => {
    mock.on(RegisterImageCommand).rejects(awsError("InvalidAMIName.Duplicate"));
    mock
      .on(DescribeImagesCommand, { Filters: [{ Name: "name", Values: [input.name] }] })
      .resolves({ Images: [{ ImageId: "ami-3", Name: input.name, State: "pending" }] });
    await expect(registerImage(ec2, input)).resolves.toMatchObject({
      imageId: "ami-3",
      doneBefore: expect.stringContaining("found done"),
    });
  });

  it("is not made like one that is gone", async () => {
    mock.on(DescribeImagesCommand).resolves({ Images: [] });
    await expect(registerImage(ec2, input)).rejects.toMatchObject({ name: "BrokenNotFound" });
    expect(mock.commandCalls(RegisterImageCommand)).toEqual([]);
  });
});

describe("a snapshot of a volume that nobody has", () => {
  it("is tagged from its first moment", async () => {
    mock.on(CreateSnapshotCommand).resolves({ SnapshotId: "snap-1", $metadata: metadata() });
    const made = { volumeId: "vol-1", description: "Root volume of i-1", tags: { run: "1" } };
    await expect(createSnapshot(ec2, made)).resolves.toMatchObject({ snapshotId: "snap-1" });
    expect(mock.commandCalls(CreateSnapshotCommand)[0]?.args[0].input).toEqual({
      VolumeId: "vol-1",
      Description: "Root volume of i-1",
      TagSpecifications: [{ ResourceType: "snapshot", Tags }],
    });
  });

  it("is found by its tag and its volume; one that an image has brought is another", async () => {
    mock.on(DescribeSnapshotsCommand).resolves({
      Snapshots: [
        { SnapshotId: "snap-0", State: "completed", VolumeId: "vol-2" },
        {
          SnapshotId: "snap-2",
          State: "completed",
          VolumeId: "vol-1",
          Description: "Created by CreateImage(i-0a) for ami-0b",
        },
        { SnapshotId: "snap-1", State: "pending", VolumeId: "vol-1" },
      ],
    });
    const tag = { key: "run", value: "1" };
    await expect(findSnapshotOf(ec2, "vol-1", tag)).resolves.toEqual({
      snapshotId: "snap-1",
      state: "pending",
    });
  });
});
