import {
  DescribeImageAttributeCommand,
  DescribeInstancesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeSnapshotAttributeCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { readImageUse, readSnapshotUse } from "../../../../adapters/aws/ec2/image-use.ts";
import { awsError } from "../aws-error.ts";

const ec2 = new EC2Client({ region: "eu-central-1" });
const mock = mockClient(ec2);
const image = { imageId: "ami-1", snapshotIds: ["snap-1", "snap-2"] };

beforeEach(() => {
  mock.reset();
  mock.on(DescribeImageAttributeCommand).resolves({ LaunchPermissions: [] });
  mock.on(DescribeSnapshotAttributeCommand).resolves({});
  mock.on(DescribeInstancesCommand).resolves({ Reservations: [] });
  mock.on(DescribeLaunchTemplateVersionsCommand).resolves({});
});

describe("the use of an image", () => {
  it("is asked for by exactly these requests", async () => {
    expect(await readImageUse(ec2, image)).toEqual({
      sharedWith: [],
      instanceIds: [],
      templateIds: [],
    });
    const inputs = mock.calls().map(({ args }) => args[0].input);
    expect(inputs).toHaveLength(5);
    expect(inputs).toEqual(
      expect.arrayContaining([
        { ImageId: "ami-1", Attribute: "launchPermission" },
        { SnapshotId: "snap-1", Attribute: "createVolumePermission" },
        { SnapshotId: "snap-2", Attribute: "createVolumePermission" },
        expect.objectContaining({ Filters: [{ Name: "image-id", Values: ["ami-1"] }] }),
        expect.objectContaining({
          Versions: ["$Latest", "$Default"],
          Filters: [{ Name: "image-id", Values: ["ami-1"] }],
        }),
      ]),
    );
  });

  it("names accounts, everyone and organisations, each once", async () => {
    mock.on(DescribeImageAttributeCommand).resolves({
      LaunchPermissions: [
        { UserId: "444455556666" },
        { Group: "all" },
        { OrganizationArn: "arn:o" },
      ],
    });
    mock.on(DescribeSnapshotAttributeCommand, { SnapshotId: "snap-1" }).resolves({
      CreateVolumePermissions: [{ UserId: "444455556666" }, { UserId: "777788889999" }],
    });
    const { sharedWith } = await readImageUse(ec2, image);
    expect(sharedWith).toEqual(["444455556666", "all", "arn:o", "777788889999"]);
    expect((await readSnapshotUse(ec2, ["snap-1"])).sharedWith).toHaveLength(2);
  });

  it("names instances that have not ended, and templates once", async () => {
    mock.on(DescribeInstancesCommand).resolves({
      Reservations: [
        {
          Instances: [
            { InstanceId: "i-1", State: { Name: "stopped" } },
            { InstanceId: "i-2", State: { Name: "terminated" } },
          ],
        },
      ],
    });
    mock.on(DescribeLaunchTemplateVersionsCommand).resolves({
      LaunchTemplateVersions: [{ LaunchTemplateId: "lt-1" }, { LaunchTemplateId: "lt-1" }],
    });
    expect(await readImageUse(ec2, image)).toMatchObject({
      instanceIds: ["i-1"],
      templateIds: ["lt-1"],
    });
  });

  it("is not taken for none where EC2 does not say it", async () => {
    mock
      .on(DescribeSnapshotAttributeCommand)
      .rejects(awsError("UnauthorizedOperation", { status: 403 }));
    await expect(readImageUse(ec2, image)).rejects.toMatchObject({ name: "BrokenPermission" });
  });
});
