import { beforeEach, describe, expect, it } from "@jest/globals";
import {
  CreateImageCommand,
  CreateReplaceRootVolumeTaskCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  DescribeReplaceRootVolumeTasksCommand,
  EC2Client,
  type Image,
} from "@aws-sdk/client-ec2";
import { mockClient } from "aws-sdk-client-mock";
import {
  createImage,
  createReplaceRootVolumeTask,
  deregisterImage,
  findImage,
  findImages,
  findTaggedImages,
  readReplaceRootVolumeTask,
} from "../../../../adapters/aws/ec2/images.ts";
import { awsError, metadata } from "../aws-error.ts";

const ec2 = new EC2Client({ region: "eu-central-1" });
const mock = mockClient(ec2);
const tags = { ManagedBy: "SpotOptimizer" };
const tagSet = [{ Key: "ManagedBy", Value: "SpotOptimizer" }];

const image = (change: Partial<Image> = {}): Image => ({
  ImageId: "ami-1",
  Name: "evl-1-warm",
  State: "available",
  BlockDeviceMappings: [
    { DeviceName: "/dev/xvda", Ebs: { SnapshotId: "snap-1" } },
    { DeviceName: "/dev/sdb", VirtualName: "ephemeral0" },
  ],
  ...change,
});

const wanted = {
  instanceId: "i-1",
  name: "evl-1-warm",
  noReboot: true,
  excludeDevices: ["/dev/sdf"],
  tags,
};

beforeEach(() => {
  mock.reset();
});

describe("creating an image", () => {
  it("leaves out the named devices and tags image and snapshots at creation", async () => {
    mock.on(CreateImageCommand).resolves({ $metadata: metadata("r1"), ImageId: "ami-1" });
    await expect(createImage(ec2, wanted)).resolves.toEqual({ requestId: "r1", imageId: "ami-1" });
    expect(mock.commandCalls(CreateImageCommand)[0]?.args[0].input).toStrictEqual({
      InstanceId: "i-1",
      Name: "evl-1-warm",
      NoReboot: true,
      BlockDeviceMappings: [{ DeviceName: "/dev/sdf", NoDevice: "" }],
      TagSpecifications: [
        { ResourceType: "image", Tags: tagSet },
        { ResourceType: "snapshot", Tags: tagSet },
      ],
    });
  });

  it("a name that is taken gives the image that an earlier call made", async () => {
    mock.on(CreateImageCommand).rejects(awsError("InvalidAMIName.Duplicate"));
    mock.on(DescribeImagesCommand).resolves({ Images: [image({ State: "pending" })] });
    await expect(createImage(ec2, wanted)).resolves.toEqual({
      doneBefore: expect.stringContaining("found done"),
      requestId: "req-InvalidAMIName.Duplicate",
      imageId: "ami-1",
    });
  });

  it("a name that is taken by an image not yet visible is to be tried again", async () => {
    mock.on(CreateImageCommand).rejects(awsError("InvalidAMIName.Duplicate"));
    mock.on(DescribeImagesCommand).resolves({ Images: [] });
    await expect(createImage(ec2, wanted)).rejects.toMatchObject({ name: "RetryableNotVisible" });
  });

  it.each([
    ["InvalidInstanceID.NotFound", "BrokenNotFound"],
    ["SnapshotCreationPerVolumeRateExceeded", "RetryableThrottled"],
    ["IncorrectState", "BrokenRequest"],
  ])("%s is %s", async (code, name) => {
    mock.on(CreateImageCommand).rejects(awsError(code));
    await expect(createImage(ec2, wanted)).rejects.toMatchObject({ name });
  });
});

describe("finding an image", () => {
  it("by id", async () => {
    mock.on(DescribeImagesCommand, { ImageIds: ["ami-1"], IncludeDeprecated: true }).resolves({
      Images: [image({ State: "failed", StateReason: { Code: "Client.X", Message: "no key" } })],
    });
    await expect(findImage(ec2, { imageId: "ami-1" })).resolves.toEqual({
      imageId: "ami-1",
      name: "evl-1-warm",
      state: "failed",
      snapshotIds: ["snap-1"],
      stateReason: "no key",
    });
  });

  it("by name among our own, over all pages", async () => {
    const request = {
      Owners: ["self"],
      Filters: [{ Name: "name", Values: ["evl-1-warm"] }],
      IncludeDeprecated: true,
      MaxResults: 1000,
    };
    mock
      .on(DescribeImagesCommand)
      .resolvesOnce({ Images: [image({ ImageId: "ami-0", Name: "other" })], NextToken: "n" })
      .resolvesOnce({ Images: [image()] });
    await expect(findImage(ec2, { name: "evl-1-warm" })).resolves.toMatchObject({
      imageId: "ami-1",
      state: "available",
    });
    expect(mock.commandCalls(DescribeImagesCommand).map(({ args }) => args[0].input)).toEqual([
      request,
      { ...request, NextToken: "n" },
    ]);
  });

  it.each(["InvalidAMIID.NotFound", "InvalidAMIID.Unavailable"])(
    "%s is undefined",
    async (code) => {
      mock.on(DescribeImagesCommand).rejects(awsError(code));
      await expect(findImage(ec2, { imageId: "ami-1" })).resolves.toBeUndefined();
    },
  );

  it("an outage is not an absence", async () => {
    mock.on(DescribeImagesCommand).rejects(awsError("InternalError", { status: 500 }));
    await expect(findImage(ec2, { imageId: "ami-1" })).rejects.toMatchObject({
      name: "RetryableUnavailable",
    });
  });
});

describe("deregistering an image", () => {
  const request = { ImageId: "ami-1", DeleteAssociatedSnapshots: true };

  it("asks EC2 to delete its snapshots with it", async () => {
    mock.on(DeregisterImageCommand, request).resolves({ $metadata: metadata("r1") });
    await expect(deregisterImage(ec2, "ami-1")).resolves.toEqual({ requestId: "r1" });
    expect(mock.calls()).toHaveLength(1);
  });

  it("that is deregistered already was done before", async () => {
    mock.on(DeregisterImageCommand).rejects(awsError("InvalidAMIID.Unavailable"));
    const { doneBefore } = await deregisterImage(ec2, "ami-1");
    expect(doneBefore).toContain("InvalidAMIID.Unavailable");
  });

  it.each([
    ["InvalidAMIID.NotFound", "RetryableNotVisible"],
    ["UnauthorizedOperation", "BrokenPermission"],
    ["RequestLimitExceeded", "RetryableThrottled"],
  ])("is not done when EC2 answers %s", async (code, name) => {
    mock.on(DeregisterImageCommand).rejects(awsError(code));
    await expect(deregisterImage(ec2, "ami-1")).rejects.toMatchObject({ name });
  });
});

describe("images of the account's own by a tag", () => {
  it("are read over all pages, with their names", async () => {
    const Filters = [{ Name: "tag:run", Values: ["1"] }];
    const asked = { Owners: ["self"], Filters, IncludeDeprecated: true, MaxResults: 1000 };
    mock
      .on(DescribeImagesCommand)
      .resolvesOnce({ Images: [image()], NextToken: "n" })
      .resolvesOnce({ Images: [image({ ImageId: "ami-2", Name: "copy", State: "pending" })] });
    await expect(findTaggedImages(ec2, { key: "run", value: "1" })).resolves.toMatchObject([
      { imageId: "ami-1", name: "evl-1-warm", state: "available", snapshotIds: ["snap-1"] },
      { imageId: "ami-2", name: "copy", state: "pending" },
    ]);
    expect(mock.commandCalls(DescribeImagesCommand).map(({ args }) => args[0].input)).toEqual([
      asked,
      { ...asked, NextToken: "n" },
    ]);
  });
});

describe("the root volume task", () => {
  it("takes the root from the image, with a token, and deletes the replaced volume", async () => {
    mock.on(CreateReplaceRootVolumeTaskCommand).resolves({
      $metadata: metadata("r1"),
      ReplaceRootVolumeTask: { ReplaceRootVolumeTaskId: "replacevol-1" },
    });
    await expect(
      createReplaceRootVolumeTask(ec2, {
        instanceId: "i-1",
        from: { imageId: "ami-1" },
        clientToken: "evl-1-root",
        tags,
      }),
    ).resolves.toEqual({ requestId: "r1", taskId: "replacevol-1" });
    expect(mock.commandCalls(CreateReplaceRootVolumeTaskCommand)[0]?.args[0].input).toStrictEqual({
      InstanceId: "i-1",
      ImageId: "ami-1",
      ClientToken: "evl-1-root",
      DeleteReplacedRootVolume: true,
      TagSpecifications: [{ ResourceType: "replace-root-volume-task", Tags: tagSet }],
    });
  });

  it("takes a volume that there is, and nothing else with it", async () => {
    mock.on(CreateReplaceRootVolumeTaskCommand).resolves({
      $metadata: metadata("r1"),
      ReplaceRootVolumeTask: { ReplaceRootVolumeTaskId: "replacevol-1" },
    });
    const from = { volumeId: "vol-1" };
    const input = { instanceId: "i-1", from, clientToken: "evl-1-moved-root", tags };
    await createReplaceRootVolumeTask(ec2, input);
    expect(mock.commandCalls(CreateReplaceRootVolumeTaskCommand)[0]?.args[0].input).toStrictEqual({
      InstanceId: "i-1",
      VolumeId: "vol-1",
      ClientToken: "evl-1-moved-root",
      DeleteReplacedRootVolume: true,
      TagSpecifications: [{ ResourceType: "replace-root-volume-task", Tags: tagSet }],
    });
  });

  it("is read by its id", async () => {
    mock
      .on(DescribeReplaceRootVolumeTasksCommand, { ReplaceRootVolumeTaskIds: ["replacevol-1"] })
      .resolves({
        ReplaceRootVolumeTasks: [
          { ReplaceRootVolumeTaskId: "replacevol-1", TaskState: "in-progress" },
        ],
      });
    await expect(readReplaceRootVolumeTask(ec2, { taskId: "replacevol-1" })).resolves.toEqual({
      taskId: "replacevol-1",
      state: "in-progress",
    });
  });

  it("of an instance is the latest, over all pages", async () => {
    const Filters = [{ Name: "instance-id", Values: ["i-1"] }];
    mock.on(DescribeReplaceRootVolumeTasksCommand, { Filters, NextToken: undefined }).resolvesOnce({
      ReplaceRootVolumeTasks: [
        {
          ReplaceRootVolumeTaskId: "new",
          TaskState: "pending",
          StartTime: "2026-01-02T00:00:00Z",
        },
      ],
      NextToken: "n",
    });
    mock.on(DescribeReplaceRootVolumeTasksCommand, { Filters, NextToken: "n" }).resolvesOnce({
      ReplaceRootVolumeTasks: [
        {
          ReplaceRootVolumeTaskId: "old",
          TaskState: "failed",
          StartTime: "2026-01-01T00:00:00Z",
        },
      ],
    });
    await expect(readReplaceRootVolumeTask(ec2, { instanceId: "i-1" })).resolves.toEqual({
      taskId: "new",
      state: "pending",
    });
  });

  it.each([
    [
      "NotFound",
      () =>
        mock
          .on(DescribeReplaceRootVolumeTasksCommand)
          .rejects(awsError("InvalidReplaceRootVolumeTaskId.NotFound")),
    ],
    ["nothing", () => mock.on(DescribeReplaceRootVolumeTasksCommand).resolves({})],
  ])("that EC2 does not show (%s) is undefined", async (_what, arrange) => {
    arrange();
    await expect(readReplaceRootVolumeTask(ec2, { taskId: "x" })).resolves.toBeUndefined();
  });
});

describe("images by their names", () => {
  it("are read by one call; what only looks like a name is left out", async () => {
    mock.on(DescribeImagesCommand).resolves({
      Images: [image(), image({ ImageId: "ami-2", Name: "evl-1-final", State: "pending" })],
    });
    await expect(findImages(ec2, ["evl-1-warm", "evl-1-*"])).resolves.toEqual([
      { imageId: "ami-1", name: "evl-1-warm", state: "available", snapshotIds: ["snap-1"] },
    ]);
    expect(mock.commandCalls(DescribeImagesCommand).map(({ args }) => args[0].input)).toStrictEqual(
      [
        {
          Owners: ["self"],
          Filters: [{ Name: "name", Values: ["evl-1-warm", "evl-1-*"] }],
          IncludeDeprecated: true,
          MaxResults: 1000,
          NextToken: undefined,
        },
      ],
    );
  });

  it("are none without a call where none was named", async () => {
    await expect(findImages(ec2, [])).resolves.toEqual([]);
    expect(mock.commandCalls(DescribeImagesCommand)).toEqual([]);
  });
});
