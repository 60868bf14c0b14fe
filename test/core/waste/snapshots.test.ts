import { describe, expect, it } from "@jest/globals";
import type { OwnSnapshot } from "../../../core/model/waste/snapshot.ts";
import type { Inventory } from "../../../core/waste/inventory.ts";
import { judgeSnapshotUse } from "../../../core/waste/snapshots.ts";
import { image, iso, judge, snapshot, standingOf, volume } from "./samples.ts";

const id = snapshot().snapshotId;
const there = [volume({ state: "in-use" })];

const standing = (rest: Partial<OwnSnapshot>, lists: Partial<Inventory> = {}) =>
  standingOf(
    { volumes: there, snapshots: [snapshot(rest)], ...lists },
    { kind: "OLD_SNAPSHOT", id },
  );

const offered = (snapshots: readonly OwnSnapshot[]): readonly string[] =>
  judge({ snapshots })
    .filter(({ kind, judgement }) => kind === "OLD_SNAPSHOT" && judgement.kind === "IDLE")
    .map(({ resourceId }) => resourceId);

describe("an old snapshot", () => {
  it.each<[string, Partial<OwnSnapshot>, string]>([
    ["of a volume that is there looks like waste", {}, "IDLE"],
    ["is not waste before its days", { startedAt: iso(-89) }, "USED"],
    ["is not waste before it is completed", { state: "pending" }, "USED"],
    ["that is a copy counts as the last one", { isCopy: true }, "LAST_COPY"],
    ["in the archive stays", { tier: "archive" }, "ARCHIVED"],
    ["on an Outpost stays", { isOnOutpost: true }, "OUTPOST"],
    ["that Amazon keeps stays", { ownerAlias: "amazon" }, "SERVICE"],
    ["of AWS Backup stays", { tags: { "aws:backup:source-resource": "x" } }, "SERVICE"],
    ["of a lifecycle policy stays", { tags: { "aws:dlm:lifecycle-policy-id": "p" } }, "SERVICE"],
    ["of the CSI driver stays", { tags: { CSIVolumeSnapshotName: "s" } }, "SERVICE"],
    [
      "that is in the Recycle Bin stays",
      { tags: { "aws:recycle-bin:resource-in-bin": "true" } },
      "SERVICE",
    ],
  ])("%s", (_, rest, expected) => {
    expect(standing(rest)).toBe(expected);
  });

  it.each<[string, Partial<Inventory>, string]>([
    [
      "of a disabled image is referred to",
      { images: [image({ state: "disabled", snapshotIds: [id] })] },
      "USED",
    ],
    [
      "of a template's block device is referred to",
      { templates: [{ kind: "launch-template", id: "lt-1", snapshotIds: [id] }] },
      "USED",
    ],
    [
      "of a launch configuration is referred to",
      { configurations: [{ kind: "launch-configuration", id: "old", snapshotIds: [id] }] },
      "USED",
    ],
    [
      "of a volume that was made from it is referred to",
      { volumes: [volume({ volumeId: "vol-2", snapshotId: id }), ...there] },
      "USED",
    ],
    [
      "with a lock can't be deleted",
      { locks: [{ snapshotId: id, state: "compliance" }] },
      "LOCKED",
    ],
    ["whose lock has expired can", { locks: [{ snapshotId: id, state: "expired" }] }, "IDLE"],
    [
      "with fast restore waits for that",
      { fastRestores: [{ snapshotId: id, zoneName: "us-east-1a", state: "enabled" }] },
      "FAST_RESTORE",
    ],
    [
      "that AWS Backup protects stays",
      { protectedArns: new Set([`arn:aws:ec2:us-east-1::snapshot/${id}`]) },
      "BACKUP",
    ],
  ])("%s", (_, lists, expected) => {
    expect(standing({}, lists)).toBe(expected);
  });

  it("Only snapshot of a deleted volume, 400 days old: not offered; of three, the two older are.", () => {
    expect(offered([snapshot()])).toEqual([]);
    const three = [400, 300, 200].map((days) =>
      snapshot({ snapshotId: `snap-${String(days)}`, startedAt: iso(-days) }),
    );
    expect(offered(three)).toEqual(["snap-400", "snap-300"]);
  });

  it('Our own pre-deletion snapshot and a foreign tool\'s, both "source gone": not offered.', () => {
    const ours = snapshot({
      snapshotId: "snap-ours",
      startedAt: iso(-100),
      tags: { "spot-optimizer:deployment": "dpl-0123456789" },
    });
    expect(offered([ours, snapshot({ snapshotId: "snap-foreign", volumeId: "vol-2" })])).toEqual(
      [],
    );
  });

  it("is the last copy still, where ours is newer: ours goes once its days are over", () => {
    const ours = snapshot({
      snapshotId: "snap-ours",
      startedAt: iso(-100),
      tags: { "spot-optimizer:deployment": "dpl-0123456789" },
    });
    expect(offered([ours, snapshot()])).toEqual([]);
  });

  it("costs at most what was written to its volume, and says up to", () => {
    const [found] = judge({
      volumes: there,
      snapshots: [snapshot({ fullSizeBytes: 10 * 2 ** 30 })],
    }).filter(({ kind }) => kind === "OLD_SNAPSHOT");
    expect(found?.cost?.monthlyUsd).toBe(0.5);
    expect(found?.judgement).toMatchObject({
      waste: { why: expect.stringContaining("saves up to") },
    });
  });

  it("that is shared stays; where that could not be read, nothing is concluded", () => {
    const judge = (sharedWith: readonly string[] | undefined) =>
      judgeSnapshotUse("snap-1", { sharedWith, olderTemplates: [] });
    expect(judge(["999900001111"])).toMatchObject({ kind: "KEPT", reasons: [{ code: "SHARED" }] });
    expect(judge([]).kind).toBe("CLEAR");
    expect(judge(undefined).kind).toBe("UNKNOWN");
  });

  it("that an older version of a template names stays; where there are too many to read, nothing is concluded", () => {
    const third = {
      kind: "launch-template",
      id: "lt-1",
      version: 3,
      snapshotIds: ["snap-1"],
    } as const;
    expect(judgeSnapshotUse("snap-1", { sharedWith: [], olderTemplates: [third] })).toEqual({
      kind: "KEPT",
      reasons: [
        { code: "REFERENCED", sentence: "Version 3 of launch-template lt-1 refers to it." },
      ],
    });
    expect(judgeSnapshotUse("snap-2", { sharedWith: [], olderTemplates: [third] }).kind).toBe(
      "CLEAR",
    );
    expect(judgeSnapshotUse("snap-1", { sharedWith: [], olderTemplates: undefined }).kind).toBe(
      "UNKNOWN",
    );
  });
});
