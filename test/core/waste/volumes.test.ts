import { describe, expect, it } from "@jest/globals";
import type { BackupSelection } from "../../../core/model/waste/backup-selection.ts";
import type { OwnVolume } from "../../../core/model/waste/volume.ts";
import { judgeAttachments } from "../../../core/waste/volumes.ts";
import { judge, standingOf, volume } from "./samples.ts";

const id = volume().volumeId;
const standing = (rest: Partial<OwnVolume>) =>
  standingOf({ volumes: [volume(rest)] }, { kind: "UNATTACHED_VOLUME", id });

const costOf = (rest: Partial<OwnVolume>) =>
  judge({ volumes: [volume(rest)] })[0]?.cost?.monthlyUsd;

describe("a volume that nothing has", () => {
  it.each<[string, Partial<OwnVolume>, string]>([
    ["looks like waste", {}, "IDLE"],
    ["is used while it is attached", { state: "in-use" }, "USED"],
    ["of a service stays", { isOperatorManaged: true, operator: "eks.amazonaws.com" }, "SERVICE"],
    ["of several instances stays", { isMultiAttach: true }, "MULTI_ATTACH"],
    ["on an Outpost stays", { isOnOutpost: true }, "OUTPOST"],
    ["of the CSI driver stays", { tags: { "ebs.csi.aws.com/cluster": "true" } }, "SERVICE"],
    ["of a claim stays", { tags: { "kubernetes.io/created-for/pvc/name": "data-0" } }, "SERVICE"],
    ["of a cluster stays", { tags: { "kubernetes.io/cluster/shop": "owned" } }, "SERVICE"],
    ["of disaster recovery stays", { tags: { "drs.amazonaws.com-source": "s-1" } }, "SERVICE"],
    [
      "of a backup that was restored stays",
      { tags: { "aws:backup:source-resource": "x" } },
      "SERVICE",
    ],
    ["that we have made or keep stays", { tags: { "spot-optimizer:evaluation": "evl-1" } }, "OURS"],
  ])("%s", (_, rest, expected) => {
    expect(standing(rest)).toBe(expected);
  });

  it("Volume of a StatefulSet scaled to zero for 60 days, CSI tags, Retain: never offered.", () => {
    expect(standing({ createdAt: "2025-01-01T00:00:00Z", tags: { CSIVolumeName: "pvc-1" } })).toBe(
      "SERVICE",
    );
  });

  it("stays where AWS Backup protects it", () => {
    const protectedArns = new Set([`arn:aws:ec2:us-east-1:444455556666:volume/${id}`]);
    expect(
      standingOf({ volumes: [volume()], protectedArns }, { kind: "UNATTACHED_VOLUME", id }),
    ).toBe("BACKUP");
  });

  const selection = {
    planName: "monthly",
    ...{ resources: [], notResources: [], anyTag: [] },
    ...{ equals: [], notEquals: [], like: [], notLike: [] },
  };
  const every = ["*"];
  const tag = (value: string, key = "aws:ResourceTag/backup") => [{ key, value }];
  const tags = { backup: "monthly" };

  it.each<[string, Partial<BackupSelection>, string]>([
    ["of all", { resources: every }, "BACKUP"],
    ["of all volumes", { resources: ["arn:aws:ec2:*:*:volume/*"] }, "BACKUP"],
    ["of all instances", { resources: ["arn:aws:ec2:*:*:instance/*"] }, "IDLE"],
    ["by its tag", { anyTag: tag("monthly", "backup") }, "BACKUP"],
    ["by another tag", { anyTag: tag("daily", "backup") }, "IDLE"],
    ["of all with its tag", { resources: every, equals: tag("monthly") }, "BACKUP"],
    ["of all with another tag", { resources: every, equals: tag("daily") }, "IDLE"],
    ["of all without its tag", { resources: every, notEquals: tag("monthly") }, "IDLE"],
    ["of all with such a tag", { resources: every, like: tag("month*") }, "BACKUP"],
    ["of all without such a tag", { resources: every, notLike: tag("month*") }, "IDLE"],
    ["of all but it", { resources: every, notResources: [`arn:aws:ec2:*:*:volume/${id}`] }, "IDLE"],
  ])("that a backup plan takes, and has not backed up yet, stays: %s", (_, change, expected) => {
    const backupSelections = [{ ...selection, ...change }];
    expect(
      standingOf(
        { volumes: [volume({ tags })], backupSelections },
        { kind: "UNATTACHED_VOLUME", id },
      ),
    ).toBe(expected);
  });

  it("stays while an evaluation, or an original in its cool-off, has it", () => {
    const claimedIds = new Set([id]);
    expect(
      standingOf({ volumes: [volume()] }, { kind: "UNATTACHED_VOLUME", id }, { claimedIds }),
    ).toBe("EVALUATION");
  });
});

describe("what a volume costs", () => {
  it.each<[string, Partial<OwnVolume>, number | undefined]>([
    ["is its size", {}, 8],
    ["is what is provided above what is free", { iops: 4000, throughputMibps: 250 }, 18],
    ["is absent where the list has no row for its type", { volumeType: "io2" }, undefined],
  ])("%s", (_, rest, usd) => {
    expect(costOf(rest)).toBe(usd);
  });

  it("is absent without a price list, and the finding is there all the same", () => {
    const [found] = judge({ volumes: [volume()] }, { prices: undefined });
    expect(found?.judgement.kind).toBe("IDLE");
    expect(found).not.toHaveProperty("cost");
  });
});

describe("what CloudWatch tells of a volume's attachments", () => {
  it("without a datapoint it was attached to nothing", () => {
    expect(judgeAttachments({ kind: "NONE" })).toEqual({ kind: "CLEAR" });
  });

  it("an answer that is not complete says nothing", () => {
    expect(judgeAttachments({ kind: "UNKNOWN", because: "throttled" }).kind).toBe("UNKNOWN");
    expect(judgeAttachments(undefined).kind).toBe("UNKNOWN");
  });
});
