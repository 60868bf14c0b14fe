import { beforeEach, describe, expect, it } from "@jest/globals";
import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeInstancesCommand,
  EC2Client,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
} from "@aws-sdk/client-ec2";
import { mockClient } from "aws-sdk-client-mock";
import { dryRunCalls } from "../../../../adapters/aws/ec2/dry-run-calls.ts";
import { createTags, deleteTags, dryRunPermissions } from "../../../../adapters/aws/ec2/tags.ts";
import { awsError, metadata } from "../aws-error.ts";

const ec2 = new EC2Client({ region: "eu-central-1" });
const mock = mockClient(ec2);

const allowed = awsError("DryRunOperation", { status: 412 });
const denied = awsError("UnauthorizedOperation", { status: 403 });

/** Every resource that any action needs. */
const subject = {
  instanceId: "i-1",
  instanceType: "m5.large",
  zoneName: "us-east-1a",
  reservationId: "cr-1",
  templateId: "lt-1",
  imageId: "ami-1",
  subnetId: "subnet-1",
  vpcId: "vpc-1",
  securityGroupId: "sg-1",
  volumeId: "vol-1",
  snapshotId: "snap-1",
  networkInterfaceId: "eni-1",
  attachmentId: "eni-attach-1",
  allocationId: "eipalloc-1",
  tags: { ManagedBy: "SpotOptimizer" },
};

beforeEach(() => {
  mock.reset();
});

describe("tags", () => {
  it("are written sorted by key", async () => {
    mock.on(CreateTagsCommand).resolves({ $metadata: metadata("r1") });
    await expect(
      createTags(ec2, { resources: ["i-1", "vol-1"], tags: { b: "2", a: "1" } }),
    ).resolves.toEqual({ requestId: "r1" });
    expect(mock.commandCalls(CreateTagsCommand)[0]?.args[0].input).toStrictEqual({
      Resources: ["i-1", "vol-1"],
      Tags: [
        { Key: "a", Value: "1" },
        { Key: "b", Value: "2" },
      ],
    });
  });

  it.each(["InvalidInstanceID.NotFound", "InvalidVolume.NotFound", "InvalidAMIID.NotFound"])(
    "%s means that EC2 does not know the resource yet",
    async (code) => {
      mock.on(CreateTagsCommand).rejects(awsError(code));
      await expect(createTags(ec2, { resources: ["x"], tags: {} })).rejects.toMatchObject({
        name: "RetryableNotVisible",
      });
    },
  );

  it.each([
    ["TagLimitExceeded", "BrokenRequest"],
    ["ConcurrentTagAccess", "RetryableContention"],
    ["UnauthorizedOperation", "BrokenPermission"],
  ])("%s is %s", async (code, name) => {
    mock.on(CreateTagsCommand).rejects(awsError(code));
    await expect(createTags(ec2, { resources: ["x"], tags: {} })).rejects.toMatchObject({ name });
  });

  it("are taken away by key, whatever their value", async () => {
    mock.on(DeleteTagsCommand).resolves({ $metadata: metadata("r1") });
    await expect(deleteTags(ec2, { resources: ["i-1"], tags: { a: "1", b: "" } })).resolves.toEqual(
      {
        requestId: "r1",
      },
    );
    expect(mock.commandCalls(DeleteTagsCommand)[0]?.args[0].input).toStrictEqual({
      Resources: ["i-1"],
      Tags: [
        { Key: "a", Value: "1" },
        { Key: "b", Value: "" },
      ],
    });
  });
});

describe("dry runs", () => {
  it("tell what is allowed, what is denied, and what can't be told", async () => {
    mock.on(DescribeInstancesCommand).rejects(allowed);
    mock.on(StopInstancesCommand).rejects(denied);
    mock.on(StartInstancesCommand).rejects(awsError("IncorrectInstanceState"));
    await expect(
      dryRunPermissions(
        ec2,
        [
          "ec2:DescribeInstances",
          "StopInstances",
          "ec2:StartInstances",
          "ec2:AssignPrivateIpAddresses",
          "elasticloadbalancing:DescribeTargetGroups",
        ],
        subject,
      ),
    ).resolves.toMatchObject([
      { action: "ec2:DescribeInstances", kind: "ALLOWED" },
      { action: "StopInstances", kind: "DENIED" },
      { action: "ec2:StartInstances", kind: "UNKNOWN" },
      { action: "ec2:AssignPrivateIpAddresses", kind: "UNKNOWN" },
      { action: "elasticloadbalancing:DescribeTargetGroups", kind: "UNKNOWN" },
    ]);
  });

  it("without a resource to try it on make no call", async () => {
    await expect(dryRunPermissions(ec2, ["ec2:StopInstances"], {})).resolves.toMatchObject([
      { kind: "UNKNOWN" },
    ]);
    expect(mock.calls()).toHaveLength(0);
  });

  it("that come back as a success prove nothing", async () => {
    mock.on(StopInstancesCommand).resolves({});
    await expect(dryRunPermissions(ec2, ["StopInstances"], subject)).resolves.toMatchObject([
      { kind: "UNKNOWN" },
    ]);
  });

  it.each([
    ["RequestLimitExceeded", 503, "RetryableThrottled"],
    ["InternalError", 500, "RetryableUnavailable"],
    ["ExpiredToken", 403, "RetryableCredentials"],
  ])("%s is not a finding and is thrown", async (code, status, name) => {
    mock.on(StopInstancesCommand).rejects(awsError(code, { status }));
    await expect(dryRunPermissions(ec2, ["StopInstances"], subject)).rejects.toMatchObject({
      name,
    });
  });

  it.each(Object.keys(dryRunCalls()))("%s carries DryRun and is sent once", async (action) => {
    mock.onAnyCommand().rejects(allowed);
    await expect(dryRunPermissions(ec2, [`ec2:${action}`], subject)).resolves.toEqual([
      { action: `ec2:${action}`, kind: "ALLOWED" },
    ]);
    const sent = mock.calls().map(({ args }) => args[0]);
    expect(sent.map((command) => command.constructor.name)).toEqual([`${action}Command`]);
    expect(sent[0]?.input).toMatchObject({ DryRun: true });
  });

  it("of a launch are Spot launches with tags, as the role demands", async () => {
    mock.on(RunInstancesCommand).rejects(allowed);
    await dryRunPermissions(ec2, ["RunInstances"], subject);
    expect(mock.commandCalls(RunInstancesCommand)[0]?.args[0].input).toMatchObject({
      InstanceMarketOptions: { MarketType: "spot" },
      TagSpecifications: expect.arrayContaining([
        { ResourceType: "instance", Tags: [{ Key: "ManagedBy", Value: "SpotOptimizer" }] },
      ]),
    });
  });
});
