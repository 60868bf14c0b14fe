import { beforeEach, describe, expect, it } from "@jest/globals";
import {
  DeleteSnapshotCommand,
  DescribeSnapshotsCommand,
  EC2Client,
  type Snapshot,
} from "@aws-sdk/client-ec2";
import { mockClient } from "aws-sdk-client-mock";
import {
  countMoreSnapshots,
  deleteSnapshot,
  findTaggedSnapshots,
  readSnapshots,
} from "../../../../adapters/aws/ec2/snapshots.ts";
import { awsError, metadata } from "../aws-error.ts";

const ec2 = new EC2Client({ region: "eu-central-1" });
const mock = mockClient(ec2);

const snapshot = (change: Partial<Snapshot> = {}): Snapshot => ({
  SnapshotId: "snap-1",
  State: "completed",
  Description: "Created by CreateImage(i-0a) for ami-0b",
  ...change,
});

beforeEach(() => {
  mock.reset();
});

describe("snapshots", () => {
  it("are found by a tag among the account's own, over all pages", async () => {
    const Filters = [{ Name: "tag:run", Values: ["1"] }];
    const asked = { OwnerIds: ["self"], Filters, MaxResults: 1000 };
    mock
      .on(DescribeSnapshotsCommand)
      .resolvesOnce({ Snapshots: [snapshot()], NextToken: "n" })
      .resolvesOnce({ Snapshots: [snapshot({ SnapshotId: "snap-2", State: "pending" })] });
    await expect(findTaggedSnapshots(ec2, { key: "run", value: "1" })).resolves.toEqual([
      { snapshotId: "snap-1", state: "completed", imageId: "ami-0b" },
      { snapshotId: "snap-2", state: "pending", imageId: "ami-0b" },
    ]);
    expect(mock.commandCalls(DescribeSnapshotsCommand).map(({ args }) => args[0].input)).toEqual([
      asked,
      { ...asked, NextToken: "n" },
    ]);
  });

  it.each([
    ["Created by CreateImage(i-0a) for ami-0b from vol-0c", "ami-0b"],
    ["Created by AWS Backup of ami-0b", undefined],
    ["copy: Created by CreateImage(i-0a) for ami-0b", undefined],
    ["", undefined],
  ])("described as %j are of the image %s", async (Description, imageId) => {
    mock.on(DescribeSnapshotsCommand).resolves({ Snapshots: [snapshot({ Description })] });
    const [found] = await readSnapshots(ec2, ["snap-1"]);
    expect(found?.imageId).toBe(imageId);
  });

  it.each([
    ["37%", 37],
    ["100%", 100],
    ["", undefined],
    ["nearly", undefined],
    [undefined, undefined],
  ])("of the progress %j are made to so many percent: %j", async (Progress, percent) => {
    const { Progress: _withheld, ...rest } = snapshot();
    const found = Progress === undefined ? rest : { ...rest, Progress };
    mock.on(DescribeSnapshotsCommand).resolves({ Snapshots: [found] });
    const [read] = await readSnapshots(ec2, ["snap-1"]);
    expect(read?.percent).toBe(percent);
  });

  it("of the account are counted a page at a time", async () => {
    const asked = { OwnerIds: ["self"], MaxResults: 1000 };
    mock.on(DescribeSnapshotsCommand).resolves({ Snapshots: [snapshot()], NextToken: "" });
    mock
      .on(DescribeSnapshotsCommand, { ...asked, NextToken: undefined })
      .resolves({ Snapshots: [snapshot(), snapshot()], NextToken: "n" });
    const first = await countMoreSnapshots(ec2, { count: 0 });
    expect(first).toEqual({ count: 2, next: "n" });
    await expect(countMoreSnapshots(ec2, first)).resolves.toEqual({ count: 3 });
    expect(mock.commandCalls(DescribeSnapshotsCommand).at(-1)?.args[0].input).toEqual({
      ...asked,
      NextToken: "n",
    });
  });

  it("that nobody names are not asked for", async () => {
    await expect(readSnapshots(ec2, [])).resolves.toEqual([]);
    expect(mock.calls()).toEqual([]);
  });

  it("are read by a filter, so that one that is gone does not hide the others", async () => {
    mock.on(DescribeSnapshotsCommand).resolves({ Snapshots: [snapshot()] });
    await readSnapshots(ec2, ["snap-1", "snap-2"]);
    expect(mock.commandCalls(DescribeSnapshotsCommand)[0]?.args[0].input).toMatchObject({
      Filters: [{ Name: "snapshot-id", Values: ["snap-1", "snap-2"] }],
    });
  });

  it("are deleted", async () => {
    mock
      .on(DeleteSnapshotCommand, { SnapshotId: "snap-1" })
      .resolves({ $metadata: metadata("r1") });
    await expect(deleteSnapshot(ec2, "snap-1")).resolves.toEqual({ requestId: "r1" });
  });

  it.each([
    ["InvalidSnapshot.NotFound", "RetryableNotVisible"],
    ["InvalidSnapshot.InUse", "RetryableNotVisible"],
    ["UnauthorizedOperation", "BrokenPermission"],
    ["RequestLimitExceeded", "RetryableThrottled"],
  ])("that answer %s are not reported as deleted", async (code, name) => {
    mock.on(DeleteSnapshotCommand).rejects(awsError(code));
    await expect(deleteSnapshot(ec2, "snap-1")).rejects.toMatchObject({ name });
  });
});
