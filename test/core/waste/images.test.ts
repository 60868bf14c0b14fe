import { describe, expect, it } from "@jest/globals";
import type { OwnImage } from "../../../core/model/waste/image.ts";
import { judgeImageUse } from "../../../core/waste/images.ts";
import type { Inventory } from "../../../core/waste/inventory.ts";
import { image, iso, judge, newerImages, snapshot, standingOf } from "./samples.ts";

const id = image().imageId;
const standing = (
  rest: Partial<OwnImage> & { readonly neverLaunched?: boolean },
  lists: Partial<Inventory> = {},
) => {
  const { neverLaunched = false, ...members } = rest;
  const { lastLaunchedAt, ...others } = image(members);
  const one =
    neverLaunched || lastLaunchedAt === undefined ? others : { ...others, lastLaunchedAt };
  return standingOf({ images: [one, ...newerImages], ...lists }, { kind: "UNUSED_IMAGE", id });
};

describe("an image that nothing launches", () => {
  it.each<[string, Parameters<typeof standing>[0], string]>([
    ["looks like waste", {}, "IDLE"],
    [
      "is used while its last launch is younger than its days",
      { lastLaunchedAt: iso(-89) },
      "USED",
    ],
    [
      "that was never launched counts from its making",
      { neverLaunched: true, createdAt: iso(-89) },
      "USED",
    ],
    ["that was never launched looks like waste after its days", { neverLaunched: true }, "IDLE"],
    ["that its owner has disabled is left alone", { state: "disabled" }, "USED"],
    ["that is protected stays", { isDeregistrationProtected: true }, "PROTECTED"],
    ["that is public stays", { isPublic: true }, "SHARED"],
    ["of the Marketplace stays", { productCodes: ["abc"] }, "MARKETPLACE"],
    ["of AWS Backup stays", { ownerAlias: "aws-backup-vault" }, "SERVICE"],
    ["of Image Builder stays", { tags: { Ec2ImageBuilderArn: "arn" } }, "SERVICE"],
  ])("%s", (_, rest, expected) => {
    expect(standing(rest)).toBe(expected);
  });

  it("stays where another image was copied from it", () => {
    const copy = image({ imageId: "ami-copy", name: "other", sourceImageId: id });
    expect(standing({}, { images: [image(), copy, ...newerImages] })).toBe("REFERENCED");
  });

  it("stays among the newest three of its name", () => {
    expect(standing({}, { images: [image(), ...newerImages.slice(1)] })).toBe("LAST_COPY");
  });

  it("AMI used by a launch configuration of no group, `LastLaunchedTime` null: not offered.", () => {
    const configurations = [
      { kind: "launch-configuration" as const, id: "old", imageId: id, snapshotIds: [] },
    ];
    expect(standing({ neverLaunched: true }, { configurations })).toBe("USED");
  });

  it("waits for fast restore of its snapshots", () => {
    const fastRestores = [{ snapshotId: "snap-1", zoneName: "us-east-1a", state: "enabled" }];
    expect(
      standing({}, { images: [image({ snapshotIds: ["snap-1"] }), ...newerImages], fastRestores }),
    ).toBe("FAST_RESTORE");
  });

  it("costs what its snapshots do, and has no price where one of them is not known", () => {
    const costOf = (snapshotIds: readonly string[]) =>
      judge({
        images: [image({ snapshotIds }), ...newerImages],
        snapshots: [snapshot()],
      }).find(({ kind, resourceId }) => kind === "UNUSED_IMAGE" && resourceId === id)?.cost
        ?.monthlyUsd;
    expect(costOf([snapshot().snapshotId])).toBe(5);
    expect(costOf([snapshot().snapshotId, "snap-unknown"])).toBeUndefined();
  });
});

describe("what EC2 tells of the use of an image", () => {
  const none = { references: [], sharedWith: [] };

  it("named by any version of a launch template stays", () => {
    const references = [{ imageId: id, kind: "ec2:LaunchTemplate", arn: "arn:lt/version/3" }];
    expect(judgeImageUse({ ...none, references })).toMatchObject({
      kind: "KEPT",
      reasons: [{ code: "REFERENCED" }],
    });
  });

  it("AMI shared with an OU; usage report pending: `unchecked`, not deletable.", () => {
    const sharedWith = ["arn:aws:organizations::1:ou/o-1/ou-1"];
    for (const usage of [undefined, { kind: "PENDING", reportId: "r" } as const]) {
      expect(judgeImageUse({ ...none, sharedWith, usage })).toMatchObject({
        kind: "KEPT",
        reasons: [{ code: "SHARED", sentence: expect.stringContaining("report") }],
      });
    }
  });

  it("is offered where it is shared, and a usage report shows nobody", () => {
    const sharedWith = ["999900001111"];
    const asOf = iso(-1);
    const usage = { kind: "UNUSED", reportId: "r", asOf } as const;
    expect(judgeImageUse({ ...none, sharedWith, usage }).kind).toBe("CLEAR");
    expect(
      judgeImageUse({
        ...none,
        sharedWith,
        usage: { kind: "USED", reportId: "r", asOf, accountIds: ["999900001111"] },
      }).kind,
    ).toBe("KEPT");
  });
});
